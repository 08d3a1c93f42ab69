"""A lead puts a reading right: another type, another priority, or no complaint at all. One tap each.

The case follows, and the words with their right labels become an example to learn from.
"""

from collections.abc import Iterator
from typing import Any

from domain.effects import Action, Say
from domain.labels import CaseType, Intent, Priority
from domain.roles import Role, require
from handlers.area import Area
from handlers.cases import ending, kinds
from handlers.cases.clocks import deadlines
from handlers.cases.records import find, note
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.leads.chat import Args, answer, is_closed, labels
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import corrections
from storage.cases import BY_CLEANER, Case
from storage.people import Person

OTHERS = tuple(intent for intent in Intent if intent is not Intent.COMPLAINT)


def correct(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """改分类: the type or the priority; without one of them the choices are offered."""
    require(Role(actor.role), "correct_case")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {}
    if not (args.get("type") or args.get("priority")):
        _offer(turn, args, case, tuple(_labels_to_tap(case)))
        return {}
    kind = CaseType(args.get("type") or case.type)
    priority = Priority(args.get("priority") or case.priority)
    _change(turn, actor, case, kind, priority)
    label = labels(turn, kind, priority, actor.locale)
    answer(turn, args, "staff.corrected", case, type=label["type"], priority=label["priority"])
    return {"case": case.number, "type": kind.value, "priority": priority.value}


def no_complaint(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """不是投诉: it is called off; without the intent that it really had, the choices are offered."""
    require(Role(actor.role), "correct_case")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {}
    if not args.get("intent"):
        about = {"case": case.id}
        whys = [Action("no_complaint", f"labels.intent_{one.value}", {**about, "intent": one.value}) for one in OTHERS]
        _offer(turn, args, case, tuple(whys), key="staff.no_complaint_ask")
        return {}
    intent = Intent(args["intent"])
    _learn(turn, actor, case, intent=intent.value)
    ending.call_off(turn, case, actor, intent)
    answer(turn, args, "staff.called_off", case)
    return {"case": case.number, "intent": intent.value}


def _change(turn: Turn, actor: Person, case: Case, kind: CaseType, priority: Priority) -> None:
    """The columns that change, the deadlines, and the ladder, which begins anew when it is graver now."""
    case_id = case.id or 0
    second = [one for one in case.secondary if one != kind]
    changes: dict[str, Any] = {"type": kind.value, "priority": priority.value, "secondary": second, "doubts": []}
    if priority != case.priority:
        changes["respond_by"], changes["resolve_by"] = deadlines(turn, case.branch_id, priority)
    if priority is not Priority.URGENT:
        changes["hazard"] = ""
    _learn(turn, actor, case, type=kind.value, priority=priority.value, secondary=second)
    turn.tx.change(Case, case_id, **changes, **kinds.policy(turn, case, kind, priority))
    before = {"was": case.type, "was_priority": case.priority}
    note(turn, case_id, "corrected", actor=actor.id, type=kind.value, priority=priority.value, **before)
    webhooks.emit(turn, "case.changed", {"case": case.number, "type": kind.value, "priority": priority.value})
    urgent = priority is Priority.URGENT
    escalation.start(turn, f"case:{case_id}", case.branch_id, urgent=urgent, priority=priority)
    escalation.acted(turn, f"case:{case_id}")


def _learn(turn: Turn, actor: Person, case: Case, **right: Any) -> None:
    """Keep the words the case began with as an example of these labels."""
    if not case.text.strip():
        return
    was = {"type": case.type, "priority": case.priority, "secondary": case.secondary}
    corrections.keep(turn.tx, case.id or 0, was, **{
        "customer_id": case.customer_id, "sender": "cleaner" if case.origin == BY_CLEANER else "customer",
        "text": case.text, "at": case.opened_at, "anger": case.anger, "by_id": actor.id, "made_at": turn.now,
        "intent": Intent.COMPLAINT.value, "type": "", "priority": "", "secondary": [], **right,
    })  # fmt: skip


def _labels_to_tap(case: Case) -> Iterator[Action]:
    """The other priorities, the other types, those that were likely first, and that it is no complaint."""
    about = {"case": case.id}
    for rank in Priority:
        if rank != case.priority:
            yield Action("correct_case", f"staff.as_{rank.value}", {**about, "priority": rank.value})
    for kind in dict.fromkeys((*case.doubts, *case.secondary, *CaseType)):
        if kind != case.type:
            yield Action("correct_case", f"labels.type_{kind}", {**about, "type": str(kind)})
    yield Action("no_complaint", "staff.no_complaint_label", about)


def _offer(turn: Turn, args: Args, case: Case, buttons: tuple[Action, ...], key: str = "staff.correct_ask") -> None:
    dialog: Dialog | None = args.get("dialog")
    now = labels(turn, CaseType(case.type), Priority(case.priority), dialog.person.locale if dialog else DEFAULT_LOCALE)
    turn.perform((Say(key, {"number": case.number, **now}, buttons=buttons, case=case.id),), dialog)


AREA = Area(actions={"correct_case": correct, "no_complaint": no_complaint})
