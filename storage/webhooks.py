"""Webhooks out: what other systems are told, each delivery a row that can be seen and replayed."""

from datetime import datetime

from sqlalchemy import bindparam, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime
from storage.database import Tx
from storage.statement import Statement


class Delivery(SQLModel, table=True):
    """`queued → sending → sent | dead`. `message_id` stays the same over all tries, for the receiver to dedupe."""

    __tablename__ = "webhook_delivery"

    id: int | None = Field(default=None, primary_key=True)
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


_T = Delivery.__table__  # type: ignore[attr-defined]
_DUE = Statement(
    select(_T)
    .where(_T.c.state == text("'queued'"), _T.c.next_at <= bindparam("now"))
    .order_by(_T.c.id)
    .limit(bindparam("limit", type_=_T.c.id.type))
)
_REPLAY = Statement(
    update(_T).where(_T.c.id == bindparam("row_id")).values(state="queued", attempts=0, next_at=bindparam("now"))
)
_LATEST = Statement(select(_T).order_by(_T.c.id.desc()).limit(bindparam("limit", type_=_T.c.id.type)))


def due(tx: Tx, now: datetime, limit: int) -> list[Delivery]:
    return tx.all(_DUE, now=now, limit=limit)


def latest(tx: Tx, limit: int) -> list[Delivery]:
    return tx.all(_LATEST, limit=limit)


def replay(tx: Tx, delivery_id: int, now: datetime) -> bool:
    """Queue it again from the first try; False when there is no such delivery."""
    return tx.run(_REPLAY, row_id=delivery_id, now=now) == 1
