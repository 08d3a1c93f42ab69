"""Ratings and the call-back list 电话回访. A rating stays with the cleaner who served."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select, text
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Rating(SQLModel, table=True):
    """Stars 1-5 overall and for four aspects (0 = not said). `cleaner_id` is who served, for good."""

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(unique=True)
    customer_id: int = Field(index=True)
    cleaner_id: int | None = Field(default=None, index=True)
    branch_id: int | None = None
    stars: int
    attitude: int = 0
    result: int = 0
    punctual: int = 0
    value: int = 0
    comment: str = ""
    consent: bool = False
    origin: str = "chat"
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


class CallBack(SQLModel, table=True):
    """A phone call somebody owes a customer. `questions` are prepared; `answers` map question ids to words."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index("call_back_open", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(index=True)
    customer_id: int
    reason: str
    questions: list[Any] = Field(default_factory=list, sa_type=Json)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = "open"
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: int | None = None


_R, _C = core(Rating), core(CallBack)
_OF_ORDER = Statement(select(_R).where(_R.c.order_id == bindparam("order_id")))
_OF_CUSTOMER = Statement(select(_R).where(_R.c.customer_id == bindparam("customer_id")).order_by(_R.c.id.desc()))
_LATEST = Statement(select(_R).order_by(_R.c.id.desc()).limit(bindparam("limit", type_=_R.c.id.type)))
_OPEN_CALLS = Statement(select(_C).where(_C.c.state == text("'open'")).order_by(_C.c.id))
_CALL_OF_ORDER = Statement(select(_C).where(_C.c.order_id == bindparam("order_id"), _C.c.state == "open"))


def of_order(tx: Tx, order_id: int) -> Rating | None:
    return tx.one(_OF_ORDER, order_id=order_id)


def of_customer(tx: Tx, customer_id: int) -> list[Rating]:
    return tx.all(_OF_CUSTOMER, customer_id=customer_id)


def latest(tx: Tx, limit: int) -> list[Rating]:
    return tx.all(_LATEST, limit=limit)


def open_calls(tx: Tx) -> list[CallBack]:
    return tx.all(_OPEN_CALLS)


def open_call_of_order(tx: Tx, order_id: int) -> CallBack | None:
    return tx.one(_CALL_OF_ORDER, order_id=order_id)
