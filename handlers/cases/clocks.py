"""The clocks of a case: by when a person answers, by when all is done, and what we may honestly promise.

A first answer is work, counted in business minutes. All is solved within days, as a customer counts them.
"""

from datetime import datetime, timedelta

from domain.labels import Priority
from handlers import calendar
from handlers.cases.reached import call_us, is_known
from handlers.turn import Turn
from storage.cases import Case

MARKS, ASKS = ("?", "？"), ("吗", "呢")


def in_minutes(turn: Turn, branch: int | None, minutes: int, priority: Priority) -> datetime:
    """So many minutes from now: business minutes of the branch, except for `urgent`, which knows no hours."""
    return calendar.due(turn, branch, minutes, urgent=priority is Priority.URGENT)


def deadlines(turn: Turn, branch: int | None, priority: Priority) -> tuple[datetime, datetime]:
    """(a person answers by, resolved by). Nothing is due to be solved before anybody is due to have answered."""
    clocks = turn.world.company.clocks[priority]
    respond = in_minutes(turn, branch, clocks.respond_minutes, priority)
    over = turn.now + timedelta(minutes=clocks.resolve_minutes)
    return respond, max(respond, calendar.at_work(turn, branch, over, urgent=priority is Priority.URGENT))


def latest_promise(turn: Turn, case: Case) -> datetime:
    """The deadline of the case; when that is over or near, the soonest that a person can answer from now."""
    priority = Priority(case.priority)
    soonest = in_minutes(turn, case.branch_id, turn.world.company.clocks[priority].respond_minutes, priority)
    return max(case.resolve_by, soonest)


def asks(text: str) -> bool:
    """Whether a person's answer asks the customer something back: only then do we wait for them."""
    return any(mark in text for mark in MARKS) or text.rstrip(" 。.~～!！").endswith(ASKS)


def wait_for_customer(turn: Turn, case: Case) -> None:
    """The clocks stand still until the customer answers."""
    if case.waiting_since is None:
        turn.tx.change(Case, case.id or 0, waiting_since=turn.now)


def go_on(turn: Turn, case: Case) -> None:
    """The customer answered: what was left of the time is left again."""
    if case.waiting_since is None:
        return
    over = case.resolve_by + (turn.now - case.waiting_since)
    later = calendar.at_work(turn, case.branch_id, over, urgent=case.priority == Priority.URGENT)
    turn.tx.change(Case, case.id or 0, waiting_since=None, resolve_by=later)


def promise(turn: Turn, case: Case, locale: str) -> str:
    """What happens next and by when, as it is: no time is named while nobody knows of it."""
    if not is_known(turn, f"case:{case.id}"):
        return turn.world.texts.render("complaint.promise_alone", {"call_us": call_us(turn, locale)}, locale)
    if case.priority == Priority.URGENT:
        key = "complaint.promise_urgent"
    else:
        key = "complaint.promise_open" if calendar.is_open(turn, case.branch_id) else "complaint.promise_closed"
    return turn.world.texts.render(key, {"by": case.respond_by}, locale)
