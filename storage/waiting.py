"""What waits, and since when: queues as the metrics, the auditor and `huixiang doctor` see them.

Every question is answered by an index over the few rows that wait, however many were ever stored.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text

from storage.columns import UtcDateTime
from storage.database import Tx
from storage.inbox import Inbox
from storage.jobs import Job
from storage.outbox import OWED_NOW, Outbox
from storage.statement import Statement, core
from storage.timers import Timer
from storage.webhooks import Delivery

NEAR = 10_000
"""What went lately was written at most so many before the first that waits; no index goes by when it went."""


@dataclass(frozen=True, slots=True)
class Queue:
    """`of` is the channel or the kind of work, where there are several; `since` its oldest, None when it is empty."""

    of: str
    count: int
    since: datetime | None


_I, _O, _T, _D, _J = core(Inbox), core(Outbox), core(Timer), core(Delivery), core(Job)
_NOW = bindparam("now", type_=UtcDateTime)
_COUNT = func.count().label("count")
_EVENTS = Statement(
    select(_COUNT, func.min(_I.c.ready_at).label("since")).where(_I.c.state == text("'new'"), _I.c.ready_at <= _NOW)
)
_PARKED = Statement(
    select(_COUNT, func.min(_I.c.received_at).label("since")).where(_I.c.state == text("'parked'"))
)  # fmt: skip
_OWED = Statement(
    select(_O.c.channel, _COUNT, func.min(_O.c.not_before).label("since"))
    .where(OWED_NOW, _O.c.not_before <= _NOW)
    .group_by(_O.c.channel)
)
_SENT = Statement(
    select(_COUNT).where(
        # Not the bare column: SQLite would go through an index of all that the channel ever sent.
        _O.c.channel + text("''") == bindparam("channel"),
        _O.c.sent_at > bindparam("after", type_=UtcDateTime),
        _O.c.id
        > select(func.min(_O.c.id) - NEAR).where(_O.c.channel == bindparam("channel"), OWED_NOW).scalar_subquery(),
    )
)
_TIMERS = Statement(
    select(_COUNT, func.min(_T.c.due_at).label("since")).where(_T.c.fired_at.is_(None), _T.c.due_at <= _NOW)
)
_WEBHOOKS = Statement(
    select(_COUNT, func.min(_D.c.created_at).label("since")).where(text("state IN ('queued', 'sending')"))
)
_JOBS = Statement(
    select(_J.c.kind, _COUNT, func.min(_J.c.next_at).label("since"))
    .where(_J.c.ended_at.is_(None), _J.c.next_at <= _NOW)
    .group_by(_J.c.kind)
)

_HELD = Statement(
    select(_O.c.channel, _COUNT, func.min(_O.c.created_at).label("since"))
    .where(OWED_NOW, _O.c.state == text("'queued'"))
    .where(_O.c.error != text("''"), _O.c.not_before > _NOW)
    .group_by(_O.c.channel)
)
_DEAD_WEBHOOKS = Statement(select(_COUNT, func.min(_D.c.created_at).label("since")).where(_D.c.state == text("'dead'")))
_FAILING = Statement(
    select(_J.c.kind, _COUNT, func.min(_J.c.created_at).label("since"))
    .where(_J.c.ended_at.is_(None), _J.c.attempts > 0)
    .group_by(_J.c.kind)
)
_UNDELIVERED = Statement(
    select(_O.c.channel, _O.c.state, _COUNT)
    .where(text("state IN ('dead', 'unknown')"))
    .group_by(_O.c.channel, _O.c.state)
    .order_by(_O.c.channel, _O.c.state)
)


def events(tx: Tx, now: datetime) -> Queue:
    """Accepted and not handled, though their time has come."""
    return _only(tx, _EVENTS, now=now)


def parked(tx: Tx) -> Queue:
    """Failed for good: they wait for a person."""
    return _only(tx, _PARKED)


def owed(tx: Tx, now: datetime) -> list[Queue]:
    """Messages of each channel that might have gone."""
    return [Queue(row.channel, int(row.count), row.since) for row in tx.all(_OWED, now=now)]


def moves(tx: Tx, channel: str, after: datetime) -> bool:
    """Whether anything went on a channel since. Asked when something waits: it reads some thousand rows."""
    (row,) = tx.all(_SENT, channel=channel, after=after)
    return int(row.count) > 0


def timers(tx: Tx, now: datetime) -> Queue:
    """Due and not fired."""
    return _only(tx, _TIMERS, now=now)


def webhooks(tx: Tx) -> Queue:
    """What another system has not been told yet, whether its time to be tried has come or not."""
    return _only(tx, _WEBHOOKS)


def jobs(tx: Tx, now: datetime) -> list[Queue]:
    """Slow work of each kind that a model might be doing."""
    return [Queue(row.kind, int(row.count), row.since) for row in tx.all(_JOBS, now=now)]


def held(tx: Tx, now: datetime) -> list[Queue]:
    """Messages of each channel that could not be sent and wait for the next try."""
    return [Queue(row.channel, int(row.count), row.since) for row in tx.all(_HELD, now=now)]


def dead_webhooks(tx: Tx) -> Queue:
    """What another system was not told, after the last try."""
    return _only(tx, _DEAD_WEBHOOKS)


def failing_jobs(tx: Tx) -> list[Queue]:
    """Slow work of each kind that failed at least once, and goes on."""
    return [Queue(row.kind, int(row.count), row.since) for row in tx.all(_FAILING)]


def undelivered(tx: Tx) -> list[tuple[str, str, int]]:
    """(channel, `dead` or `unknown`, how many) of all time. Looks at every message there ever was."""
    return [(row.channel, row.state, int(row.count)) for row in tx.all(_UNDELIVERED)]


def _only(tx: Tx, statement: Statement, **params: Any) -> Queue:
    (row,) = tx.all(statement, **params)
    return Queue("", int(row.count), row.since)
