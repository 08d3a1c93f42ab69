"""What follows from each intent of a customer's words."""

from collections.abc import Callable, Mapping

from domain.events import MessageCame
from domain.labels import Intent
from domain.understanding import Understanding
from handlers.answers import feedback, inquiries, status
from handlers.cases import opening
from handlers.dialog import Dialog
from handlers.people import privacy
from handlers.requests import requests
from handlers.rewards import rewards
from handlers.turn import Turn

About = Callable[[Turn, Dialog, MessageCame, Understanding], None]

ABOUT: Mapping[Intent, About] = {
    Intent.INQUIRY: inquiries.asked,
    Intent.BOOKING: requests.wants_booking,
    Intent.COMPLAINT: opening.complained,
    Intent.SUGGESTION: feedback.suggested,
    Intent.PRAISE: feedback.praised,
    Intent.STATUS: status.asked,
    Intent.REWARD: rewards.asked,
    Intent.HANDOFF: requests.wants_person,
    Intent.DATA_REQUEST: privacy.asked,
    Intent.CHITCHAT: feedback.chatted,
}


def follow(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """Do what this intent asks for."""
    ABOUT[reading.intent](turn, dialog, message, reading)
