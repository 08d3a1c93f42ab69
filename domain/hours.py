"""Time as a company counts it: business minutes with lunch, weekends, public holidays and 调休."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.company import Hours, Quiet

IsWorkday = Callable[[date], bool | None]
"""False on a public holiday, True on a weekend day worked instead 调休, None otherwise: the usual week holds."""

MAX_DAYS = 400
DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def is_open(hours: Hours, moment: datetime, is_workday: IsWorkday) -> bool:
    """Whether somebody is at work at this moment."""
    return any(start <= moment < end for start, end in spans(hours, moment, is_workday, days=1))


def add_business(hours: Hours, moment: datetime, minutes: int, is_workday: IsWorkday) -> datetime:
    """The moment when so many business minutes have passed, in the zone of `moment`.

    A company that does not open within `MAX_DAYS` is counted by the wall clock: a late ping is better than none.
    """
    now, left = moment.astimezone(UTC), timedelta(minutes=minutes)
    for start, end in spans(hours, moment, is_workday, days=MAX_DAYS):
        begin = max(start, now)
        if begin >= end:
            continue
        if left <= end - begin:
            return (begin + left).astimezone(moment.tzinfo)
        left -= end - begin
    return (now + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def next_open(hours: Hours, moment: datetime, is_workday: IsWorkday) -> datetime:
    """This moment when open, else the next opening."""
    return add_business(hours, moment, 0, is_workday)


def spans(hours: Hours, moment: datetime, is_workday: IsWorkday, days: int) -> Iterator[Span]:
    """The open stretches in UTC, in order, of the day of `moment` and the `days` - 1 after it.

    The day before comes first when its shift may reach over midnight.
    """
    zone = ZoneInfo(hours.timezone)
    today = moment.astimezone(zone).date()
    for offset in range(-1 if _overnight(hours) else 0, days):
        day = today + offset * DAY
        if _works(hours, day, is_workday):
            yield from _day(hours, day, zone)


def _overnight(hours: Hours) -> bool:
    """Closing at or before the time of opening means: on the next day. 00:00 to 00:00 is around the clock."""
    return hours.closes <= hours.opens


def _works(hours: Hours, day: date, is_workday: IsWorkday) -> bool:
    """A swapped workday 调休 opens a closed weekend; a public holiday closes any day."""
    special = is_workday(day) if hours.holidays else None
    return day.weekday() in hours.weekdays if special is None else special


@lru_cache(maxsize=2048)
def _day(hours: Hours, day: date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The day's shift without its lunch. Kept: every turn asks for today and tomorrow."""
    opens = _at(day, hours.opens, zone)
    closes = _at(day + DAY if _overnight(hours) else day, hours.closes, zone)
    if hours.lunch_from >= hours.lunch_until:
        return ((opens, closes),)
    lunch_day = day + DAY if _overnight(hours) and hours.lunch_from < hours.opens else day
    before = (opens, min(closes, _at(lunch_day, hours.lunch_from, zone)))
    after = (max(opens, _at(lunch_day, hours.lunch_until, zone)), closes)
    return tuple((start, end) for start, end in (before, after) if start < end)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """In UTC: only there is the difference of two moments the time that passed, over a change of clocks as well."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


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
    return (end if end > local else end + DAY).astimezone(moment.tzinfo)
