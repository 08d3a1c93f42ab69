"""Time as a company counts it: business minutes with lunch, weekends, public holidays and 调休."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.company import Hours, Quiet

IsWorkday = Callable[[date], bool | None]
"""True and False from the calendar of public holidays; None when it does not know the year."""

MAX_DAYS = 400


def is_open(hours: Hours, moment: datetime, is_workday: IsWorkday) -> bool:
    """Whether somebody is at work at this moment."""
    return any(start <= moment < end for start, end in spans(hours, moment, is_workday, days=1))


def add_business(hours: Hours, moment: datetime, minutes: int, is_workday: IsWorkday) -> datetime:
    """The moment when so many business minutes have passed, in UTC terms of `moment`."""
    left = timedelta(minutes=minutes)
    for start, end in spans(hours, moment, is_workday, days=MAX_DAYS):
        begin = max(start, moment)
        if begin >= end:
            continue
        if left <= end - begin:
            return (begin + left).astimezone(moment.tzinfo)
        left -= end - begin
    return moment + left


def business_between(hours: Hours, start: datetime, end: datetime, is_workday: IsWorkday) -> timedelta:
    """How much business time lies between two moments."""
    total = timedelta(0)
    for opens, closes in spans(hours, start, is_workday, days=(end - start).days + 2):
        total += max(timedelta(0), min(closes, end) - max(opens, start))
    return total


def next_open(hours: Hours, moment: datetime, is_workday: IsWorkday) -> datetime:
    """This moment when open, else the next opening."""
    return add_business(hours, moment, 0, is_workday)


def spans(hours: Hours, moment: datetime, is_workday: IsWorkday, days: int) -> list[tuple[datetime, datetime]]:
    """The open stretches from the day of `moment` on."""
    zone = ZoneInfo(hours.timezone)
    first = moment.astimezone(zone).date()
    found: list[tuple[datetime, datetime]] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        if _works(hours, day, is_workday):
            found += _day(hours, day, zone)
    return found


def _works(hours: Hours, day: date, is_workday: IsWorkday) -> bool:
    """A swapped workday 调休 opens a closed weekend; a public holiday closes a weekday."""
    usual = day.weekday() in hours.weekdays
    known = is_workday(day) if hours.holidays else None
    if known is None:
        return usual
    weekend = day.weekday() >= 5
    return (usual or known) if weekend else (usual and known)


def _day(hours: Hours, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    def at(clock: time) -> datetime:
        return datetime.combine(day, clock, zone)

    if hours.lunch_from >= hours.lunch_until:
        return [(at(hours.opens), at(hours.closes))]
    return [(at(hours.opens), at(hours.lunch_from)), (at(hours.lunch_until), at(hours.closes))]


def in_quiet(quiet: Quiet, moment: datetime, timezone: str) -> bool:
    """Whether this is a time to leave people alone."""
    clock = moment.astimezone(ZoneInfo(timezone)).time()
    if quiet.from_ <= quiet.until:
        return quiet.from_ <= clock < quiet.until
    return clock >= quiet.from_ or clock < quiet.until


def after_quiet(quiet: Quiet, moment: datetime, timezone: str) -> datetime:
    """This moment, or the end of the quiet hours it lies in."""
    if not in_quiet(quiet, moment, timezone):
        return moment
    local = moment.astimezone(ZoneInfo(timezone))
    end = datetime.combine(local.date(), quiet.until, local.tzinfo)
    return (end if end > local else end + timedelta(days=1)).astimezone(moment.tzinfo)
