"""Pictures and voice of a case reach whoever works on it where they read: each once, as soon as we have it."""

from collections.abc import Iterator

from domain.effects import Say
from domain.events import Attachment
from handlers.cases.records import find
from handlers.files.files import ready
from handlers.turn import Turn
from storage import cases, outbox

MOST = 10


def bring(turn: Turn, case_id: int, person_id: int) -> None:
    """What this person has not got yet and did not send themselves, after the card: the card never waits for it."""
    seen = outbox.files_shown(turn.tx, person_id, case_id)
    fresh = tuple(file for file in ready(turn, tuple(_files(turn, case_id, person_id))) if file.file not in seen)
    if fresh:
        told = {"number": find(turn, case_id).number}
        what = Say("staff.case_files", told, to=person_id, case=case_id, attachments=fresh[-MOST:])
        turn.perform((what,), None)


def has(turn: Turn, case_id: int, file: str) -> bool:
    """Whether the file belongs to what was said about the case."""
    return any(one.file == file for one in _files(turn, case_id, None))


def _files(turn: Turn, case_id: int, reader: int | None) -> Iterator[Attachment]:
    for entry in cases.told(turn.tx, case_id):
        if reader is None or entry.actor_id != reader:
            yield from (Attachment(**file) for file in entry.data.get("files", ()))
