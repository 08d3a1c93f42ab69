"""Step three: intervene 干预. A policy, frozen into the case, says which work follows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.company import Company
from domain.effects import ConfirmCase, SetTimer
from domain.events import TimerFired
from domain.hours import after_quiet
from domain.labels import CaseType, Demand, Priority
from domain.roles import Role
from handlers import running
from handlers.cases.cards import owner_locale, tell_owner
from handlers.cases.clocks import in_minutes, latest_promise
from handlers.cases.reached import call_us, is_known
from handlers.cases.records import find, note
from handlers.cases.summary import summary
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases, people
from storage.cases import Case, Task

REFUND = "pay_refund"
WISHES_FOR_MONEY = frozenset({Demand.REFUND, Demand.COMPENSATION})
ABOUT_MONEY = frozenset({CaseType.BILLING, CaseType.CONTRACT, CaseType.DAMAGE, CaseType.LOSS})
"""What is offered for these answers a wish for money already."""
KEEP_TO_STAFF = frozenset({CaseType.SAFETY, CaseType.LOSS, CaseType.PRIVACY})


def frozen(company: Company, kind: CaseType, priority: Priority) -> dict[str, Any]:
    """The rule a case starts with, as data: later changes of the policy do not touch it."""
    rule = next(
        (
            rule
            for rule in company.interventions
            if rule.type is kind and (not rule.priorities or priority in rule.priorities)
        ),
        None,
    )
    if rule is None:
        return {}
    tasks = [{"kind": task.kind, "role": task.role.value, "minutes": task.minutes} for task in rule.tasks]
    return {"tasks": tasks, "offer": rule.offer, "webhook": rule.webhook}


def confirmed(turn: Turn, dialog: Dialog | None, effect: ConfirmCase) -> None:
    """The customer agreed with the summary, corrected it, or let it stand."""
    case = find(turn, effect.case)
    if case.confirmed_at is not None or case.status == "closed":
        return
    turn.tx.change(Case, effect.case, confirmed_at=turn.now)
    kind = "confirmed" if effect.by_customer else "let_stand"
    note(turn, effect.case, kind, summary(turn, case, "zh-CN"), actor=case.customer_id, audience="all")
    if not case.hazard:
        tell_owner(turn, case, f"staff.{kind}", summary=summary(turn, case, owner_locale(turn, case)))
    intervene(turn, case)
    if dialog is not None and case.policy.get("offer"):
        _offer(turn, dialog, case)


def _offer(turn: Turn, dialog: Dialog, case: Case) -> None:
    """What the policy sets going; work that nobody has heard of is not said to be under way."""
    if not is_known(turn, f"case:{case.id}"):
        key = "complaint.offer_urgent_alone" if case.priority == Priority.URGENT else "complaint.offer_alone"
        turn.say(key, dialog, number=case.number, call_us=call_us(turn, dialog.person.locale))
        return
    turn.say(case.policy["offer"], dialog, number=case.number, by=_done_by(turn, case))
    _hear_wish(turn, dialog, case)


def _hear_wish(turn: Turn, dialog: Dialog, case: Case) -> None:
    """Who asks for money and is offered work should not think that nobody has heard it. Nothing is promised."""
    wish = next((demand for demand in case.matrix.get("demands", ()) if demand in WISHES_FOR_MONEY), None)
    if wish is None or CaseType(case.type) in ABOUT_MONEY:
        return
    label = turn.world.texts.render(f"labels.demand_{wish}", {}, dialog.person.locale)
    turn.say("complaint.wish_heard", dialog, wish=label)


def intervene(turn: Turn, case: Case) -> None:
    """Make the tasks of the policy, once; ask the cleaner; look after it in a few days."""
    if has_begun(turn, case):
        return
    rules = _rules(case)
    for rule in rules:
        _task(turn, case, rule, awaited=rule is rules[-1])
    _ask_cleaner(turn, case)
    after = timedelta(days=turn.world.company.visits.follow_up_days)
    turn.set_timer(SetTimer("case_follow_up", f"case:{case.id}", after=after))


def widen(turn: Turn, case: Case, kinds: Sequence[CaseType]) -> None:
    """Failings that were named later ask for their own work as well: at once, or with the rest when that begins."""
    known = [task.kind for task in cases.tasks(turn.tx, case.id or 0)] or [rule["kind"] for rule in _rules(case)]
    more = []
    for kind in kinds:
        policy = frozen(turn.world.company, kind, Priority(case.priority))
        for rule in policy.get("tasks", ()):
            if rule["kind"] not in known:
                known.append(rule["kind"])
                more.append({**rule, "webhook": policy["webhook"]})
    if not more:
        return
    if not has_begun(turn, case):
        turn.tx.change(Case, case.id or 0, policy={**case.policy, "tasks": [*more, *_rules(case)]})
        return
    for rule in more:
        _task(turn, case, rule, awaited=False)


def _rules(case: Case) -> list[dict[str, Any]]:
    return list(case.policy.get("tasks", ()))


def _done_by(turn: Turn, case: Case) -> datetime:
    """When the last piece of work of the policy is due, for which the customer waits; or all must be solved."""
    dues = [task.due_at for task in cases.tasks(turn.tx, case.id or 0) if task.kind != REFUND]
    limit = latest_promise(turn, case)
    return min(dues[-1], limit) if dues else limit


def has_begun(turn: Turn, case: Case) -> bool:
    """Whether the work that the policy asks for was given out. A refund to pay is no part of it."""
    return any(task.kind != REFUND for task in cases.tasks(turn.tx, case.id or 0))


def _task(turn: Turn, case: Case, rule: dict[str, Any], *, awaited: bool) -> None:
    """What the customer waits for is due no later than the case."""
    owner = case.owner_id or _on_duty(turn, Role(rule["role"]), case.branch_id)
    due_at = in_minutes(turn, case.branch_id, rule["minutes"], Priority(case.priority))
    due_at = min(due_at, latest_promise(turn, case)) if awaited else due_at
    task_id = turn.tx.add(Task, case_id=case.id, kind=rule["kind"], owner_id=owner, due_at=due_at, created_at=turn.now)
    turn.set_timer(SetTimer("task_due", f"task:{task_id}", at=due_at))
    note(turn, case.id or 0, "task", rule["kind"], task=task_id, due_at=due_at.isoformat())
    details = {"case": case.number, "task": rule["kind"], "task_id": task_id, "due_at": due_at.isoformat()}
    event = rule.get("webhook") or case.policy.get("webhook") or f"intervention.{case.type}"
    webhooks.emit(turn, event, {**details, "type": case.type})


def _on_duty(turn: Turn, role: Role, branch_id: int | None) -> int | None:
    found = people.on_duty(turn.tx, role, branch_id)
    return found[0].id if found else None


def _ask_cleaner(turn: Turn, case: Case) -> None:
    """The cleaner's side, not at night; unless it is a matter for staff alone or they reported it themselves."""
    if case.cleaner_id is None or case.cleaner_id == case.reporter_id or CaseType(case.type) in KEEP_TO_STAFF:
        return
    company = turn.world.company
    morning = after_quiet(company.quiet, turn.now, company.hours.timezone)
    if morning > turn.now:
        turn.set_timer(SetTimer("side_ask", f"case:{case.id}", at=morning))
    else:
        _ask_side(turn, case)


def side_due(turn: Turn, timer: TimerFired) -> None:
    """The night is over."""
    case = find(turn, int(timer.about.partition(":")[2]))
    if case.status != "closed":
        _ask_side(turn, case)


def _ask_side(turn: Turn, case: Case) -> None:
    known = people.still(turn.tx, case.cleaner_id, {Role.CLEANER})
    cleaner = turn.dialog_of(known.id) if known is not None else None
    if cleaner is not None:
        running.begin(turn, cleaner, "side", {"case": case.id})
        note(turn, case.id or 0, "side_asked", actor=case.cleaner_id)


def done_task(turn: Turn, task_id: int, actor: int) -> Case:
    """Somebody finished a task: noted, and it counts as acting on the case."""
    task = turn.tx.get(Task, task_id)
    case = find(turn, task.case_id)
    if task.state == "open":
        turn.tx.change(Task, task_id, state="done", done_at=turn.now)
        note(turn, task.case_id, "task_done", task.kind, actor=actor, task=task_id)
        webhooks.emit(turn, "task.done", {"case": case.number, "task": task.kind, "task_id": task_id})
        escalation.acted(turn, f"case:{case.id}")
    return case
