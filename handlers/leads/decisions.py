"""What those who lead decide about a case: who has it, and that it is done."""

from typing import Any

from domain.effects import Action, Say
from domain.errors import Invalid
from domain.labels import CaseType, Grade, Priority
from domain.roles import LEADS, Role, require
from flows.close_case import Closing
from flows.reassign import Reassignment
from handlers.area import Area
from handlers.cases import ending
from handlers.cases.records import find, note
from handlers.dialog import Dialog
from handlers.escalation import escalation, pings
from handlers.leads.cases import say_whose
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
    note(turn, case_id, "reassigned", actor=actor.id, audience="all", to=person.id)
    webhooks.emit(turn, "case.reassigned", {"case": case.number, "to": person.id})
    escalation.hand(turn, f"case:{case_id}", actor, person)
    if before != person.id:
        say_whose(turn, case, person)
    if before is not None and before not in (actor.id, person.id):
        pings.tell(turn, before, f"case:{case_id}", "reassign.away", person=person.name, by=actor.name)


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
    actions={"reassign_case": reassign, "close_case": close, "tell_owners": tell_owners},
    starts={"reassign": _start_reassign, "close_case": _start_close},
)
