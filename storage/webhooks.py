"""Webhooks out: what other systems are told, each delivery a row that can be seen and replayed."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Long, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Delivery(SQLModel, table=True):
    """`queued → sending → sent | dead`. `message_id` stays the same over all tries, for the receiver to dedupe."""

    __tablename__ = "webhook_delivery"

    id: int | None = Field(default=None, primary_key=True, sa_type=Long)
    message_id: str = Field(unique=True)
    kind: str
    body: str
    state: str = Field(default="queued", index=True)
    attempts: int = 0
    next_at: datetime = Field(sa_type=UtcDateTime)
    last_status: int = 0
    last_error: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = core(Delivery)
_DUE = Statement(
    select(_T)
    .where(_T.c.state == text("'queued'"), _T.c.next_at <= bindparam("now"))
    .order_by(_T.c.id)
    .limit(bindparam("limit", type_=_T.c.id.type))
)
_REPLAY = Statement(
    update(_T).where(_T.c.id == bindparam("row_id")).values(state="queued", attempts=0, next_at=bindparam("now"))
)
_FREE = Statement(
    update(_T)
    .where(text("state IN ('queued', 'dead')"), or_(_T.c.attempts > 0, _T.c.next_at > bindparam("now")))
    .values(state="queued", attempts=0, next_at=bindparam("now_"))
)
_SENDING = Statement(
    update(_T).where(_T.c.id == bindparam("row_id")).values(state="sending", attempts=_T.c.attempts + 1)
)
_SENT = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(state="sent", last_status=bindparam("status"), last_error="", sent_at=bindparam("now"))
)
_AGAIN = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(state="queued", next_at=bindparam("at"), last_status=bindparam("status"), last_error=bindparam("error"))
)
_LEFT_SENDING = Statement(update(_T).where(_T.c.state == text("'sending'")).values(state="queued"))
_LATEST = Statement(select(_T).order_by(_T.c.id.desc()).limit(bindparam("limit", type_=_T.c.id.type)))


def free_waiting(tx: Tx, now: datetime) -> int:
    """What failed, for now or for good, is tried again at once, from the first try."""
    return tx.run(_FREE, now=now, now_=now)


def due(tx: Tx, now: datetime, limit: int) -> list[Delivery]:
    return tx.all(_DUE, now=now, limit=limit)


def mark_sending(tx: Tx, delivery_id: int) -> None:
    """A try begins: it is counted now, so that a crash counts as one as well."""
    tx.do(_SENDING, row_id=delivery_id)


def mark_sent(tx: Tx, delivery_id: int, status: int, now: datetime) -> None:
    tx.do(_SENT, row_id=delivery_id, status=status, now=now)


def try_again(tx: Tx, delivery_id: int, at: datetime, *, status: int, error: str) -> None:
    tx.do(_AGAIN, row_id=delivery_id, at=at, status=status, error=error)


def requeue_left_sending(tx: Tx) -> int:
    """After a crash: what was being sent is sent again, under its old id."""
    return tx.run(_LEFT_SENDING)


def latest(tx: Tx, limit: int) -> list[Delivery]:
    return tx.all(_LATEST, limit=limit)


def replay(tx: Tx, delivery_id: int, now: datetime) -> bool:
    """Queue it again from the first try; False when there is no such delivery."""
    return tx.run(_REPLAY, row_id=delivery_id, now=now) == 1
