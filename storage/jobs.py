"""Slow work that a model elsewhere does for us: a row until its result is an event, so that no kill loses it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, exists, func, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Json, Long, UtcDateTime
from storage.database import Tx
from storage.outbox import Outbox
from storage.statement import Statement, core


class Job(SQLModel, table=True):
    """`waiting → asking → done | given_up`. `about` is `entry:12` or `event:34`, once for each kind.

    Nobody's words are kept here: `event_id` and `args` say where they are, so that what is erased there is gone.
    `person_id` is whoever must have had their answer first.
    """

    __table_args__ = (
        UniqueConstraint("kind", "about"),
        Index(
            "job_due", "kind", "next_at",
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=Long)
    kind: str
    about: str
    event_id: int = Field(sa_type=Long)
    person_id: int | None = None
    args: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = "waiting"
    attempts: int = 0
    reason: str = ""
    next_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T, _OUT = core(Job), core(Outbox)
_UNANSWERED = exists().where(
    _OUT.c.event_id == _T.c.event_id,
    _OUT.c.person_id == _T.c.person_id,
    text("outbox.state IN ('queued', 'sending')"),
    _OUT.c.not_before <= _OUT.c.created_at,
)
_WAITING = (
    select(_T)
    .where(_T.c.kind == bindparam("kind"), _T.c.ended_at.is_(None), _T.c.next_at <= bindparam("now"))
    .where(_T.c.state == text("'waiting'"))
    .order_by(_T.c.id)
    .limit(bindparam("limit", type_=_T.c.id.type))
)
_DUE = Statement(_WAITING)
_DUE_ANSWERED = Statement(_WAITING.where(~_UNANSWERED))
_ASKING = Statement(update(_T).where(_T.c.id == bindparam("row_id")).values(state="asking", attempts=_T.c.attempts + 1))
_LATER = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(state="waiting", next_at=bindparam("at"), reason=bindparam("why"))
)
_FREE = Statement(
    update(_T)
    .where(_T.c.ended_at.is_(None), _T.c.state == text("'waiting'"), _T.c.next_at > bindparam("now"))
    .values(next_at=bindparam("now_"))
)
_LEFT_ASKING = Statement(
    update(_T).where(_T.c.kind == bindparam("of_kind"), _T.c.state == text("'asking'")).values(state="waiting")
)
_END = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.ended_at.is_(None))
    .values(state=bindparam("end"), reason=bindparam("why"), ended_at=bindparam("now"))
)
_ANY = Statement(select(func.min(_T.c.id).label("id")).where(_T.c.kind == bindparam("kind"), _T.c.ended_at.is_(None)))
_LEFT = Statement(select(_T).where(_T.c.kind == bindparam("kind"), _T.c.ended_at.is_(None)).order_by(_T.c.id))


def due(tx: Tx, kind: str, now: datetime, limit: int, *, answered: bool) -> list[Job]:
    """What may be asked now, oldest first; `answered`: only when the person has got all that we owe them for it."""
    return tx.all(_DUE_ANSWERED if answered else _DUE, kind=kind, now=now, limit=limit)


def mark_asking(tx: Tx, job_id: int) -> None:
    """A try begins: it is counted now, so that a crash counts as one as well."""
    tx.do(_ASKING, row_id=job_id)


def later(tx: Tx, job_id: int, at: datetime, why: str) -> None:
    tx.do(_LATER, row_id=job_id, at=at, why=why)


def free_waiting(tx: Tx, now: datetime) -> int:
    """What waits to be tried again is tried at once."""
    return tx.run(_FREE, now=now, now_=now)


def requeue_left_asking(tx: Tx, kind: str) -> int:
    """What was being asked at a crash is asked again."""
    return tx.run(_LEFT_ASKING, of_kind=kind)


def end(tx: Tx, job_id: int, end: str, why: str, now: datetime) -> bool:
    """`done` or `given_up`; False when it had ended before."""
    return tx.run(_END, row_id=job_id, end=end, why=why, now=now) == 1


def any_left(tx: Tx, kind: str) -> bool:
    return tx.value(_ANY, kind=kind) is not None


def unended(tx: Tx, kind: str) -> list[Job]:
    return tx.all(_LEFT, kind=kind)
