"""Arriving: who is at an address, and what a link or QR code they came with means."""

from domain.events import Address, ChatStarted, Sender
from domain.roles import Role
from handlers.dialog import Dialog
from handlers.naming import clean_name
from handlers.people.links import opened
from handlers.people.welcoming import welcome
from handlers.turn import Turn
from storage import people
from storage.conversations import Conversation
from storage.people import SYSTEM, Person, is_system


def arrive(turn: Turn, address: Address, sender: Sender) -> Dialog:
    """The dialog at this address. Somebody we never met is a new customer."""
    dialog = turn.dialog_at(address)
    if dialog is None:
        person = turn.tx.add(
            Person, name=clean_name(sender.name), locale=_locale(sender), created_at=turn.now, stage="aware"
        )
        _converse(turn, address, person)
        dialog = turn.dialog_at(address)
    if dialog is None:
        raise RuntimeError("a conversation that was just made is gone")
    turn.heard_from(dialog)
    return dialog


def started(turn: Turn, event: ChatStarted) -> None:
    """A chat was opened: by a link that means something, or plainly."""
    dialog = arrive(turn, event.address, event.sender)
    dialog.asked_for = _locale(event.sender) if event.sender.chosen else ""
    if not (event.code and opened(turn, dialog, event.code)):
        welcome(turn, dialog)


def system(turn: Turn) -> Person:
    """Who acts when the company's own systems do. Made when first needed; has no chat and is never on duty."""
    for person in people.with_role(turn.tx, Role.OWNER):
        if is_system(person):
            return person
    person_id = turn.tx.add(Person, role=Role.OWNER.value, name=SYSTEM, on_duty=False, created_at=turn.now)
    return turn.person(person_id)


def _converse(turn: Turn, address: Address, person_id: int) -> None:
    turn.tx.add(
        Conversation,
        channel=address.channel,
        chat=address.chat,
        person_id=person_id,
        last_in_at=turn.now,
        created_at=turn.now,
    )


def _locale(sender: Sender) -> str:
    return "en" if sender.locale.lower().startswith("en") else "zh-CN"
