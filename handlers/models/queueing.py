"""Putting slow work down in the turn that it follows from. Nothing is put down when no model is configured for it."""

from typing import Any

from handlers.turn import Turn
from storage.jobs import Job

READ, HEAR = "read_again", "hear_voice"
WORTH_READING = frozenset({"opened", "said", "answer", "edited"})
"""Entries of a timeline that hold the words of whoever complains."""
SHORTEST = 8
"""Less than this was read rightly the first time or says nothing."""


def is_read_again(turn: Turn, kind: str, text: str) -> bool:
    """Whether an entry of a timeline is worth a second reading, and there is somebody to do it."""
    return turn.world.reads_again and kind in WORTH_READING and len(text) >= SHORTEST


def read_again(turn: Turn, entry_id: int, person: int | None) -> None:
    """A second reading of this entry of a timeline, once `person` has had every answer of this turn."""
    _put(turn, READ, f"entry:{entry_id}", person)


def hear(turn: Turn, person: int | None, voice: int, others: list[int]) -> None:
    """Have a voice note written down; `voice` and `others` are our ids of the files of the message of this turn."""
    _put(turn, HEAR, f"event:{turn.event_id}", person, voice=voice, others=others)


def _put(turn: Turn, kind: str, about: str, person: int | None, **args: Any) -> None:
    turn.tx.put(
        Job, kind=kind, about=about, event_id=turn.event_id, person_id=person, args=args, next_at=turn.now,
        created_at=turn.now,
    )  # fmt: skip
