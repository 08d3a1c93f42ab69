"""Two people turn out to be one: every row of the old one becomes the new one's."""

from sqlalchemy import bindparam, update
from sqlmodel import SQLModel

from storage.cases import Case
from storage.conversations import Conversation
from storage.coupons import Coupon
from storage.database import Tx
from storage.orders import Order
from storage.outbox import Outbox
from storage.people import Person
from storage.ratings import CallBack, Rating
from storage.requests import Inquiry, Request
from storage.statement import Statement, core

COLUMNS = (
    (Conversation, "person_id"), (Outbox, "person_id"), (Order, "customer_id"), (Case, "customer_id"),
    (Case, "reporter_id"), (Coupon, "customer_id"), (Rating, "customer_id"), (CallBack, "customer_id"),
    (Request, "customer_id"), (Inquiry, "customer_id"), (Person, "referred_by"),
)  # fmt: skip


def _moves(table: type[SQLModel], column: str) -> Statement:
    known = core(table)
    return Statement(update(known).where(known.c[column] == bindparam("old")).values({column: bindparam("new")}))


_MOVES = tuple(_moves(table, column) for table, column in COLUMNS)


def merge(tx: Tx, old: int, new: int) -> None:
    """Move everything that belongs to `old` over to `new`."""
    tx.touch(Person, old)
    tx.touch(Person, new)
    for move in _MOVES:
        tx.do(move, old=old, new=new)
