"""Times to choose from, and times read from words, both always ahead of now."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain import hours as working
from domain.errors import Invalid
from domain.understanding import When
from flows.times import AFTERNOON, MORNING, NOON, ahead, is_moment, planned
from flows.visiting import Visiting
from handlers import calendar
from handlers.turn import Turn
from storage.people import Person

SATURDAY = 5
FAR = 60
"""Days ahead for which we know whether we come."""


def upcoming(turn: Turn, person: Person) -> tuple[str, ...]:
    """`moment|label|time` for the next two days and the coming Saturday, as far as we work on them."""
    zone, closed = ZoneInfo(calendar.hours_of(turn, person.branch_id).timezone), visiting(turn, person).closed
    today = turn.now.astimezone(zone).date()
    days = {"tomorrow": today + timedelta(days=1), "after": today + timedelta(days=2)}
    saturday = today + timedelta(days=(SATURDAY - today.weekday()) % 7 or 7)
    if saturday not in days.values():
        days["saturday"] = saturday
    found = []
    for name, day in days.items():
        if day in closed:
            continue
        for part, clock in (("am", MORNING), ("pm", AFTERNOON)):
            moment = datetime.combine(day, clock, zone)
            label, shown = (
                turn.world.texts.render(key, {"starts_at": moment}, person.locale)
                for key in (f"booking.slot_{name}_{part}", f"booking.on_{part}")
            )
            found.append(f"{moment.isoformat()}|{label}|{shown}")
    return tuple(found)


def visiting(turn: Turn, person: Person) -> Visiting:
    """When we come to people's homes: the company's hours, without the days off."""
    hours = calendar.hours_of(turn, person.branch_id)
    zone = ZoneInfo(hours.timezone)
    today = turn.now.astimezone(zone).date()
    spans = working.spans(hours, turn.now, calendar.is_workday, FAR)
    at_work = {start.astimezone(zone).date() for start, _ in spans}
    days = (today + timedelta(days=days) for days in range(FAR))
    return Visiting(hours.opens, hours.closes, tuple(day for day in days if day not in at_work))


def shown(turn: Turn, when: When, locale: str) -> tuple[str, datetime | None]:
    """As people say it, and the moment to plan for. "周六上午" stays a morning; of "周六" staff name the hour."""
    moment = planned(when)
    if moment is None:
        return turn.world.texts.render("labels.day", {"day": when.start}, locale), None
    part = "am" if moment.time() < NOON else "pm"
    key = "booking.moment" if is_moment(when) else f"booking.on_{part}"
    return turn.world.texts.render(key, {"starts_at": moment}, locale), moment


def parse(turn: Turn, words: str, locale: str) -> datetime:
    """A moment that a button carried or a person typed; raises `Invalid` with what is expected."""
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(words)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(turn.world.company.hours.timezone))
    except ValueError:
        read = ahead(turn.read(words), turn.now)
        if read is None:
            raise _unclear(turn, locale) from None
        moment = planned(read)
    if moment is None or moment <= turn.now:
        raise _unclear(turn, locale)
    return moment


def _unclear(turn: Turn, locale: str) -> Invalid:
    return Invalid(turn.world.texts.render("booking.bad_time", {}, locale))
