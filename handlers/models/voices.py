"""A voice note of a customer or a cleaner is written down first, when there is somebody to do it; then it is heard.

Whoever talks with a person of ours is heard by that person: nothing is written down in between.
"""

from domain.events import Attachment, MessageCame
from domain.roles import Role
from handlers.dialog import Dialog
from handlers.models import queueing
from handlers.requests import talking
from handlers.turn import Turn
from storage.files import find

MOST_BYTES = 8 * 1024 * 1024
MOST_SECONDS = 300
LISTENED_TO = frozenset({Role.CUSTOMER, Role.CLEANER})


def taken(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """True when the note was put down to be listened to, and the sender told so."""
    if not turn.world.listens or message.text or Role(dialog.person.role) not in LISTENED_TO:
        return False
    voice = next((file for file in message.attachments if _can_be_heard(turn, file)), None)
    if voice is None or talking.is_taken(turn, dialog):
        return False
    others = [int(file.file) for file in message.attachments if file is not voice and file.file.isdecimal()]
    queueing.hear(turn, dialog.person.id, int(voice.file), others)
    turn.say("voice.received", dialog)
    return True


def _can_be_heard(turn: Turn, file: Attachment) -> bool:
    """Ours or on its way, and neither too long nor too large: a person listens to the rest."""
    if file.kind != "voice" or not file.file.isdecimal() or file.size > MOST_BYTES or file.seconds > MOST_SECONDS:
        return False
    row = find(turn.tx, int(file.file))
    return row is not None and row.state in ("ready", "pending")
