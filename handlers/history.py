"""The history of a chat, as its own window shows it: what the person said and what we said, in order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, text

from domain.channel import Button
from domain.events import Address, Attachment, ButtonTapped, MessageCame, load_event
from storage.database import Tx
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.statement import Statement, core

_IN, _OUT = core(Inbox), core(Outbox)
_MINE = (_IN.c.lane == bindparam("lane"), _IN.c.state != text("'unreadable'"))
# what is held back (quiet hours) shows only when its time has come and it is on its way
_UNDER_WAY = and_(_OUT.c.state != text("'queued'"), _OUT.c.state != text("'dead'"))
_SHOWN = or_(_OUT.c.not_before <= _OUT.c.created_at, _UNDER_WAY)
_OURS = (_OUT.c.channel == bindparam("channel"), _OUT.c.chat == bindparam("chat"), _SHOWN)
_LIMIT = bindparam("limit", type_=_IN.c.id.type)
_IN_BEFORE = Statement(
    select(_IN).where(*_MINE, _IN.c.id < bindparam("before")).order_by(_IN.c.id.desc()).limit(_LIMIT)
)
_OUT_BEFORE = Statement(
    select(_OUT).where(*_OURS, _OUT.c.event_id < bindparam("before")).order_by(_OUT.c.event_id.desc(), _OUT.c.id.desc())
    .limit(_LIMIT)
)  # fmt: skip
_IN_AFTER = Statement(select(_IN).where(*_MINE, _IN.c.id > bindparam("after")).order_by(_IN.c.id))
_OUT_AFTER = Statement(select(_OUT).where(*_OURS, _OUT.c.id > bindparam("after")).order_by(_OUT.c.id))
FAR = 2**62
ERASED = "erase.done"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chat. `key` is `in-12` or `out-34`; `client_id` what the sender's window called it.

    `clears`: all that was said before it was deleted.
    """

    key: str
    mine: bool
    text: str
    at: datetime
    sort: tuple[int, int, int]
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    client_id: str = ""
    reply_to: str = ""
    clears: bool = False


def page(tx: Tx, address: Address, *, before: int | None = None, limit: int = 60) -> list[Line]:
    """The last lines, or those before an event id; oldest first."""
    edge = FAR if before is None else before
    mine = tx.all(_IN_BEFORE, lane=str(address), before=edge, limit=limit)
    ours = tx.all(_OUT_BEFORE, channel=address.channel, chat=address.chat, before=edge, limit=limit)
    return _lines(mine, ours)[-limit:]


def since(tx: Tx, address: Address, *, after_in: int, after_out: int) -> list[Line]:
    """Everything newer than what a window has seen; oldest first."""
    mine = tx.all(_IN_AFTER, lane=str(address), after=after_in)
    ours = tx.all(_OUT_AFTER, channel=address.channel, chat=address.chat, after=after_out)
    return _lines(mine, ours)


def buttons_of(row: Outbox) -> tuple[tuple[Button, ...], ...]:
    """The buttons of a message, with the data that comes back when one is pressed."""
    number = 0
    rows = []
    for line in row.buttons:
        shown = []
        for button in line:
            if "url" in button:
                shown.append(Button(button["label"], url=button["url"]))
                continue
            shown.append(Button(button["label"], data=f"{row.token}.{number}"))
            number += 1
        rows.append(tuple(shown))
    return tuple(rows)


def _lines(mine: list[Inbox], ours: list[Outbox]) -> list[Line]:
    lines = [line for row in mine if (line := _mine(row))] + [_ours(row) for row in ours]
    return sorted(lines, key=lambda line: line.sort)


def _mine(row: Inbox) -> Line | None:
    """A voice note that was written down is shown once, as it was sent."""
    event = load_event(row.body) if row.source != "job" else None
    row_id = row.id or 0
    client_id = row.key.rpartition(":")[2]
    if isinstance(event, MessageCame):
        return Line(
            f"in-{row_id}", True, event.text, row.received_at, (row_id, 0, 0),
            attachments=event.attachments, client_id=client_id, reply_to=event.reply_to,
        )  # fmt: skip
    if isinstance(event, ButtonTapped) and event.label:
        return Line(f"in-{row_id}", True, event.label, row.received_at, (row_id, 0, 0), client_id=client_id)
    return None


def _ours(row: Outbox) -> Line:
    return Line(
        f"out-{row.id}", False, row.text, row.created_at, (row.event_id, 1, row.id or 0), buttons_of(row),
        tuple(Attachment(**attachment) for attachment in row.attachments), clears=row.about == ERASED,
    )  # fmt: skip
