"""Files that a channel holds for us: noted in the turn, fetched after it, and what became of them is an event again.

A turn never waits for a download. The chat hears of it only when a file could not be had.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.events import Address, Attachment
from handlers.area import Area
from handlers.turn import Turn
from storage.files import StoredFile, came_with, find
from storage.people import Person

FETCHED, LOST = "file_fetched", "file_lost"
MOST_BYTES = 20 * 1024 * 1024
KEPT_KINDS = frozenset({"photo", "voice", "video", "document"})
TOO_LARGE = "too_large"
SENTENCES = frozenset({TOO_LARGE, "unreadable", "gone"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was stored: `name` is the sha256 of what is kept."""

    name: str
    kind: str
    mime: str
    size: int


def adopted(turn: Turn, address: Address, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The attachments with our own file ids; those the channel still holds are marked to be fetched.

    What is too large is refused in words, and left out.
    """
    taken = [_adopt(turn, address, one) if one.remote else one for one in attachments]
    if None in taken:
        turn.say(_sentence(TOO_LARGE, among=len(taken)), turn.dialog_at(address))
    return tuple(one for one in taken if one is not None)


def ready(turn: Turn, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Those that can be passed on now: not what is still to be fetched, was given up or erased, or is no file."""
    return tuple(one for one in attachments if one.kind in KEPT_KINDS and _is_here(turn, one))


def kept(turn: Turn, ids: Iterable[str]) -> int:
    """How many of these files there are, or are still to come: not those that were given up or erased."""
    rows = [find(turn.tx, int(one)) if one.isdecimal() else None for one in ids]
    return sum(row is None or row.state in ("ready", "pending") for row in rows)


def _is_here(turn: Turn, file: Attachment) -> bool:
    row = find(turn.tx, int(file.file)) if file.file.isdecimal() else None
    return row is None or row.state == "ready"


def _adopt(turn: Turn, address: Address, file: Attachment) -> Attachment | None:
    if file.kind not in KEPT_KINDS:
        return file
    too_large = file.size > MOST_BYTES
    row_id = turn.tx.add(
        StoredFile,
        kind=file.kind,
        mime=file.mime,
        size=file.size,
        owner=str(address),
        remote=f"{address.channel}:{file.file}",
        state="failed" if too_large else "pending",
        reason=TOO_LARGE if too_large else "",
        created_at=turn.now,
    )
    return None if too_large else replace(file, file=str(row_id), remote=False)


def _fetched(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """What was erased while it was fetched stays so; its content is dropped."""
    what = {key: args[key] for key in ("name", "kind", "mime", "size")}
    row = turn.tx.get(StoredFile, args["file"])
    turn.tx.change(StoredFile, args["file"], **what, state="erased" if row.state == "erased" else "ready")
    if row.state != "erased":
        turn.act("case_file_came", actor, {"file": str(args["file"]), "from": row.owner})


def _lost(turn: Turn, _actor: Person, args: Mapping[str, Any]) -> None:
    """Given up: the row says why, and whoever sent it is asked for another way; once for all of one message."""
    row = find(turn.tx, args["file"])
    if row is None or row.state != "pending":
        return
    reason = args["reason"] if args["reason"] in SENTENCES else "gone"
    turn.tx.change(StoredFile, args["file"], state="failed", reason=reason)
    together = came_with(turn.tx, row)
    if any(one.reason == reason for one in together):
        return
    channel, _, chat = row.owner.partition(":")
    turn.say(_sentence(reason, among=1 + len(together)), turn.dialog_at(Address(channel, chat)))


def _sentence(reason: str, among: int) -> str:
    """The text that says why, for a file that came alone or for some `among` several."""
    return f"files.{reason}" if among == 1 else f"files.{reason}_some"


AREA = Area(actions={FETCHED: _fetched, LOST: _lost})
