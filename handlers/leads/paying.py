"""Giving money to the customer of a case: a coupon at once, or a refund as a task for whoever has the case."""

from datetime import timedelta

from domain.effects import Say, SetTimer
from domain.errors import Invalid
from handlers.cases.intervening import REFUND
from handlers.cases.records import note
from handlers.escalation import escalation
from handlers.rewards import rewards
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage.cases import Case, Task
from storage.orders import Order
from storage.people import Person

REASON = "apology"
PAY_WITHIN = timedelta(days=3)


def give(turn: Turn, case: Case, actor: Person, means: str, amount_fen: int) -> None:
    """Give it, tell the customer, and add it to what the case cost. Raises `Invalid` when no coupon can be made."""
    case_id = case.id or 0
    if means == "coupon":
        _coupon(turn, case, actor, amount_fen)
    else:
        _refund(turn, case, actor, amount_fen)
    turn.tx.change(Case, case_id, cost_fen=case.cost_fen + amount_fen)
    note(turn, case_id, "compensated", actor=actor.id, audience="all", amount_fen=amount_fen, means=means)
    webhooks.emit(turn, "case.compensated", {"case": case.number, "means": means, "amount_fen": amount_fen})
    escalation.acted(turn, f"case:{case_id}")


def price_of(turn: Turn, case: Case) -> int:
    """What the visit cost that the case is about, in fen; 0 when nobody knows."""
    order = turn.tx.find(Order, case.order_id)
    return order.price_fen if order is not None else 0


def _coupon(turn: Turn, case: Case, actor: Person, amount_fen: int) -> None:
    about = f"case:{case.id}:{turn.event_id}"
    if rewards.grant(turn, case.customer_id or 0, REASON, about, amount_fen, actor) is None:
        raise Invalid(turn.world.texts.render("money.no_coupon", {}, actor.locale))


def _refund(turn: Turn, case: Case, actor: Person, amount_fen: int) -> None:
    by = turn.now + PAY_WITHIN
    task_id = turn.tx.add(
        Task, case_id=case.id, kind=REFUND, owner_id=case.owner_id or actor.id, due_at=by, created_at=turn.now
    )
    turn.set_timer(SetTimer("task_due", f"task:{task_id}", at=by))
    if turn.dialog_of(case.customer_id) is not None:
        told = {"number": case.number, "amount_fen": amount_fen, "by": by}
        turn.perform((Say("money.cash_told", told, to=case.customer_id, case=case.id),), None)
