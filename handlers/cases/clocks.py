"""The clocks of a case: by when a person answers, by when all is done, and what we may honestly promise."""

from datetime import datetime, timedelta

from domain.hours import add_business, is_open
from domain.labels import Priority
from handlers.calendar import is_workday
from handlers.turn import Turn
from storage.cases import Case


def in_minutes(turn: Turn, minutes: int, priority: Priority) -> datetime:
    """So many minutes from now: business minutes, except for `urgent`, which knows no hours."""
    if priority is Priority.URGENT:
        return turn.now + timedelta(minutes=minutes)
    return add_business(turn.world.company.hours, turn.now, minutes, is_workday)


def deadlines(turn: Turn, priority: Priority) -> tuple[datetime, datetime]:
    """(a person answers by, resolved by)."""
    clocks = turn.world.company.clocks[priority]
    respond = in_minutes(turn, clocks.respond_minutes, priority)
    return respond, in_minutes(turn, clocks.resolve_minutes, priority)


def at_work(turn: Turn) -> bool:
    return is_open(turn.world.company.hours, turn.now, is_workday)


def promise(turn: Turn, case: Case, locale: str) -> str:
    """What happens next and by when, as it is."""
    if case.priority == Priority.URGENT:
        key = "complaint.promise_urgent"
    else:
        key = "complaint.promise_open" if at_work(turn) else "complaint.promise_closed"
    return turn.world.texts.render(key, {"by": case.respond_by}, locale)
