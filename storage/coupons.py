"""Coupons and the ledger of what they cost, in fen."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam, func, select, true, update
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime
from storage.database import Tx
from storage.orders import Order
from storage.statement import Statement, core


class Coupon(SQLModel, table=True):
    """One amount off, for one customer, once. `about` is what earned it (`order:7`, `case:3`)."""

    __table_args__ = (UniqueConstraint("customer_id", "reason", "about"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    customer_id: int = Field(index=True)
    reason: str
    about: str
    amount_fen: int
    min_order_fen: int = 0
    granted_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    redeemed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    redeemed_order: str = Field(default="", index=True)
    redeemed_by: int | None = None
    redeemed_fen: int = 0
    expired: bool = False


class LedgerEntry(SQLModel, table=True):
    """Money moved: `grant` reserves budget, `redeem` spends it, `expire` and `release` free it. Signed fen."""

    __tablename__ = "ledger_entry"

    id: int | None = Field(default=None, primary_key=True)
    coupon_id: int = Field(index=True)
    kind: str
    fen: int
    actor_id: int | None = None
    at: datetime = Field(sa_type=UtcDateTime, index=True)


_C, _L, _O = core(Coupon), core(LedgerEntry), core(Order)
_BY_CODE = Statement(select(_C).where(_C.c.code == bindparam("code")))
_OF = Statement(select(_C).where(_C.c.customer_id == bindparam("customer_id")).order_by(_C.c.id.desc()))
_SAME = Statement(
    select(_C).where(
        _C.c.customer_id == bindparam("customer_id"),
        _C.c.reason == bindparam("reason"),
        _C.c.about == bindparam("about"),
    )
)
_REDEEM = Statement(
    update(_C)
    .where(_C.c.id == bindparam("row_id"), _C.c.redeemed_at.is_(None), _C.c.expires_at > bindparam("now"))
    .values(
        redeemed_at=bindparam("now"),
        redeemed_order=bindparam("order"),
        redeemed_by=bindparam("who"),
        redeemed_fen=bindparam("fen"),
    )
)
_EXPIRE = Statement(
    update(_C)
    .where(_C.c.id == bindparam("row_id"), _C.c.redeemed_at.is_(None), _C.c.expired.is_(False))
    .values(expired=true())
)
_REDEEMED_ON = Statement(
    select(func.coalesce(func.sum(_C.c.redeemed_fen), 0).label("fen")).where(_C.c.redeemed_order == bindparam("order"))
)
_EARNERS_AT = Statement(
    select(_C.c.customer_id)
    .distinct()
    .where(
        _C.c.reason == "useful_feedback",
        _C.c.customer_id.in_(select(_O.c.customer_id).where(_O.c.address == bindparam("address"))),
    )
)
_SPENT = Statement(
    select(func.coalesce(func.sum(_L.c.fen), 0).label("fen")).where(
        _L.c.at >= bindparam("since"), _L.c.kind != "redeem"
    )
)


def by_code(tx: Tx, code: str) -> Coupon | None:
    return tx.one(_BY_CODE, code=code)


def of_customer(tx: Tx, customer_id: int) -> list[Coupon]:
    return tx.all(_OF, customer_id=customer_id)


def same(tx: Tx, customer_id: int, reason: str, about: str) -> Coupon | None:
    """The coupon already granted for this very thing."""
    return tx.one(_SAME, customer_id=customer_id, reason=reason, about=about)


def redeem(tx: Tx, coupon_id: int, *, order: str, fen: int, who: int | None, now: datetime) -> bool:
    """Spend it; False when it is spent or expired. One winner under any race."""
    return tx.run(_REDEEM, row_id=coupon_id, order=order, fen=fen, who=who, now=now) == 1


def expire(tx: Tx, coupon_id: int) -> bool:
    """Its time is over; False when it was used or ended before."""
    return tx.run(_EXPIRE, row_id=coupon_id) == 1


def redeemed_on(tx: Tx, order: str) -> int:
    """Fen that coupons took off an order, by its number."""
    return int(tx.value(_REDEEMED_ON, order=order))


def earners_at(tx: Tx, address: str) -> list[int]:
    """Customers with a visit at this very address who earned a coupon by feedback."""
    return [row.customer_id for row in tx.all(_EARNERS_AT, address=address)]


def write_ledger(tx: Tx, coupon_id: int, kind: str, fen: int, actor_id: int | None, at: datetime) -> None:
    tx.put(LedgerEntry, coupon_id=coupon_id, kind=kind, fen=fen, actor_id=actor_id, at=at)


def committed_since(tx: Tx, since: datetime) -> int:
    """Fen granted and not freed again since a moment: what counts against the budget."""
    return int(tx.value(_SPENT, since=since))
