"""Times to choose from, and times read from words, both always ahead of now."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Invalid
from domain.understanding import Understanding, When
from handlers import calendar
from handlers.turn import Turn
from storage.people import Person

MORNING, AFTERNOON = time(9), time(14)
NOON = time(12)
HALF_DAY = timedelta(hours=3)
SATURDAY = 5
WEEK_WORDS = ("周", "星期", "礼拜", "week", "day")


def upcoming(turn: Turn, person: Person) -> tuple[str, ...]:
    """`moment|label|time` for the next two days and the coming Saturday."""
    zone = ZoneInfo(calendar.hours_of(turn, person.branch_id).timezone)
    today = turn.now.astimezone(zone).date()
    days = {"tomorrow": today + timedelta(days=1), "after": today + timedelta(days=2)}
    saturday = today + timedelta(days=(SATURDAY - today.weekday()) % 7 or 7)
    if saturday not in days.values():
        days["saturday"] = saturday
    found = []
    for name, day in days.items():
        for part, clock in (("am", MORNING), ("pm", AFTERNOON)):
            moment = datetime.combine(day, clock, zone)
            label, shown = (
                turn.world.texts.render(key, {"starts_at": moment}, person.locale)
                for key in (f"booking.slot_{name}_{part}", f"booking.on_{part}")
            )
            found.append(f"{moment.isoformat()}|{label}|{shown}")
    return tuple(found)


def ahead(reading: Understanding | None, now: datetime) -> When | None:
    """The time of a reading when it lies ahead. A bare weekday or hour means the coming one."""
    read = reading.matrix.occurred_at if reading is not None else None
    if read is None:
        return None
    step = timedelta(days=7 if any(word in read.words.text for word in WEEK_WORDS) else 1)
    moved = read.start if read.start > now else read.start + step
    return When(moved, read.end + (moved - read.start), read.words) if moved > now else None


def shown(turn: Turn, when: When, locale: str) -> tuple[str, datetime]:
    """A time as people say it, and the moment to plan for. "周六上午" stays a morning, and does not become 08:00."""
    if when.end - when.start < HALF_DAY:
        return turn.world.texts.render("booking.moment", {"starts_at": when.start}, locale), when.start
    local = when.start.astimezone(ZoneInfo(turn.world.company.hours.timezone))
    part, clock = ("am", MORNING) if local.time() < NOON else ("pm", max(AFTERNOON, local.time()))
    moment = local.replace(hour=clock.hour, minute=clock.minute)
    return turn.world.texts.render(f"booking.on_{part}", {"starts_at": moment}, locale), moment


def parse(turn: Turn, words: str, locale: str) -> datetime:
    """A moment that a button carried or a person typed; raises `Invalid` with what is expected."""
    try:
        moment = datetime.fromisoformat(words)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(turn.world.company.hours.timezone))
    except ValueError:
        read = ahead(turn.read(words), turn.now)
        if read is None:
            raise _unclear(turn, locale) from None
        moment = read.start
    if moment <= turn.now:
        raise _unclear(turn, locale)
    return moment


def _unclear(turn: Turn, locale: str) -> Invalid:
    return Invalid(turn.world.texts.render("booking.bad_time", {}, locale))
