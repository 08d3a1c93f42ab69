"""What a lead has to look at: their own cases, what waits for anybody, and whether they are on duty."""

from typing import Any

from domain.effects import Action, Say
from domain.roles import BOSSES, Role, require
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.escalation import escalation, pings
from handlers.leads import approvals
from handlers.leads.chat import Args
from handlers.turn import Turn
from storage import cases, people
from storage.cases import Approval, Case
from storage.people import Person

MOST = 8


def my_cases(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """我的案件: those this person has, the next deadline first."""
    require(Role(actor.role), "see_cases")
    mine = sorted(cases.of_owner(turn.tx, actor.id or 0), key=lambda case: case.resolve_by)
    _list(turn, args, "staff.my_cases", mine)
    return {"cases": [case.number for case in mine]}


def waiting(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """待处理: what nobody has taken yet, and sums that wait for a decision by this person."""
    require(Role(actor.role), "see_cases")
    here = escalation.open_to(turn, actor)
    ids = [pings.split(one.about) for one in here]
    open_cases = [turn.tx.get(Case, row_id) for kind, row_id in ids if kind == "case"]
    requests = [one for one in here if pings.split(one.about)[0] == "request"]
    _list(turn, args, "staff.waiting", sorted(open_cases, key=lambda case: case.respond_by), others=len(requests))
    for request in requests[:MOST]:
        _show(turn, actor, args, request.about)
    for approval in _undecided(turn, actor)[:MOST]:
        approvals.show(turn, actor, approval)
    return {"cases": [case.number for case in open_cases], "requests": [pings.split(one.about)[1] for one in requests]}


def on_duty(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """值班: pings come here from now on; what waits already is shown."""
    require(Role(actor.role), "see_cases")
    turn.tx.change(Person, actor.id or 0, on_duty=True)
    turn.say("staff.on_duty", args.get("dialog"))
    if args.get("dialog") is not None:
        waiting(turn, actor, args)
    return {"on_duty": True}


def off_duty(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """下班: no more pings. Cases in hand stay in hand, and an empty rung is said openly."""
    require(Role(actor.role), "see_cases")
    turn.tx.change(Person, actor.id or 0, on_duty=False)
    held = len(cases.of_owner(turn.tx, actor.id or 0))
    others = [one for one in people.on_duty(turn.tx, Role(actor.role), actor.branch_id) if one.id != actor.id]
    dialog: Dialog | None = args.get("dialog")
    turn.say("staff.off_duty" if not held else "staff.off_duty_holding", dialog, count=held)
    if not others and Role(actor.role) not in BOSSES:
        turn.say("staff.nobody_left", dialog)
    return {"on_duty": False, "held": held}


def _list(turn: Turn, args: Args, key: str, found: list[Case], **fill: Any) -> None:
    """A line for each case, and a button that opens it."""
    dialog: Dialog | None = args.get("dialog")
    if dialog is None:
        return
    none = not found and not any(fill.values())
    lines = "\n".join(_line(turn, case, dialog.person.locale) for case in found[:MOST])
    buttons = tuple(
        Action("show_case", "staff.pick_case", {"case": case.id, "number": case.number}) for case in found[:MOST]
    )
    filled = {"count": len(found), "lines": lines, **fill}
    turn.perform((Say(f"{key}_none" if none else key, filled, buttons=buttons),), dialog)


def _line(turn: Turn, case: Case, locale: str) -> str:
    texts = turn.world.texts
    kind = texts.render(f"labels.type_{case.type}", {}, locale)
    priority = texts.render(f"labels.priority_{case.priority}", {}, locale)
    by = case.resolve_by if case.responded_at else case.respond_by
    key = "staff.line_late" if by < turn.now else "staff.line"
    return texts.render(key, {"number": case.number, "type": kind, "priority": priority, "by": by}, locale)


def _undecided(turn: Turn, actor: Person) -> list[Approval]:
    """Sums that this person may decide about."""
    if Role(actor.role) not in BOSSES:
        return []
    return [one for one in cases.pending_approvals(turn.tx) if one.asked_by != actor.id]


def _show(turn: Turn, actor: Person, args: Args, about: str) -> None:
    shown = pings.card(turn, about, actor.locale)
    what = Say("staff.shown", {"card": shown.text}, buttons=shown.buttons, case=shown.case)
    turn.perform((what,), args.get("dialog"))


AREA = Area(
    actions={
        "my_cases": my_cases,
        "waiting": waiting,
        "on_duty": on_duty,
        "off_duty": off_duty,
    }
)
