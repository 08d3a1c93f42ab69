"""A message to be sent, as rows see it: claimed, given to a channel, and written down as how it went."""

from datetime import datetime
from typing import assert_never

import structlog

from domain.channel import Gone, Moved, Outcome, Outgoing, Refused, Sent, TryLater, Unsure
from domain.events import Address, Attachment
from handlers.history import buttons_of
from storage import conversations, outbox
from storage.database import Tx
from storage.outbox import Outbox

log = structlog.get_logger()


def claim(tx: Tx, *, channel: str, now: datetime, room: int) -> list[Outbox]:
    """Mark what may go out now as being sent."""
    rows = outbox.owed(tx, channel, now, room)
    for row in rows:
        outbox.mark_sending(tx, row.id or 0)
    return rows


def mark(tx: Tx, *, row: Outbox, outcome: Outcome, now: datetime) -> None:
    """The end of one try that is not repeated."""
    row_id = row.id or 0
    match outcome:
        case Sent():
            outbox.mark(tx, row_id, "sent", ref=outcome.ref, at=now)
        case Unsure():
            outbox.mark(tx, row_id, "unknown", reason=outcome.reason, at=now)
        case Gone():
            outbox.mark(tx, row_id, "dead", reason=outbox.GONE + outcome.reason)
            outbox.bury(tx, row.channel, row.chat, outcome.reason)
        case Moved():
            conversations.move(tx, Address(row.channel, row.chat), outcome.chat)
            outbox.queue_again(tx, row_id, now, "moved")
            outbox.move_chat(tx, row.channel, row.chat, outcome.chat)
        case Refused():
            log.error(
                "message_refused", event_id=row.event_id, channel=row.channel, message=row_id, reason=outcome.reason
            )
            outbox.mark(tx, row_id, "dead", reason=outcome.reason)
        case TryLater():
            outbox.queue_again(tx, row_id, now, outcome.reason)
        case _:
            assert_never(outcome)


def outgoing(row: Outbox) -> Outgoing:
    """What the channel is given."""
    return Outgoing(
        id=row.id or 0,
        chat=row.chat,
        text=row.text,
        buttons=buttons_of(row),
        attachments=tuple(Attachment(**attachment) for attachment in row.attachments),
        reply_to=row.reply_to,
    )
