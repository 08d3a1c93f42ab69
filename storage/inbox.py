"""The inbox: every event that was accepted, once, in the order of its lane."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, UniqueConstraint, bindparam, exists, func, select, text, update
from sqlmodel import Field, SQLModel

from storage import lanes
from storage.columns import Json, Long, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

SPREAD = 8
State = Literal["new", "done", "parked", "unreadable"]


class Inbox(SQLModel, table=True):
    """`source` and `key` are unique for all time. `parked` events failed for good and wait for a human look."""

    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("inbox_waiting", "ready_at", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
        Index("inbox_next", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
        Index(
            "inbox_lane", "lane", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")
        ),
        Index("inbox_history", "lane", "id"),
        Index(
            "inbox_parked", "received_at",
            sqlite_where=text("state = 'parked'"), postgresql_where=text("state = 'parked'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=Long)
    source: str
    key: str
    lane: str
    album: str = ""
    body: str
    fingerprint: str = ""
    state: str = "new"
    received_at: datetime = Field(sa_type=UtcDateTime)
    ready_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    error: str = ""
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)


_T = core(Inbox)
_FRESH = Statement(
    text(
        "INSERT INTO inbox (source, key, lane, album, body, fingerprint, state, received_at, ready_at, attempts, error)"
        " VALUES (:source, :key, :lane, :album, :body, :fingerprint, :state, :received_at, :ready_at, 0, '')"
        " ON CONFLICT (source, key) DO NOTHING RETURNING id"
    )
    .bindparams(bindparam("received_at", type_=UtcDateTime), bindparam("ready_at", type_=UtcDateTime))
    .columns(_T.c.id)
)
_KNOWN = Statement(select(_T).where(_T.c.source == bindparam("source"), _T.c.key == bindparam("key")))
_EARLIER = _T.alias("earlier")
_READY = Statement(
    select(_T)
    .where(_T.c.state == text("'new'"), _T.c.ready_at <= bindparam("now"))
    .where(
        ~exists().where(
            _EARLIER.c.lane == _T.c.lane,
            _EARLIER.c.state == text("'new'"),
            _EARLIER.c.id < _T.c.id,
            _EARLIER.c.ready_at > bindparam("now"),
        )
    )
    .order_by(_T.c.id)
    .limit(bindparam("limit", type_=_T.c.id.type))
)
_COLUMNS = ", ".join(column.name for column in _T.columns)
_MINE = Statement(
    text(
        "WITH held AS MATERIALIZED"
        " (SELECT lane, id FROM inbox WHERE state = 'new' AND ready_at > :now ORDER BY ready_at),"
        f" waiting AS MATERIALIZED (SELECT {_COLUMNS} FROM inbox WHERE state = 'new' AND ready_at <= :now"
        "  AND NOT EXISTS (SELECT 1 FROM held WHERE held.lane = inbox.lane AND held.id < inbox.id)"
        "  ORDER BY id LIMIT :most),"
        " mine AS MATERIALIZED (SELECT lane FROM (SELECT lane FROM waiting GROUP BY lane ORDER BY min(id)) AS lanes"
        f"  WHERE {lanes.IS_OURS} LIMIT :limit)"
        f" SELECT {_COLUMNS} FROM waiting WHERE lane IN (SELECT lane FROM mine) ORDER BY id LIMIT :limit"
    )
    .bindparams(bindparam("now", type_=UtcDateTime))
    .columns(*_T.columns)
)
"""As `_READY`, with a lock on each lane, asked for once: a lane that is left while we look would else be ours from its
second event on. What is held up is looked for once, by time: PostgreSQL plans when hardly anything waits, and would
later look through all that waits for each row."""
_NEXT_READY = Statement(select(func.min(_T.c.ready_at).label("at")).where(_T.c.state == text("'new'")))
_PARTS = Statement(
    select(_T)
    .where(_T.c.lane == bindparam("lane"), _T.c.album == bindparam("album"), _T.c.state == "new")
    .order_by(_T.c.id)
)
_DONE = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(state="done", handled_at=bindparam("now"), result=bindparam("result", type_=Json()))
)
_FAILED = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(
        state=bindparam("new_state"),
        attempts=_T.c.attempts + 1,
        error=bindparam("reason"),
        ready_at=bindparam("again_at"),
    )
)
_FORWARD = Statement(
    update(_T)
    .where(_T.c.state == text("'new'"), _T.c.received_at > bindparam("now"))
    .values(ready_at=bindparam("now_"))
)
_FREE = Statement(
    update(_T).where(_T.c.state == text("'parked'")).values(state=text("'new'"), attempts=0, ready_at=bindparam("now"))
)
_OF_LANE = Statement(select(_T).where(_T.c.lane == bindparam("lane")).order_by(_T.c.id))
_COUNT = Statement(select(func.count().label("n")).select_from(_T).where(_T.c.state == bindparam("state")))


def insert_once(tx: Tx, **row: Any) -> int | None:
    """The id of the new row, or None when this event is already here."""
    found = tx.value(_FRESH, **row)
    return None if found is None else int(found)


def known(tx: Tx, source: str, key: str) -> Inbox | None:
    return tx.one(_KNOWN, source=source, key=key)


def ready(tx: Tx, now: datetime, limit: int, ahead: int) -> list[Inbox]:
    """Events whose time has come, oldest first, and `ahead` of those that come next. One that waits to be tried again
    holds up its lane.

    Where several workers look, each gets `limit` lanes of its own, with all that waits in them.
    """
    if not tx.shared:
        return tx.all(_READY, now=now, limit=limit + ahead)
    return tx.all(_MINE, now=now, limit=limit, most=limit * SPREAD)


def next_ready_at(tx: Tx) -> datetime | None:
    value = tx.value(_NEXT_READY)
    return value if value is None or isinstance(value, datetime) else None


def album_parts(tx: Tx, lane: str, album: str) -> list[Inbox]:
    """The parts of one album that wait to be handled together."""
    return tx.all(_PARTS, lane=lane, album=album)


def mark_done(tx: Tx, row_id: int, now: datetime, result: dict[str, Any] | None) -> None:
    tx.do(_DONE, row_id=row_id, now=now, result=result)


def mark_failed(tx: Tx, row_id: int, reason: str, again_at: datetime, *, park: bool) -> None:
    """Count the failure; try again at `again_at`, or park for good."""
    tx.do(_FAILED, row_id=row_id, reason=reason, again_at=again_at, new_state="parked" if park else "new")


def bring_forward(tx: Tx, now: datetime) -> int:
    """What was received at a moment that is still to come need not wait for it."""
    return tx.run(_FORWARD, now=now, now_=now)


def free_parked(tx: Tx, now: datetime) -> int:
    """What failed for good is tried again from its first try; how many there were."""
    return tx.run(_FREE, now=now)


def of_lane(tx: Tx, lane: str) -> list[Inbox]:
    """Everything that ever came in one lane, in order."""
    return tx.all(_OF_LANE, lane=lane)


def count(tx: Tx, state: State) -> int:
    return int(tx.value(_COUNT, state=state))
