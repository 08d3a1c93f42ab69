"""What models add to a turn: a second reading came back, or a voice note that nobody could write down."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import chat
from handlers.area import Area
from handlers.models import improving
from handlers.models.hearing import NOT_HEARD, attachment, came_with
from handlers.models.queueing import READ
from handlers.turn import Turn
from storage import files
from storage.jobs import Job
from storage.people import Person


def not_heard(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The note goes the way it goes without a model, to a person; its sender hears so. Nothing when it was erased."""
    job = turn.tx.get(Job, args["job"])
    message = came_with(turn.tx, job)
    dialog = turn.dialog_at(message.address) if message is not None else None
    if message is None or dialog is None:
        return
    turn.say("voice.not_heard", dialog)
    sent = [files.find(turn.tx, one) for one in (job.args["voice"], *job.args["others"])]
    attached = tuple(attachment(file) for file in sent if file is not None)
    chat.hear(turn, dialog, replace(message, attachments=attached))


AREA = Area(actions={READ: improving.came, NOT_HEARD: not_heard})
