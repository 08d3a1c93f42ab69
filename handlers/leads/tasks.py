"""The work that a case asks for: what is to be done by whom, ticked off when it is, and asked after when it is late."""

from datetime import timedelta
from typing import Any

from domain.effects import Action, Say, SetTimer
from domain.events import TimerFired
from domain.roles import Role, require
from handlers.area import Area
from handlers.cases.intervening import REFUND
from handlers.leads.chat import Args
from handlers.turn import Turn
from storage import cases, people
from storage.cases import Case, Task
from storage.people import Person

ASK_AGAIN = timedelta(days=1)


def case_tasks(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """What is to be done about a case, by whom and by when, each with a button for when it is done."""
    require(Role(actor.role), "see_cases")
    case = turn.tx.get(Case, args["case"])
    todo = [task for task in cases.tasks(turn.tx, args["case"]) if task.state == "open"]
    lines = "\n".join(_task_line(turn, task, actor.locale) for task in todo)
    buttons = tuple(
        Action("task_done", "staff.task_done_label", {"task": task.id, "what": _task_name(turn, task, actor.locale)})
        for task in todo
    )
    key = "staff.tasks" if todo else "staff.tasks_none"
    said = Say(key, {"number": case.number, "lines": lines}, buttons=buttons, case=case.id)
    turn.perform((said,), args.get("dialog"))
    return {"case": case.number, "tasks": [task.kind for task in todo]}


def due(turn: Turn, timer: TimerFired) -> None:
    """Not done in time: its owner is asked, or whoever is on duty in their place; and again every day."""
    task = turn.tx.get(Task, int(timer.about.partition(":")[2]))
    case = turn.tx.get(Case, task.case_id)
    if task.state != "open" or (case.status == "closed" and task.kind != REFUND):
        return
    for person in _whom(turn, task, case):
        what = _task_name(turn, task, person.locale)
        button = Action("task_done", "staff.task_done_label", {"task": task.id, "what": what})
        told = {"number": case.number, "what": what, "by": task.due_at}
        turn.perform((Say("staff.task_due", told, buttons=(button,), to=person.id, case=case.id),), None)
    turn.set_timer(SetTimer(timer.what, timer.about, after=ASK_AGAIN))


def _whom(turn: Turn, task: Task, case: Case) -> list[Person]:
    owner = turn.tx.find(Person, task.owner_id)
    if owner is not None and owner.on_duty:
        return [owner]
    return people.on_duty(turn.tx, Role.SUPERVISOR, case.branch_id) or people.on_duty(turn.tx, Role.OWNER, None)


def _task_line(turn: Turn, task: Task, locale: str) -> str:
    owner = turn.tx.find(Person, task.owner_id)
    known = {"what": _task_name(turn, task, locale), "who": owner.name if owner is not None else "—", "by": task.due_at}
    return turn.world.texts.render("staff.task_late" if task.due_at < turn.now else "staff.task", known, locale)


def _task_name(turn: Turn, task: Task, locale: str) -> str:
    """As people call it; a kind that the company added without a name is shown as it is."""
    key = f"tasks.{task.kind}"
    return turn.world.texts.render(key, {}, locale) if turn.world.texts.has(key, locale) else task.kind


AREA = Area(actions={"case_tasks": case_tasks}, timers={"task_due": due})
