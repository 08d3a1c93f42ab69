"""Timers: what falls due, about what, when. Rows are the truth; the scheduler only wakes us."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, UniqueConstraint, bindparam, func, select, text, update
from sqlmodel import Field, SQLModel

from storage import lanes
from storage.columns import Json, Long, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Timer(SQLModel, table=True):
    """One timer per `what` and `about`; setting it again moves it and raises `revision`."""

    __table_args__ = (
        UniqueConstraint("what", "about"),
        Index(
            "timer_due", "due_at", sqlite_where=text("fired_at IS NULL"), postgresql_where=text("fired_at IS NULL")
        ),
        Index("timer_about", "about"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=Long)
    what: str
    about: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    revision: int = 1
    args: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    fired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = core(Timer)
_SET = Statement(
    text(
        "INSERT INTO timer (what, about, due_at, revision, args, fired_at)"
        " VALUES (:what, :about, :due_at, 1, :args, NULL)"
        " ON CONFLICT (what, about) DO UPDATE SET due_at = excluded.due_at, args = excluded.args, fired_at = NULL,"
        " revision = timer.revision + 1"
    ).bindparams(bindparam("due_at", type_=UtcDateTime), bindparam("args", type_=Json()))
)
_CLEAR = Statement(
    update(_T)
    .where(_T.c.what == bindparam("what_"), _T.c.about == bindparam("about_"), _T.c.fired_at.is_(None))
    .values(fired_at=bindparam("now"), revision=_T.c.revision + 1)
)
_DUE = Statement(
    select(_T)
    .where(_T.c.fired_at.is_(None), _T.c.due_at <= bindparam("now"))
    .order_by(_T.c.due_at, _T.c.id)
    .limit(bindparam("limit", type_=_T.c.id.type))
)
_DUE_ALONE = Statement(cast(Any, _DUE.clause).where(text(lanes.ALONE.format("timers"))))
_FIRE = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.revision == bindparam("seen"), _T.c.fired_at.is_(None))
    .values(fired_at=bindparam("now"))
)
_NEXT = Statement(select(func.min(_T.c.due_at).label("at")).where(_T.c.fired_at.is_(None)))
_GET = Statement(select(_T).where(_T.c.what == bindparam("what"), _T.c.about == bindparam("about")))


def set_timer(tx: Tx, what: str, about: str, due_at: datetime, args: dict[str, Any] | None = None) -> None:
    """Set or move. A timer that fired before is alive again."""
    tx.do(_SET, what=what, about=about, due_at=due_at, args=args or {})


def clear_timer(tx: Tx, what: str, about: str, now: datetime) -> None:
    """It will not fire; nothing happens when there is none."""
    tx.do(_CLEAR, what_=what, about_=about, now=now)


def due(tx: Tx, now: datetime, limit: int) -> list[Timer]:
    """What is due, in the order it fell due; nothing while another process is at it."""
    return tx.all(_DUE_ALONE if tx.shared else _DUE, now=now, limit=limit)


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Claim it: False when it was moved, cleared or fired meanwhile."""
    return tx.run(_FIRE, row_id=timer.id, seen=timer.revision, now=now) == 1


def next_due_at(tx: Tx) -> datetime | None:
    value = tx.value(_NEXT)
    return value if isinstance(value, datetime) else None


def find(tx: Tx, what: str, about: str) -> Timer | None:
    return tx.one(_GET, what=what, about=about)
