"""Money for a customer: a coupon or a refund. Above a limit a second person decides, and the customer hears only then.

What is given in one case is counted together, so that a large sum cannot be given in small ones.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.effects import Action, Say, SetTimer
from domain.errors import Forbidden, Invalid
from domain.roles import BOSSES, Role, require
from flows.compensate import Compensation
from handlers import escalation, rewards, webhooks
from handlers.area import Area
from handlers.cases.cards import customer_name
from handlers.cases.intervening import REFUND
from handlers.cases.records import find, note
from handlers.dialog import Dialog
from handlers.lead_cases import taken_by
from handlers.lead_chat import Args, answer, ask, is_closed
from handlers.turn import Turn
from storage import cases, conversations, people
from storage.cases import Approval, Case, Task
from storage.people import Person

MEANS = ("coupon", "cash")
REASON = "apology"
MOST_FEN = 10_000_000
PAY_WITHIN = timedelta(days=3)


def compensate(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """补偿: asks what is missing, gives what may be given alone, and asks a second person for the rest."""
    require(Role(actor.role), "compensate")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {}
    if case.customer_id is None:
        raise Invalid(turn.world.texts.render("money.no_customer", {"number": case.number}, actor.locale))
    if "amount_fen" not in args:
        ask(turn, args, "compensate", case)
        return {}
    means, amount_fen = checked(args)
    taken_by(turn, case, actor)
    if case.cost_fen + amount_fen > turn.world.company.money.alone_fen:
        return _ask_approval(turn, actor, case, means, amount_fen, args)
    _give(turn, case, actor, means, amount_fen)
    answer(turn, args, f"money.given_{means}", case, amount_fen=amount_fen)
    return {"given": True}


def checked(args: Mapping[str, Any]) -> tuple[str, int]:
    """(means, fen) as they were sent; raises `Invalid`."""
    means, amount_fen = args.get("means", "coupon"), args["amount_fen"]
    if means not in MEANS or not isinstance(amount_fen, int) or not 0 < amount_fen <= MOST_FEN:
        raise Invalid
    return means, amount_fen


def approve(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """同意: the money is given, and only now the customer hears of it."""
    return _decide(turn, actor, args, approved=True)


def refuse(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """不同意: nothing is given; whoever asked is told."""
    return _decide(turn, actor, args, approved=False)


def _decide(turn: Turn, actor: Person, args: Args, *, approved: bool) -> dict[str, Any]:
    require(Role(actor.role), "approve_money")
    approval = turn.tx.get(Approval, args["approval"])
    case = find(turn, approval.case_id)
    if approval.asked_by == actor.id:
        raise Forbidden(turn.world.texts.render("money.not_your_own", {}, actor.locale))
    if not cases.decide(turn.tx, approval.id or 0, approved=approved, who=actor.id or 0, now=turn.now):
        by = turn.tx.find(Person, approval.decided_by)
        answer(turn, args, "money.decided_before", case, by=by.name if by else "—")
        return {"decided": False}
    kind = "approved" if approved else "refused"
    note(turn, approval.case_id, kind, actor=actor.id, amount_fen=approval.amount_fen, means=approval.kind)
    if approved:
        _give(turn, case, actor, approval.kind, approval.amount_fen)
    escalation.acted(turn, f"case:{case.id}")
    answer(turn, args, f"money.you_{kind}", case, amount_fen=approval.amount_fen)
    turn.tell(
        approval.asked_by, f"money.{kind}", number=case.number, by=actor.name, amount_fen=approval.amount_fen
    )  # fmt: skip
    return {"decided": True, "approved": approved}


def _ask_approval(
    turn: Turn, actor: Person, case: Case, means: str, amount_fen: int, args: Args
) -> dict[str, Any]:  # fmt: skip
    deciders = _deciders(turn, actor)
    if not deciders:
        raise Invalid(turn.world.texts.render("money.nobody_decides", {"amount_fen": amount_fen}, actor.locale))
    approval = turn.tx.add(
        Approval, case_id=case.id, amount_fen=amount_fen, kind=means, asked_by=actor.id, asked_at=turn.now
    )
    note(turn, case.id or 0, "approval_asked", actor=actor.id, amount_fen=amount_fen, means=means, approval=approval)
    escalation.acted(turn, f"case:{case.id}")
    about = {"approval": approval}
    buttons = (
        Action("approve_money", "money.approve_label", about),
        Action("refuse_money", "money.refuse_label", about),
        Action("show_case", "staff.show_case_label", {"case": case.id}),
    )
    for person in deciders:
        asked = {
            "number": case.number, "by": actor.name, "amount_fen": amount_fen, "before_fen": case.cost_fen,
            "customer": customer_name(turn, case, person.locale),
        }  # fmt: skip
        what = Say(f"money.ask_{means}", asked, buttons=buttons, to=person.id, case=case.id, urgent=True)
        turn.perform((what,), None)
    answer(turn, args, "money.asked", case, amount_fen=amount_fen, people="、".join(one.name for one in deciders))
    return {"given": False, "approval": approval}


def _deciders(turn: Turn, actor: Person) -> list[Person]:
    """Who may say yes: on duty if somebody is, otherwise anybody who can be reached; never the one who asks."""
    bosses = [person for role in sorted(BOSSES) for person in people.with_role(turn.tx, role)]
    able = [person for person in bosses if person.id != actor.id and conversations.of_person(turn.tx, person.id or 0)]
    return [person for person in able if person.on_duty] or able


def _give(turn: Turn, case: Case, actor: Person, means: str, amount_fen: int) -> None:
    case_id = case.id or 0
    if means == "coupon":
        about = f"case:{case_id}:{turn.event_id}"
        if rewards.grant(turn, case.customer_id or 0, REASON, about, amount_fen, actor) is None:
            raise Invalid(turn.world.texts.render("money.no_coupon", {}, actor.locale))
    else:
        task_id = turn.tx.add(
            Task, case_id=case_id, kind=REFUND, owner_id=case.owner_id or actor.id, due_at=turn.now + PAY_WITHIN,
            created_at=turn.now,
        )  # fmt: skip
        turn.set_timer(SetTimer("task_due", f"task:{task_id}", after=PAY_WITHIN))
        told = {"number": case.number, "amount_fen": amount_fen, "by": turn.now + PAY_WITHIN}
        if turn.dialog_of(case.customer_id) is not None:
            turn.perform((Say("money.cash_told", told, to=case.customer_id, case=case_id),), None)
    turn.tx.change(Case, case_id, cost_fen=case.cost_fen + amount_fen)
    note(turn, case_id, "compensated", actor=actor.id, audience="all", amount_fen=amount_fen, means=means)
    data = {"case": case.number, "means": means, "amount_fen": amount_fen}
    webhooks.emit(turn, "case.compensated", data)
    escalation.acted(turn, f"case:{case_id}")


def _start(turn: Turn, dialog: Dialog, args: Args) -> Compensation:
    case, money = find(turn, args["case"]), turn.world.company.money
    name = customer_name(turn, case, dialog.person.locale)
    return Compensation(case.id or 0, case.number, name, money.choices_fen, max(0, money.alone_fen - case.cost_fen))


AREA = Area(
    actions={"compensate": compensate, "approve_money": approve, "refuse_money": refuse},
    starts={"compensate": _start},
)
