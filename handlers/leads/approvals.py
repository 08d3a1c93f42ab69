"""Money above the limit: a second person decides, once; whoever should decide is asked until somebody has."""

from typing import Any

from domain.effects import Action, Say, SetTimer
from domain.errors import Forbidden, Invalid
from domain.events import TimerFired
from domain.labels import Priority
from domain.roles import LEADS, Role, require
from handlers import calendar
from handlers.area import Area
from handlers.cases.cards import customer_name
from handlers.cases.records import find, note
from handlers.cases.undecided import deciders
from handlers.escalation import escalation
from handlers.leads import paying
from handlers.leads.chat import Args, answer
from handlers.turn import Turn
from storage import cases, people
from storage.cases import Approval, Case
from storage.people import Person

ASK_AGAIN_MINUTES = 60


def ask(turn: Turn, actor: Person, case: Case, means: str, amount_fen: int) -> list[Person]:
    """Ask those who may decide; who they are. Raises `Invalid` when there is nobody but the asker."""
    able = deciders(turn, actor.id or 0)
    if not able:
        raise Invalid(turn.world.texts.render("money.nobody_decides", {"amount_fen": amount_fen}, actor.locale))
    approval = turn.tx.add(
        Approval, case_id=case.id, amount_fen=amount_fen, kind=means, asked_by=actor.id, asked_at=turn.now
    )
    note(turn, case.id or 0, "approval_asked", actor=actor.id, amount_fen=amount_fen, means=means, approval=approval)
    escalation.acted(turn, f"case:{case.id}")
    _ask(turn, turn.tx.get(Approval, approval), able)
    return able


def approve(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """同意: the money is given, and only now the customer hears of it."""
    return _decide(turn, actor, args, approved=True)


def refuse(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """不同意: nothing is given; whoever asked is told."""
    return _decide(turn, actor, args, approved=False)


def show(turn: Turn, person: Person, approval: Approval) -> None:
    """The question again, to somebody who looks for what waits."""
    _show(turn, person, approval, urgent=False)


def remind(turn: Turn, timer: TimerFired) -> None:
    """Nobody decided yet."""
    approval = turn.tx.get(Approval, int(timer.about.partition(":")[2]))
    if approval.state == "pending":
        _ask(turn, approval, deciders(turn, approval.asked_by))


def _ask(turn: Turn, approval: Approval, able: list[Person]) -> None:
    for person in able:
        _show(turn, person, approval, urgent=True)
    case = find(turn, approval.case_id)
    urgent = case.priority == Priority.URGENT
    again = calendar.due(turn, case.branch_id, ASK_AGAIN_MINUTES, urgent=urgent)
    turn.set_timer(SetTimer("approval_waits", f"approval:{approval.id}", at=again))


def _show(turn: Turn, person: Person, approval: Approval, *, urgent: bool) -> None:
    case = find(turn, approval.case_id)
    about, price_fen = {"approval": approval.id}, paying.price_of(turn, case)
    buttons = (
        Action("approve_money", "money.approve_label", about),
        Action("refuse_money", "money.refuse_label", about),
        Action("show_case", "staff.show_case_label", {"case": case.id}),
    )
    asked = {
        "number": case.number,
        "by": turn.person(approval.asked_by).name,
        "amount_fen": approval.amount_fen,
        "before_fen": case.cost_fen,
        "price_fen": price_fen,
        "customer": customer_name(turn, case, person.locale),
    }
    above = "_above_price" if approval.kind == "cash" and 0 < price_fen < approval.amount_fen else ""
    what = Say(f"money.ask_{approval.kind}{above}", asked, buttons=buttons, to=person.id, case=case.id, urgent=urgent)
    turn.perform((what,), None)


def _decide(turn: Turn, actor: Person, args: Args, *, approved: bool) -> dict[str, Any]:
    require(Role(actor.role), "approve_money")
    approval = turn.tx.get(Approval, args["approval"])
    case = find(turn, approval.case_id)
    if approval.asked_by == actor.id:
        raise Forbidden(turn.world.texts.render("money.not_your_own", {}, actor.locale))
    if approval.state == "withdrawn":
        answer(turn, args, "money.withdrawn_before", case, amount_fen=approval.amount_fen)
        return {"decided": False}
    if approval.state != "pending":
        by = turn.tx.find(Person, approval.decided_by)
        answer(turn, args, "money.decided_before", case, by=by.name if by is not None else "—")
        return {"decided": False}
    cases.decide(turn.tx, approval.id or 0, approved=approved, who=actor.id or 0, now=turn.now)
    turn.clear_timer("approval_waits", f"approval:{approval.id}")
    _carry_out(turn, actor, case, approval, "approved" if approved else "refused", args)
    return {"decided": True, "approved": approved}


def _carry_out(turn: Turn, actor: Person, case: Case, approval: Approval, decision: str, args: Args) -> None:
    amount_fen = approval.amount_fen
    note(turn, approval.case_id, decision, actor=actor.id, amount_fen=amount_fen, means=approval.kind)
    if decision == "approved":
        paying.give(turn, case, actor, approval.kind, amount_fen)
    escalation.acted(turn, f"case:{case.id}")
    answer(turn, args, f"money.you_{decision}", case, amount_fen=amount_fen)
    asker = people.still(turn.tx, approval.asked_by, LEADS)
    if asker is not None:
        turn.tell(asker.id, f"money.{decision}", number=case.number, by=actor.name, amount_fen=amount_fen)


AREA = Area(
    actions={"approve_money": approve, "refuse_money": refuse},
    timers={"approval_waits": remind},
)
