"""Orders and what was reported from the visit."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, func, select, text
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Order(SQLModel, table=True):
    """One visit. `number` is the company's own; `code` opens the chat from a link or QR."""

    __tablename__ = "orders"
    __table_args__ = (Index("orders_starts", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    code: str = Field(unique=True)
    customer_id: int = Field(index=True)
    cleaner_id: int | None = Field(default=None, index=True)
    branch_id: int | None = None
    service: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    address: str = Field(default="", index=True)
    region: str = ""
    area_m2: int | None = None
    price_fen: int = 0
    status: str = "booked"
    needs: str = ""
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Checkin(SQLModel, table=True):
    """A checkpoint, delay, problem or spot check reported from a visit."""

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(index=True)
    person_id: int
    point: str
    note: str = ""
    attachments: list[Any] = Field(default_factory=list, sa_type=Json)
    at: datetime = Field(sa_type=UtcDateTime)


_O, _C = core(Order), core(Checkin)
_BY_NUMBER = Statement(select(_O).where(_O.c.number == bindparam("number")))
_BY_CODE = Statement(select(_O).where(_O.c.code == bindparam("code")))
_OF_CUSTOMER = Statement(select(_O).where(_O.c.customer_id == bindparam("customer_id")).order_by(_O.c.starts_at.desc()))
_OF_CLEANER = Statement(
    select(_O)
    .where(
        _O.c.cleaner_id == bindparam("cleaner_id"),
        _O.c.starts_at >= bindparam("since"),
        _O.c.starts_at < bindparam("until"),
        _O.c.status != "cancelled",
    )
    .order_by(_O.c.starts_at)
)
_AHEAD = Statement(
    select(_O)
    .where(
        _O.c.cleaner_id == bindparam("cleaner_id"),
        _O.c.ends_at > bindparam("now"),
        text("status IN ('booked', 'started')"),
    )
    .order_by(_O.c.starts_at)
)
_BETWEEN = Statement(
    select(_O).where(_O.c.starts_at >= bindparam("since"), _O.c.starts_at < bindparam("until")).order_by(_O.c.starts_at)
)
_CHECKINS = Statement(select(_C).where(_C.c.order_id == bindparam("order_id")).order_by(_C.c.id))
_HIGHEST = Statement(select(func.max(_O.c.id).label("id")))


def by_number(tx: Tx, number: str) -> Order | None:
    return tx.one(_BY_NUMBER, number=number)


def by_code(tx: Tx, code: str) -> Order | None:
    return tx.one(_BY_CODE, code=code)


def of_customer(tx: Tx, customer_id: int) -> list[Order]:
    """The latest visit first."""
    return tx.all(_OF_CUSTOMER, customer_id=customer_id)


def of_cleaner(tx: Tx, cleaner_id: int, since: datetime, until: datetime) -> list[Order]:
    """Their visits in a stretch of time, without the cancelled ones."""
    return tx.all(_OF_CLEANER, cleaner_id=cleaner_id, since=since, until=until)


def ahead(tx: Tx, cleaner_id: int, now: datetime) -> list[Order]:
    """Their visits that are still to come or going on."""
    return tx.all(_AHEAD, cleaner_id=cleaner_id, now=now)


def between(tx: Tx, since: datetime, until: datetime) -> list[Order]:
    return tx.all(_BETWEEN, since=since, until=until)


def checkins(tx: Tx, order_id: int) -> list[Checkin]:
    return tx.all(_CHECKINS, order_id=order_id)


def highest_id(tx: Tx) -> int:
    return int(tx.value(_HIGHEST) or 0)
