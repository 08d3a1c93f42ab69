"""A message came: to whoever of us the sender's role talks with, and never into silence."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.events import MessageCame
from domain.roles import Role
from handlers import cleaners, customers, editing, running
from handlers.arriving import arrive
from handlers.dialog import Dialog
from handlers.files import files
from handlers.leads import leads
from handlers.models import voices
from handlers.turn import Turn

Ear = Callable[[Turn, Dialog, MessageCame], None]
EARS: Mapping[Role, Ear] = {
    Role.CUSTOMER: customers.said,
    Role.CLEANER: cleaners.said,
    Role.SUPERVISOR: leads.said,
    Role.MANAGER: leads.said,
    Role.OWNER: leads.said,
}
OVERRIDES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00"))


def came(turn: Turn, event: MessageCame) -> None:
    """Clean it, hear it, and answer something whatever it was; files that were refused have their answer by that."""
    dialog = arrive(turn, event.address, event.sender)
    kept = files.adopted(turn, event.address, event.attachments)
    message = replace(event, text=clean(event.text), attachments=kept)
    if event.attachments and not kept and not message.text:
        running.ask_again(turn, dialog)
        return
    if voices.taken(turn, dialog, message) or (message.edited and editing.changed(turn, dialog, message)):
        return
    hear(turn, dialog, message)


def hear(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    """To the ear of the sender's role; some answer comes of it."""
    EARS[Role(dialog.person.role)](turn, dialog, message)
    if dialog.address not in turn.heard:
        turn.say("chat.heard", dialog)


def clean(text: str) -> str:
    """What is safe to store and show: no NUL, no lone surrogates, no direction overrides."""
    return text.encode("utf-8", "replace").decode("utf-8").translate(OVERRIDES).strip()
