"""What customers said of the service: ratings with their cleaners, and the calls that are owed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam, cast, func, select

from domain.labels import OrderStatus
from storage import ratings
from storage.database import Tx
from storage.orders import Order
from storage.people import Person
from storage.ratings import CallBack, Rating
from storage.statement import Statement, core

ASPECTS = ("attitude", "result", "punctual", "value")
_R, _P = core(Rating), core(Person)


def _average(column: ColumnElement[Any]) -> ColumnElement[float]:
    """PostgreSQL's own average of whole numbers is a decimal."""
    return cast(func.avg(column), Float)


_STARS = _average(_R.c.stars)
_BY_CLEANER = Statement(
    select(
        func.coalesce(_P.c.name, "").label("cleaner"),
        func.count().label("n"),
        _STARS.label("stars"),
        *(_average(func.nullif(_R.c[aspect], 0)).label(aspect) for aspect in ASPECTS),
    )
    .select_from(_R.outerjoin(_P, _P.c.id == _R.c.cleaner_id))
    .where(_R.c.created_at >= bindparam("since"), _R.c.stars > 0)
    # Not by the bare column: SQLite would go through its index, and all ratings there ever were.
    .group_by(func.coalesce(_R.c.cleaner_id, 0), _P.c.name)
    .order_by(_STARS.desc(), func.count().desc())
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One rating with the names around it."""

    rating: Rating
    customer: str
    cleaner: str
    order: str
    service: str


@dataclass(frozen=True, slots=True)
class CleanerAverage:
    """Averages from 1 to 5; None for an aspect nobody spoke of."""

    cleaner: str
    count: int
    stars: float
    attitude: float | None
    result: float | None
    punctual: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A call somebody owes, with the number to dial."""

    call: CallBack
    order: Order
    customer: str
    phone: str
    cleaner: str


def latest(tx: Tx, limit: int) -> list[Voice]:
    return [_voice(tx, rating) for rating in ratings.latest(tx, limit) if rating.stars]


def by_cleaner(tx: Tx, since: datetime) -> list[CleanerAverage]:
    """The best first."""
    return [CleanerAverage(*row) for row in tx.all(_BY_CLEANER, since=since)]


def owed_calls(tx: Tx, branch: int | None) -> list[Owed]:
    """The oldest first; of one branch or all."""
    pairs = [(call, tx.get(Order, call.order_id)) for call in ratings.open_calls(tx)]
    return [
        _owed(tx, call, order) for call, order in pairs
        if order.status != OrderStatus.CANCELLED and branch in (None, order.branch_id)
    ]  # fmt: skip


def _voice(tx: Tx, rating: Rating) -> Voice:
    order = tx.find(Order, rating.order_id)
    number, service = (order.number, order.service) if order is not None else ("", "")
    return Voice(rating, _name(tx, rating.customer_id), _name(tx, rating.cleaner_id), number, service)


def _owed(tx: Tx, call: CallBack, order: Order) -> Owed:
    customer = tx.find(Person, order.customer_id)
    name, phone = (customer.name, customer.phone) if customer is not None else ("", "")
    return Owed(call, order, name, phone, _name(tx, order.cleaner_id))


def _name(tx: Tx, person_id: int | None) -> str:
    person = tx.find(Person, person_id)
    return person.name if person is not None else ""
