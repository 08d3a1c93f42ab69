"""Referrals 转介绍: a link of one's own, and a thank-you to both when the friend's first visit is done."""

from handlers.rewards import rewards
from handlers.turn import Turn
from storage import orders, people
from storage.orders import Order
from storage.people import Person

CODE_BYTES = 9


def link(turn: Turn, person: Person, channel: str = "web") -> str:
    """The link that this person may pass on; made when first needed."""
    code = person.referral_code
    if not code:
        code = f"r{turn.world.code(CODE_BYTES)}"
        turn.tx.change(Person, person.id or 0, referral_code=code)
    return turn.world.link(channel, code)


def came(turn: Turn, newcomer: Person, code: str) -> bool:
    """Somebody opened a referral link. True when it is one; it counts for newcomers only, and never for oneself."""
    referrer = people.by_referral(turn.tx, code)
    if referrer is None:
        return False
    new = newcomer.referred_by is None and not orders.of_customer(turn.tx, newcomer.id or 0)
    if new and newcomer.id != referrer.id and newcomer.role == "customer":
        turn.tx.change(Person, newcomer.id or 0, referred_by=referrer.id)
    return True


def visit_finished(turn: Turn, order: Order) -> None:
    """The first finished visit of somebody who was referred earns both a coupon."""
    customer = turn.person(order.customer_id)
    if customer.referred_by is None or _same_household(turn, customer, customer.referred_by):
        return
    finished = [one for one in orders.of_customer(turn.tx, customer.id or 0) if one.status == "finished"]
    if len(finished) == 1:
        rewards.grant(turn, customer.referred_by, "referral", f"person:{customer.id}")
        rewards.grant(turn, customer.id or 0, "referred", f"person:{customer.referred_by}")


def _same_household(turn: Turn, customer: Person, referrer_id: int) -> bool:
    """Referring oneself under another name earns nothing."""
    referrer = turn.person(referrer_id)
    if customer.phone and customer.phone == referrer.phone:
        return True
    mine, theirs = (
        {one.address for one in orders.of_customer(turn.tx, person_id) if one.address}
        for person_id in (customer.id or 0, referrer_id)
    )
    return bool(mine & theirs)
