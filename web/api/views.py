"""Rows as other systems see them: plain values in the shapes of the API, nobody's contacts."""

from datetime import datetime

from sqlalchemy import bindparam, select

from domain.labels import OrderStatus
from handlers.rewards import codes as coupon_codes
from storage import cases, coupons, orders, ratings
from storage.cases import Case
from storage.database import Tx
from storage.orders import Order
from storage.people import Branch, Person
from storage.statement import Statement, core
from web.api.shapes import CaseOut, CouponOut, OrderOut, TaskOut

_C = core(Case)
_CASES_OF_ORDER = Statement(select(_C.c.number).where(_C.c.order_id == bindparam("order_id")).order_by(_C.c.id))


def order_out(tx: Tx, number: str) -> OrderOut | None:
    found = orders.by_number(tx, number)
    if found is None:
        return None
    rating = ratings.of_order(tx, found.id or 0)
    cleaner, branch = tx.find(Person, found.cleaner_id), tx.find(Branch, found.branch_id)
    return OrderOut(
        number=found.number,
        status=OrderStatus(found.status),
        version=found.version,
        service=found.service,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        cleaner=cleaner.name if cleaner is not None else None,
        branch=branch.code if branch is not None else None,
        region=found.region,
        price_fen=found.price_fen,
        stars=rating.stars or None if rating is not None else None,
        cases=[row.number for row in tx.all(_CASES_OF_ORDER, order_id=found.id)],
        updated_at=found.updated_at,
    )


def case_out(tx: Tx, number: str) -> CaseOut | None:
    found = cases.by_number(tx, number)
    if found is None:
        return None
    order = tx.find(Order, found.order_id)
    columns = {name: getattr(found, name) for name in CaseOut.model_fields if name not in ("order", "tasks")}
    tasks = [
        TaskOut(id=one.id or 0, kind=one.kind, state=one.state, due_at=one.due_at, done_at=one.done_at)
        for one in cases.tasks(tx, found.id or 0)
    ]
    return CaseOut(**columns, order=order.number if order is not None else None, tasks=tasks)


def coupon_out(tx: Tx, code: str, now: datetime) -> CouponOut | None:
    """The code may be typed with spaces, dashes and small letters."""
    found = coupons.by_code(tx, coupon_codes.read(code))
    if found is None:
        return None
    return CouponOut(
        amount_fen=found.amount_fen,
        min_order_fen=found.min_order_fen,
        usable=found.redeemed_at is None and not found.expired and found.expires_at > now,
        expires_at=found.expires_at,
        redeemed_at=found.redeemed_at,
        redeemed_order=found.redeemed_order or None,
    )
