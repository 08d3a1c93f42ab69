"""What people ask for: inquiries by topic, requests that wait for a person, coupons that are out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select

from storage import requests
from storage.coupons import Coupon
from storage.database import Tx
from storage.orders import Order
from storage.people import Person
from storage.requests import Inquiry, Request
from storage.statement import Statement, core

_I, _C, _P = core(Inquiry), core(Coupon), core(Person)
_TOPICS = Statement(
    select(
        _I.c.topic,
        func.count().label("asked"),
        func.sum(case((_I.c.answered, 1), else_=0)).label("answered"),
    )
    .where(_I.c.at >= bindparam("since"), _I.c.at < bindparam("until"))
    .group_by(_I.c.topic)
)
_COUPONS = Statement(
    select(_C, func.coalesce(_P.c.name, "").label("customer"))
    .select_from(_C.outerjoin(_P, _P.c.id == _C.c.customer_id))
    .order_by(_C.c.id.desc())
    .limit(bindparam("limit", type_=_C.c.id.type))
)


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How often a topic was asked for, how often the catalogue answered, and how often in the stretch before."""

    topic: str
    asked: int
    answered: int
    before: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """`visit` is the one that a change is about."""

    request: Request
    customer: str
    owner: str
    visit: Order | None


def topics(tx: Tx, before: datetime, since: datetime, until: datetime) -> list[TopicCount]:
    """Questions from `since` to `until` by topic, the most asked first, beside those from `before` to `since`."""
    earlier = {row.topic: row.asked for row in tx.all(_TOPICS, since=before, until=since)}
    rows = tx.all(_TOPICS, since=since, until=until)
    counted = [TopicCount(row.topic, row.asked, row.answered, earlier.pop(row.topic, 0)) for row in rows]
    gone = [TopicCount(topic, 0, 0, asked) for topic, asked in earlier.items()]
    return sorted([*counted, *gone], key=lambda one: -one.asked)


def waiting(tx: Tx) -> list[Waiting]:
    """Requests nobody has settled, the oldest first."""
    return [
        Waiting(one, _name(tx, one.customer_id), _name(tx, one.owner_id), tx.find(Order, one.args.get("order")))
        for one in requests.all_open(tx)
    ]


def newest_coupons(tx: Tx, limit: int) -> list[tuple[Coupon, str]]:
    """Each coupon and whose it is."""
    return [(row, row.customer) for row in tx.all(_COUPONS, limit=limit)]


def _name(tx: Tx, person_id: int | None) -> str:
    person = tx.find(Person, person_id)
    return person.name if person is not None else ""
