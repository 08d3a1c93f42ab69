"""How a case ends: asked whether it is solved, closed and graded, and reopened when it was not."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.effects import Action, CustomerSaysSolved, Say, SetTimer
from domain.events import MessageCame, TimerFired
from domain.labels import Grade, Intent, Priority
from handlers import running
from handlers.cases.cards import tell_owner
from handlers.cases.clocks import deadlines
from handlers.cases.intervening import REFUND
from handlers.cases.records import find, note, quote
from handlers.cases.relaying import end_walk
from handlers.cases.undecided import withdraw
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases, corrections
from storage.cases import BY_CLEANER, Case
from storage.people import Person

NOT_TAKEN = timedelta(days=1)
"""How much later a case is asked after that nobody has taken yet."""
ASKING = frozenset({"write_staff", "complaint"})
"""Flows that ask about one case."""


def close(turn: Turn, case: Case, actor: Person | None, grade: Grade | None = None, remark: str = "") -> bool:
    """Close and grade; the customer is told and can say that it is not solved. False when it was closed before."""
    if case.status == "closed":
        return False
    case_id = case.id or 0
    by = actor.id if actor is not None else None
    graded = grade.value if grade else ""
    turn.tx.change(Case, case_id, status="closed", closed_at=turn.now, grade=graded, grade_note=remark)
    cases.end_tasks(turn.tx, case_id, turn.now, keep=REFUND)
    note(turn, case_id, "closed", remark, actor=by, audience="all", grade=graded)
    _stop(turn, case)
    webhooks.emit(turn, "case.closed", {"case": case.number, "type": case.type, "grade": graded})
    if actor is not None and actor.id != cases.partner_id(case):
        _tell_closed(turn, case)
    return True


def call_off(turn: Turn, case: Case, actor: Person, intent: Intent) -> None:
    """It was no complaint: nothing more is done about it, and whoever wrote hears so and can say that it was one."""
    case_id = case.id or 0
    turn.tx.change(
        Case, case_id, status="closed", closed_at=turn.now, mistaken=intent.value, doubts=[],
        owner_id=case.owner_id or actor.id,
    )  # fmt: skip
    cases.end_tasks(turn.tx, case_id, turn.now, end="cancelled", keep=REFUND)
    note(turn, case_id, "no_complaint", actor=actor.id, audience="all", intent=intent.value)
    _stop(turn, case)
    end_walk(turn, case)
    webhooks.emit(turn, "case.closed", {"case": case.number, "type": case.type, "grade": "", "intent": intent.value})
    if turn.dialog_of(cases.partner_id(case)) is not None:
        button = Action("case_unsolved", "complaint.was_one_label", {"case": case_id})
        said = Say(
            "complaint.called_off", {"number": case.number}, to=cases.partner_id(case), case=case_id, buttons=(button,)
        )
        turn.perform((said,), None)


def _stop(turn: Turn, case: Case) -> None:
    """Nothing of it goes on by itself any more."""
    withdraw(turn, case)
    for timer in ("case_follow_up", "ladder", "idle", "side_ask"):
        turn.clear_timer(timer, f"case:{case.id}")
    escalation.end(turn, f"case:{case.id}")


def reopen(turn: Turn, case: Case, dialog: Dialog | None, text: str) -> None:
    """Open again with a fresh clock; people are pinged as for a new case, and the customer is asked again later.

    What its own writer calls a complaint is no example of the contrary.
    """
    case_id = case.id or 0
    priority = Priority(case.priority).at_least(Priority.HIGH)
    respond_by, resolve_by = deadlines(turn, case.branch_id, priority)
    turn.tx.change(
        Case, case_id, status="open", priority=priority.value, closed_at=None, responded_at=None,
        respond_by=respond_by, resolve_by=resolve_by, owner_id=None, reopened=case.reopened + 1,
        mistaken="",
    )  # fmt: skip
    if case.mistaken:
        corrections.forget(turn.tx, case_id)
    note(turn, case_id, "reopened", text, actor=case.customer_id, audience="all")
    webhooks.emit(turn, "case.reopened", {"case": case.number, "type": case.type, "priority": priority.value})
    escalation.end(turn, f"case:{case_id}")
    urgent = priority is Priority.URGENT
    escalation.start(turn, f"case:{case_id}", case.branch_id, urgent=urgent, priority=priority)
    later = timedelta(days=turn.world.company.visits.follow_up_days)
    turn.set_timer(SetTimer("case_follow_up", f"case:{case_id}", after=later))


def reopened_by_message(turn: Turn, dialog: Dialog, case: Case, message: MessageCame) -> bool:
    """A reply to a closed case: a real message opens it again, a thank-you does not."""
    reading = turn.read(message.text)
    if reading.intent in (Intent.CHITCHAT, Intent.PRAISE) or not may_reopen(turn, case):
        return False
    reopen(turn, case, dialog, message.text)
    turn.say("complaint.reopened", dialog, number=case.number)
    return True


def may_reopen(turn: Turn, case: Case) -> bool:
    """Within the days that the company gives."""
    limit = timedelta(days=turn.world.company.visits.reopen_days)
    return case.closed_at is not None and turn.now - case.closed_at <= limit


def follow_up_due(turn: Turn, timer: TimerFired) -> None:
    """Some days after the intervention: ask. Not about what a cleaner reported, nor before anybody has looked at it."""
    case = find(turn, int(timer.about.partition(":")[2]))
    dialog = turn.dialog_of(case.customer_id)
    if case.status == "closed" or case.origin == BY_CLEANER or dialog is None:
        return
    if case.owner_id is None:
        turn.set_timer(SetTimer(timer.what, timer.about, after=NOT_TAKEN))
        return
    turn.tx.change(Case, case.id or 0, status="resolved" if case.status == "taken" else case.status)
    running.begin(turn, dialog, "follow_up", {"case": case.id})


def verdict(turn: Turn, dialog: Dialog | None, effect: CustomerSaysSolved) -> None:
    """The customer says whether it is solved; silence for a week counts as yes."""
    case = find(turn, effect.case)
    if case.status == "closed":
        return
    if effect.solved:
        owner = case.owner_id
        close(turn, case, None)
        if dialog is not None:
            _tell_solved(turn, dialog, case, silent=effect.silent)
        _ask_grade(turn, case, owner)
        return
    note(turn, effect.case, "unsolved", effect.text, actor=case.customer_id, audience="all")
    tell_owner(turn, case, "staff.unsolved", said=quote(effect.text) or "—")
    reopen(turn, case, dialog, effect.text)
    if dialog is not None:
        turn.say("complaint.reopened", dialog, number=case.number)


def said_solved(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The button under "closed": the customer's own case only."""
    _verdict_button(turn, actor, args, solved=True)


def said_unsolved(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    _verdict_button(turn, actor, args, solved=False)


def _verdict_button(turn: Turn, actor: Person, args: Mapping[str, Any], *, solved: bool) -> None:
    case, dialog = find(turn, args["case"]), args.get("dialog")
    if cases.partner_id(case) != actor.id:
        turn.say("chat.stale_button", dialog)
    elif solved and case.status != "closed":
        _stop_asking(dialog, case)
        verdict(turn, dialog, CustomerSaysSolved(case.id or 0, solved=True))
    elif solved:
        turn.say("follow_up.thanks", dialog, number=case.number)
    elif case.status != "closed":
        turn.say("complaint.still_open", dialog, number=case.number)
    elif not may_reopen(turn, case):
        turn.say("complaint.too_late", dialog, number=case.number, days=turn.world.company.visits.reopen_days)
    else:
        reopen(turn, case, dialog, "")
        turn.say("complaint.reopened", dialog, number=case.number)
        _ask_what_is_missing(turn, dialog, case)


def _stop_asking(dialog: Dialog | None, case: Case) -> None:
    """Our questions about it have lost their reason; after 还没解决, pressed by mistake, what is missing is nothing."""
    if dialog is None:
        return
    both = (dialog.current, dialog.paused)
    kept = [one for one in both if one is not None and not (one.flow in ASKING and one.state.case == case.id)]
    dialog.current, dialog.paused = (*kept, None, None)[:2]


def _ask_what_is_missing(turn: Turn, dialog: Dialog | None, case: Case) -> None:
    """A button says nothing of why; the next words do, and belong to this case."""
    if dialog is not None:
        running.begin(turn, dialog, "write_staff", {"case": case.id})


def _tell_closed(turn: Turn, case: Case) -> None:
    buttons = (
        Action("case_solved", "complaint.solved_label", {"case": case.id}),
        Action("case_unsolved", "complaint.unsolved_label", {"case": case.id}),
    )
    args = {"number": case.number, "days": turn.world.company.visits.reopen_days}
    if turn.dialog_of(cases.partner_id(case)) is not None:
        turn.perform((Say("complaint.closed", args, to=cases.partner_id(case), case=case.id, buttons=buttons),), None)


def _tell_solved(turn: Turn, dialog: Dialog, case: Case, *, silent: bool) -> None:
    """Thanks; somebody who said nothing at all can still say that it was not."""
    days = turn.world.company.visits.reopen_days
    not_so = (Action("case_unsolved", "complaint.unsolved_label", {"case": case.id}),)
    key = "follow_up.silent" if silent else "follow_up.thanks"
    said = Say(key, {"number": case.number, "days": days}, case=case.id, buttons=not_so if silent else ())
    turn.perform((said,), dialog)


def _ask_grade(turn: Turn, case: Case, owner: int | None) -> None:
    """Closed by the customer: whoever had it grades it for the library."""
    if owner is None:
        return
    grades = tuple(
        Action("grade_case", f"staff.grade_{grade.value}", {"case": case.id, "grade": grade.value}) for grade in Grade
    )
    turn.perform((Say("staff.grade_ask", {"number": case.number}, to=owner, case=case.id, buttons=grades),), None)
