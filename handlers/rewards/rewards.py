"""Rewards 反馈奖励: coupons granted by the policy, once for each reason, within the month's budget; how they end."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.company import CouponRule
from domain.effects import Grant, Say, SetTimer
from domain.events import MessageCame, TimerFired
from domain.understanding import Understanding
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.quiet import may_disturb
from handlers.rewards import codes as coupon_codes
from handlers.turn import Turn
from storage import coupons, facts
from storage.coupons import Coupon
from storage.people import Person

CODE_BYTES = 16
BUDGET = "budget"
UNASKED = frozenset({"referral", "referred", "win_back"})
USUAL = CouponRule(amount_fen=0, days=90)


def grant(
    turn: Turn, person_id: int, reason: str, about: str, amount_fen: int | None = None, actor: Person | None = None
) -> Coupon | None:
    """One coupon for this person, reason and matter; they are told. None when granted before or not in the policy.

    `amount_fen` overrides the policy's. What nobody decided (`actor` None) must also fit into the month's budget.
    """
    rule = turn.world.company.rewards.coupons.get(reason, USUAL)
    fen = rule.amount_fen if amount_fen is None else amount_fen
    person = turn.person(person_id)
    turn.tx.touch(Person, person_id)
    facts.touch(turn.tx, BUDGET)
    if fen <= 0 or person.erased_at is not None or coupons.same(turn.tx, person_id, reason, about):
        return None
    if actor is None and spent_this_month(turn) + fen > turn.world.company.rewards.budget_fen:
        return None
    coupon = _write(turn, person_id, reason, about, fen, rule)
    coupons.write_ledger(turn.tx, coupon.id or 0, "grant", fen, actor.id if actor is not None else None, turn.now)
    _plan(turn, coupon)
    proactive = reason in UNASKED
    turn.tell(person_id, "rewards.granted", proactive=proactive, **shown(turn, coupon, person.locale))
    return coupon


def asked(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """我的券: what there is, how it is used, until when."""
    usable = [one for one in coupons.of_customer(turn.tx, dialog.person.id or 0) if is_usable(one, turn.now)]
    if not usable:
        turn.say("rewards.none", dialog)
        return
    texts, locale = turn.world.texts, dialog.person.locale
    lines = [texts.render("rewards.line", shown(turn, one, locale), locale) for one in reversed(usable)]
    share = turn.world.company.rewards.max_share
    turn.say("rewards.list", dialog, count=len(lines), lines="\n".join(lines), share=share)


def is_usable(coupon: Coupon, now: datetime) -> bool:
    return coupon.redeemed_at is None and not coupon.expired and coupon.expires_at > now


def spent_this_month(turn: Turn) -> int:
    """Fen that count against the budget of the calendar month in the company's zone."""
    local = turn.now.astimezone(ZoneInfo(turn.world.company.hours.timezone))
    return coupons.committed_since(turn.tx, local.replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def shown(turn: Turn, coupon: Coupon, locale: str) -> dict[str, Any]:
    """What fills the texts about a coupon."""
    rule = turn.world.company.rewards.coupons.get(coupon.reason, USUAL)
    least = {"least": coupon.min_order_fen}
    key = "rewards.at_least" if coupon.min_order_fen else "rewards.any_order"
    return {
        "name": (rule.name_en if locale == "en" else "") or rule.name,
        "code": coupon_codes.shown(coupon.code),
        "amount_fen": coupon.amount_fen,
        "expires_at": coupon.expires_at,
        "condition": turn.world.texts.render(key, least, locale),
    }


def _write(turn: Turn, person_id: int, reason: str, about: str, fen: int, rule: CouponRule) -> Coupon:
    coupon_id = turn.tx.add(
        Coupon,
        code=coupon_codes.new(turn.world.code(CODE_BYTES)),
        customer_id=person_id,
        reason=reason,
        about=about,
        amount_fen=fen,
        min_order_fen=rule.min_order_fen,
        granted_at=turn.now,
        expires_at=turn.now + timedelta(days=rule.days),
    )
    return turn.tx.get(Coupon, coupon_id)


def _plan(turn: Turn, coupon: Coupon) -> None:
    """A reminder before, and the end."""
    about, ends = f"coupon:{coupon.id}", coupon.expires_at
    remind_at = ends - timedelta(days=turn.world.company.rewards.remind_days)
    if remind_at > turn.now:
        turn.set_timer(SetTimer("coupon_expiry", about, at=remind_at))
    turn.set_timer(SetTimer("coupon_expired", about, at=ends))


def _granted(turn: Turn, dialog: Dialog | None, effect: Grant) -> None:
    if dialog is not None:
        grant(turn, dialog.person.id or 0, effect.reason, effect.about)


def _remind(turn: Turn, timer: TimerFired) -> None:
    """Only while there is something to lose, and not beyond what the person wants to hear."""
    coupon = turn.tx.get(Coupon, int(timer.about.partition(":")[2]))
    person = turn.person(coupon.customer_id)
    if is_usable(coupon, turn.now) and may_disturb(turn, person):
        said = Say("rewards.expiring", shown(turn, coupon, person.locale), to=person.id, proactive=True)
        turn.perform((said,), None)


def _expire(turn: Turn, timer: TimerFired) -> None:
    """What was not used frees its budget."""
    coupon = turn.tx.get(Coupon, int(timer.about.partition(":")[2]))
    if coupons.expire(turn.tx, coupon.id or 0):
        coupons.write_ledger(turn.tx, coupon.id or 0, "expire", -coupon.amount_fen, None, turn.now)


AREA = Area(effects={Grant: _granted}, timers={"coupon_expiry": _remind, "coupon_expired": _expire})
