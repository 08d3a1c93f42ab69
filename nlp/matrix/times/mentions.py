"""Every place of a text where a time is told, before anybody asks which of them is the time of the event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nlp.matrix.numbers import value_of
from nlp.matrix.times.clock import BARE_CLOCK, CLOCK, PART, PART_BEGINS, SHORT, Clock, part_hours, read_clock
from nlp.matrix.times.day_words import DAY, DAY_BEGINS
from nlp.matrix.times.days import dates
from nlp.matrix.times.feasts import Stretch
from nlp.matrix.times.today import Today

_NOW = (
    r"(?P<now>刚才|刚刚|方才|适才|头先|刚先|将才|才将|才刚|这会儿?|这阵(?!子)|just now"
    r"|刚(?=走|来|到|擦|洗|做完|打扫|打电话|发现|进|离开|回|收拾|弄|拆|把|给我|搞|拖|修|干完)"
    r"|现在(?=[^,。!?医院急诊]{0,5}(?:正|还在|在|一直)(?!医院|急诊|住院|抢救|手术|烧伤|输液|发)))"
)
_BEGINS = "".join(sorted(DAY_BEGINS | PART_BEGINS | frozenset("刚方适头将才这现j零")))
_MENTION = re.compile(rf"(?=[{_BEGINS}])(?:{DAY}|{_NOW}|{PART}|{BARE_CLOCK})")
"""The look at the first character spares most tries."""
_TAIL = re.compile(rf"(?:的|这天|那天)?\s?(?:{SHORT})?(?:的|快)?\s?(?:{CLOCK})?")
_HOURS = {"小时": 60, "钟头": 60, "钟": 60, "分钟": 1}
"""Units of a moment ago, in minutes."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A time as told: days, a part of the day, a clock time, or a moment; at least one of them."""

    start: int
    end: int
    days: Stretch | None = None
    part: str = ""
    clock: Clock | None = None
    moment: datetime | None = None
    now: bool = False

    def stretch(self, at: datetime, on: date | None = None) -> tuple[datetime, datetime]:
        """From when to when; `on` is the day of a mention that names none."""
        if self.moment:
            return self.moment, self.moment
        first, last = self.days or (on or at.date(),) * 2
        if self.clock:
            moment = on_day(first, self._hour(first, at), at)
            return moment, moment
        low, high = part_hours(self.part) if self.part else (0, 24)
        return on_day(first, low, at), on_day(last, high, at)

    def _hour(self, day: date, at: datetime) -> float:
        """Without a part of the day, 八点 said in the evening of the same day may be 20:00."""
        if not self.clock:
            return 0.0
        told = self.clock.hours(self.part)
        if self.part or day != at.date() or self.clock.hour > 11:
            return told
        early, now = self.clock.hour + self.clock.minutes / 60, at.hour + at.minute / 60
        return next((hour for hour in (early + 12, early) if hour <= now), told)


def on_day(day: date, hour: float, at: datetime) -> datetime:
    """The moment in the zone of `at`; hour 24 is the last second of the day, later ones lie in the next night."""
    midnight = datetime.combine(day, time(0), at.tzinfo)
    return midnight + timedelta(hours=hour) - timedelta(seconds=hour == 24)


def find_mentions(text: str, at: datetime, ahead: bool) -> Iterator[Mention]:
    """In the order of the text. Words that name no real day are left out."""
    today = Today(at.date(), ahead)
    place, before = 0, None
    while match := _MENTION.search(text, place):
        tail = _TAIL.match(text, match.end())
        mention = _read(match, tail, at, today, before)
        place = max(mention.end if mention else 0, match.end(), place + 1)
        if mention:
            yield mention
            before = mention


def _read(
    match: re.Match[str], tail: re.Match[str] | None, at: datetime, today: Today, before: Mention | None
) -> Mention | None:
    start, end = match.span()
    if match["h12"] or match["h"] or match["h2"]:
        clock = read_clock(match, "")
        return Mention(start, end, clock=clock) if clock else None
    if match["ago"] and match["unit"] in _HOURS:
        return Mention(start, end, moment=_moment_ago(match, at))
    part = match["part"] or (tail["part"] if tail else None) or ""
    clock = read_clock(tail, part) if tail else None
    if tail and clock:
        end = tail.end()
    elif tail and tail["part"]:
        end = tail.end("part")
    if match["part"]:
        return Mention(start, end, part=part, clock=clock)
    if match["now"]:
        return Mention(start, end, (today.day, today.day), part, clock, now=True)
    days = _dates(match, today, before)
    return Mention(start, end, days, part or _part_in(match), clock) if days else None


def _part_in(match: re.Match[str]) -> str:
    """寻晚 and 中秋当晚 name the evening with the day."""
    words = match[0]
    return "晚" if words.endswith(("晚", "night")) else "早" if words == "明早" else ""


def _dates(match: re.Match[str], today: Today, before: Mention | None) -> Stretch | None:
    """With the day before it in mind when both stand in one breath: 三号到六号."""
    after = before.days[0] if before and before.days and 0 <= match.start() - before.end <= 2 else None
    try:
        return dates(match, today, after)
    except (ValueError, OverflowError):  # 31 April, the year 0
        return None


def _moment_ago(match: re.Match[str], at: datetime) -> datetime:
    value = (value_of(match["ago"]) or 0.0) + (0.5 if match["plus"] else 0.0)
    return at - timedelta(minutes=value * _HOURS[match["unit"]])
