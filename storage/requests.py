"""Requests: what a customer asked for that a person must decide: a booking, a question, a talk, a phone match."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, func, null, or_, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Request(SQLModel, table=True):
    """`kind`: booking, change, question, handoff, phone, data, suggestion. `state`: open, taken, done, declined."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    customer_id: int = Field(index=True)
    text: str = ""
    args: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = Field(default="open", index=True)
    owner_id: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Inquiry(SQLModel, table=True):
    """One counted question: which topic, and whether the catalogue could answer it."""

    __table_args__ = (Index("inquiry_asked", "at", "topic", "answered"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(index=True)
    topic: str
    answered: bool
    at: datetime = Field(sa_type=UtcDateTime)


_R, _I = core(Request), core(Inquiry)
_UNDONE = or_(_R.c.state == "open", _R.c.state == "taken")
_OPEN_OF = Statement(select(_R).where(_R.c.customer_id == bindparam("customer_id"), _UNDONE).order_by(_R.c.id.desc()))
_ALL_OPEN = Statement(select(_R).where(_UNDONE).order_by(_R.c.id))
_DECIDE = Statement(
    update(_R)
    .where(_R.c.id == bindparam("row_id"), _UNDONE)
    .values(state=bindparam("end"), owner_id=bindparam("who"), done_at=bindparam("now"))
)
_TAKE = Statement(
    update(_R)
    .where(_R.c.id == bindparam("row_id"), _R.c.state == text("'open'"))
    .values(state="taken", owner_id=bindparam("who"))
)
_REOPEN = Statement(
    update(_R)
    .where(_R.c.id == bindparam("row_id"), _R.c.owner_id.is_not(None))
    .values(state=text("'taken'"), done_at=null())
)
_RELEASE = Statement(
    update(_R).where(_R.c.id == bindparam("row_id")).values(state=text("'open'"), owner_id=null(), done_at=null())
)
_OF_CUSTOMER = Statement(select(_R).where(_R.c.customer_id == bindparam("customer_id")).order_by(_R.c.id))
_INQUIRIES = Statement(select(_I).where(_I.c.customer_id == bindparam("customer_id")).order_by(_I.c.id))
_TOPICS = Statement(
    select(_I.c.topic, func.count().label("n")).where(_I.c.at >= bindparam("since")).group_by(_I.c.topic)
)


def open_of_customer(tx: Tx, customer_id: int) -> list[Request]:
    return tx.all(_OPEN_OF, customer_id=customer_id)


def all_open(tx: Tx) -> list[Request]:
    return tx.all(_ALL_OPEN)


def end(tx: Tx, request_id: int, state: str, who: int | None, now: datetime) -> bool:
    """`done` or `declined`; False when it was ended before."""
    return tx.run(_DECIDE, row_id=request_id, end=state, who=who, now=now) == 1


def take(tx: Tx, request_id: int, who: int) -> bool:
    """Somebody attends to it; False when somebody does already, or it was ended."""
    return tx.run(_TAKE, row_id=request_id, who=who) == 1


def reopen(tx: Tx, request_id: int) -> None:
    """Whoever had it has it again."""
    tx.do(_REOPEN, row_id=request_id)


def release(tx: Tx, request_id: int) -> None:
    """Nobody has it, and it is not done."""
    tx.do(_RELEASE, row_id=request_id)


def of_owner(tx: Tx, owner_id: int) -> list[Request]:
    """Those this person has and has not ended."""
    return [one for one in all_open(tx) if one.owner_id == owner_id]


def of_customer(tx: Tx, customer_id: int) -> list[Request]:
    """All, oldest first."""
    return tx.all(_OF_CUSTOMER, customer_id=customer_id)


def inquiries_of(tx: Tx, customer_id: int) -> list[Inquiry]:
    return tx.all(_INQUIRIES, customer_id=customer_id)


def count_topics(tx: Tx, since: datetime) -> dict[str, int]:
    """How many questions there were about each topic."""
    return {row.topic: row.n for row in tx.all(_TOPICS, since=since)}
