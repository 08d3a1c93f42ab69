"""What those who lead decide about a case: who has it, what it really is, and that it is done."""

from typing import Any

from domain.effects import Action, Say
from domain.errors import Invalid
from domain.labels import CaseType, Grade, Priority
from domain.roles import LEADS, Role, require
from flows.close_case import Closing
from flows.reassign import Reassignment
from handlers.area import Area
from handlers.cases import ending
from handlers.cases.clocks import deadlines
from handlers.cases.intervening import frozen, has_begun
from handlers.cases.records import find, note
from handlers.dialog import Dialog
from handlers.escalation import escalation, pings
from handlers.leads.chat import Args, answer, ask, is_closed, labels
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases, people
from storage.cases import Case
from storage.people import Person


def reassign(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """改派: the case, its tasks and its clock go to another person on duty."""
    require(Role(actor.role), "reassign")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {}
    if "to" not in args:
        if not ask(turn, args, "reassign", case):
            answer(turn, args, "reassign.nobody", case)
        return {}
    person = turn.person(int(args["to"]))
    if Role(person.role) not in LEADS or not person.on_duty:
        raise Invalid(turn.world.texts.render("reassign.off_duty", {"person": person.name}, actor.locale))
    _move(turn, case, actor, person)
    answer(turn, args, "reassign.done", case, person=person.name)
    return {"case": case.number, "owner": person.id}


def close(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """结案, with a grade for the library; C goes to the owners."""
    require(Role(actor.role), "close_case")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {"closed": False}
    if not args.get("grade"):
        ask(turn, args, "close_case", case)
        return {}
    grade, remark = Grade(args["grade"]), str(args.get("note") or "").strip()
    if grade is not Grade.A and not remark:
        raise Invalid(turn.world.texts.render("close_case.needs_note", {}, actor.locale))
    turn.tx.change(Case, case.id or 0, owner_id=case.owner_id or actor.id)
    ending.close(turn, find(turn, case.id or 0), actor, grade, remark)
    answer(turn, args, "close_case.done", case, grade=grade.value, days=turn.world.company.visits.reopen_days)
    if grade is Grade.C:
        tell_owners(turn, actor, {"case": case.id})
    return {"closed": True, "case": case.number}


def correct(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """Put the type or the priority right, with one tap."""
    require(Role(actor.role), "correct_case")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {}
    if not (args.get("type") or args.get("priority")):
        _offer_labels(turn, args, case)
        return {}
    kind = CaseType(args.get("type") or case.type)
    priority = Priority(args.get("priority") or case.priority)
    turn.tx.change(Case, case.id or 0, **_corrections(turn, case, kind, priority))
    note(turn, case.id or 0, "corrected", actor=actor.id, type=kind.value, priority=priority.value, was=case.type)
    webhooks.emit(turn, "case.changed", {"case": case.number, "type": kind.value, "priority": priority.value})
    urgent = priority is Priority.URGENT
    escalation.start(turn, f"case:{case.id}", case.branch_id, urgent=urgent, priority=priority)
    escalation.acted(turn, f"case:{case.id}")
    label = labels(turn, kind, priority, actor.locale)
    answer(turn, args, "staff.corrected", case, type=label["type"], priority=label["priority"])
    return {"case": case.number, "type": kind.value, "priority": priority.value}


def tell_owners(turn: Turn, actor: Person, args: Args) -> None:
    """A case graded C asks those who own the company for a change: price, product, standard, dispatch."""
    require(Role(actor.role), "close_case")
    case = find(turn, args["case"])
    for owner in people.with_role(turn.tx, Role.OWNER):
        label = labels(turn, CaseType(case.type), Priority(case.priority), owner.locale)
        told = {"number": case.number, "note": case.grade_note or "—", "by": actor.name, **label}
        button = Action("show_case", "staff.show_case_label", {"case": case.id})
        turn.perform((Say("close_case.to_owner", told, to=owner.id, case=case.id, buttons=(button,)),), None)


def _move(turn: Turn, case: Case, actor: Person, person: Person) -> None:
    case_id, before = case.id or 0, case.owner_id
    turn.tx.change(Case, case_id, status="taken", owner_id=person.id)
    cases.own_tasks(turn.tx, case_id, person.id or 0)
    note(turn, case_id, "reassigned", actor=actor.id, to=person.id)
    webhooks.emit(turn, "case.reassigned", {"case": case.number, "to": person.id})
    escalation.hand(turn, f"case:{case_id}", actor, person)
    if before is not None and before not in (actor.id, person.id):
        pings.tell(turn, before, f"case:{case_id}", "reassign.away", person=person.name, by=actor.name)


def _corrections(turn: Turn, case: Case, kind: CaseType, priority: Priority) -> dict[str, Any]:
    """The columns that change. Work that was begun goes on; work still to come follows the new label."""
    changes: dict[str, Any] = {"type": kind.value, "priority": priority.value}
    if priority != case.priority:
        changes["respond_by"], changes["resolve_by"] = deadlines(turn, case.branch_id, priority)
    if not has_begun(turn, case):
        changes["policy"] = frozen(turn.world.company, kind, priority)
    return changes


def _offer_labels(turn: Turn, args: Args, case: Case) -> None:
    dialog: Dialog | None = args.get("dialog")
    about = {"case": case.id}
    ranks = [Action("correct_case", f"staff.as_{rank.value}", {**about, "priority": rank.value}) for rank in Priority]
    kinds = [Action("correct_case", f"labels.type_{kind.value}", {**about, "type": kind.value}) for kind in CaseType]
    now = labels(turn, CaseType(case.type), Priority(case.priority), dialog.person.locale if dialog else "zh-CN")
    asked = Say("staff.correct_ask", {"number": case.number, **now}, buttons=(*ranks, *kinds), case=case.id)
    turn.perform((asked,), dialog)


def _start_reassign(turn: Turn, dialog: Dialog, args: Args) -> Reassignment | None:
    case = find(turn, args["case"])
    others = [person for role in sorted(LEADS) for person in people.on_duty(turn.tx, role, None)]
    known = (dialog.person.id, case.owner_id)
    offered = tuple(f"{person.id}|{person.name}" for person in others if person.id not in known)
    return Reassignment(case.id or 0, case.number, offered) if offered else None


def _start_close(turn: Turn, dialog: Dialog, args: Args) -> Closing:
    case = find(turn, args["case"])
    return Closing(case.id or 0, case.number)


AREA = Area(
    actions={"reassign_case": reassign, "close_case": close, "correct_case": correct, "tell_owners": tell_owners},
    starts={"reassign": _start_reassign, "close_case": _start_close},
)
