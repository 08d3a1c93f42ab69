"""Redeeming a coupon: by staff, the command line or the API; once, whoever is first."""

from collections.abc import Mapping
from typing import Any

from domain.errors import Conflict, Forbidden, HuixiangError, Invalid, NotFound
from domain.roles import Role, require
from handlers.area import Area
from handlers.rewards import codes as coupon_codes
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from storage import coupons, orders
from storage.coupons import Coupon
from storage.orders import Order
from storage.people import Person


def redeem(turn: Turn, code: str, order_number: str, actor: Person) -> dict[str, Any]:
    """Take the coupon off an order's price: `{"amount_fen", "order", "price_fen", "to_pay_fen"}`.

    Raises `NotFound`, `Conflict` (used before), `Forbidden` (somebody else's) or `Invalid`, each with `reason`.
    """
    coupon = coupons.by_code(turn.tx, coupon_codes.read(code))
    if coupon is None:
        raise _refusal(turn, NotFound, "unknown")
    _check_unused(turn, coupon)
    order = _order(turn, coupon, order_number.strip())
    fen = _worth(turn, coupon, order)
    if not coupons.redeem(turn.tx, coupon.id or 0, order=order.number, fen=fen, who=actor.id, now=turn.now):
        _check_unused(turn, turn.tx.get(Coupon, coupon.id or 0))
        raise _refusal(turn, Conflict, "expired")
    _write_ledger(turn, coupon, fen, actor)
    turn.tell(coupon.customer_id, "rewards.redeemed", amount_fen=fen, number=order.number)
    already = coupons.redeemed_on(turn.tx, order.number)
    return {
        "amount_fen": fen, "order": order.number, "price_fen": order.price_fen, "to_pay_fen": order.price_fen - already,
    }  # fmt: skip


def _check_unused(turn: Turn, coupon: Coupon) -> None:
    if coupon.redeemed_at is not None:
        raise _refusal(turn, Conflict, "used", redeemed_at=coupon.redeemed_at, order=coupon.redeemed_order)
    if coupon.expired or coupon.expires_at <= turn.now:
        raise _refusal(turn, Invalid, "expired", expires_at=coupon.expires_at)


def _order(turn: Turn, coupon: Coupon, number: str) -> Order:
    order = orders.by_number(turn.tx, number)
    if order is None:
        raise _refusal(turn, NotFound, "no_order", order=number)
    if order.customer_id != coupon.customer_id:
        raise _refusal(turn, Forbidden, "foreign")
    if order.status == "cancelled":
        raise _refusal(turn, Invalid, "cancelled", order=number)
    turn.tx.touch(Order, order.id)
    return order


def _worth(turn: Turn, coupon: Coupon, order: Order) -> int:
    """Never more than the share of the price that coupons together may take off."""
    if order.price_fen < max(1, coupon.min_order_fen):
        raise _refusal(turn, Invalid, "too_small", least=coupon.min_order_fen, price=order.price_fen)
    cap = order.price_fen * turn.world.company.rewards.max_share // 100
    left = cap - coupons.redeemed_on(turn.tx, order.number)
    if left <= 0:
        raise _refusal(turn, Invalid, "full", share=turn.world.company.rewards.max_share)
    return min(coupon.amount_fen, left)


def _write_ledger(turn: Turn, coupon: Coupon, fen: int, actor: Person) -> None:
    coupons.write_ledger(turn.tx, coupon.id or 0, "redeem", fen, actor.id, turn.now)
    if fen < coupon.amount_fen:
        coupons.write_ledger(turn.tx, coupon.id or 0, "release", fen - coupon.amount_fen, actor.id, turn.now)


def _refusal(turn: Turn, kind: type[HuixiangError], reason: str, **args: Any) -> HuixiangError:
    return kind(turn.world.texts.render(f"rewards.error_{reason}", args, DEFAULT_LOCALE), reason=reason)


def _redeem(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    require(Role(actor.role), "redeem_coupon")
    result = redeem(turn, str(args["code"]), str(args["order"]), actor)
    if args.get("dialog"):
        turn.say("rewards.redeemed_for_staff", args["dialog"], **result)
    return result


AREA = Area(actions={"redeem_coupon": _redeem})
