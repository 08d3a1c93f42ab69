"""When it happened: which of the times told is that of the event, and how far it reaches.

昨天下午三点左右, 大前天晚上, 国庆那几天, 刚才, 等到现在仨钟头, 上周二到周四, 昨晚七点半约的，八点五十才来.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.understanding import When
from nlp.findings import Findings
from nlp.matrix.numbers import value_of
from nlp.matrix.times.mentions import Mention, find_mentions
from nlp.matrix.times.which import choose, told_past

_TO = re.compile(r"(?:一直|干?等)?(?:到|至|~|-+|—+)\s?")
_AND = re.compile("[、和跟,]?")
_TILL_NOW = re.compile("(?:等|拖|一直|直)?到(?:现在|今天|今日|今儿|这会儿?|目前|此刻|如今|而家|依家)|至今|迄今")
_SINCE_ILL = re.compile("[^,。!?]{0,6}(?:医院|出院|住院|抢救|疼|肿|输液|发烧|昏迷|没醒|咳)")
_WAITED = re.compile(
    r"(?:等到?|耗到|站到|拖到)(?:现在|这会儿?|而家)[^。!?\d]{0,6}?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|俩|仨|半)"
    r"(?:多|来)?个?(?P<plus>半)?多?(?P<unit>小时|钟头|钟|分钟)"
)
_UP_TO_NOW = re.compile("等到(?:现在|这会儿?|而家)")
_LATE = re.compile("(?:钟|多)?[^,。]{0,2}(?:才|就|还|说|没|到|走|敲|露|进|离)")
_LATER = re.compile("(?:到|快|都|已经)$")
_REACH = 30
"""Characters between the hour agreed and the hour of coming."""
_NEAR = 4
_LONGEST = timedelta(hours=14)
_Span = tuple[datetime, datetime]


def find_when(found: Findings, at: datetime, ahead: bool = False) -> When | None:
    """The time of what the message tells, with the zone of `at`; None when it tells none.

    `ahead`: the message books or asks, so its time may lie before us. Else only what has begun counts.
    """
    try:
        return _find(found, at, ahead)
    except OverflowError:  # before the year 1 or after 9999
        return None


def _find(found: Findings, at: datetime, ahead: bool) -> When | None:
    text = found.text
    told = list(find_mentions(text, at, ahead))
    told = told if ahead else told_past(text, told, at)
    base = choose(text, told, ahead)
    if base is None or base.now:
        waited = _waited(found, at)
        if waited or base is None:
            return waited
    base = _with_hour(base, told)
    (start, end), stop = _reach(text, base, told, at)
    if not ahead:
        start, end = _begun(base, start, end, at)
    return When(start, end, found.words(base.start, stop))


def _with_hour(base: Mention, told: Sequence[Mention]) -> Mention:
    """今天约的下午两点: the hour stands a few words after its day."""
    if base.part or base.clock or base.moment or base.now:
        return base
    after = next((one for one in told if one.start >= base.end), None)
    if not after or after.days or after.moment or after.start - base.end > _NEAR:
        return base
    return replace(base, end=after.end, part=after.part, clock=after.clock)


def _waited(found: Findings, at: datetime) -> When | None:
    """等到现在仨钟头 begins three hours ago; 等到现在 alone begins today."""
    waited = _WAITED.search(found.text)
    if waited:
        value = (value_of(waited["n"]) or 0.0) + (0.5 if waited["plus"] else 0.0)
        start = at - timedelta(minutes=value * (1 if waited["unit"] == "分钟" else 60))
        return When(start, at, found.words(*waited.span()))
    alone = _UP_TO_NOW.search(found.text)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return When(midnight, at, found.words(*alone.span())) if alone else None


def _begun(base: Mention, start: datetime, end: datetime, at: datetime) -> _Span:
    """What happened ends by now; 刚才 is the hour of writing; an hour still to come was yesterday's."""
    if base.now and not base.clock and not base.part:
        return at.replace(minute=0, second=0, microsecond=0), at
    if start > at:
        start, end = start - timedelta(days=1), end - timedelta(days=1)
    return start, min(end, at)


def _reach(text: str, base: Mention, told: Sequence[Mention], at: datetime) -> tuple[_Span, int]:
    """The stretch of an event, as told in one piece or in two; and where the first piece ends."""
    start, end = base.stretch(at)
    after = next((one for one in told if one.start >= base.end), None)
    to = _TO.match(text, base.end)
    if after and to and to.end() == after.start:
        return (start, _until(base, after, start, at) or end), after.end
    till_now = _TILL_NOW.search(text, base.end)
    if till_now and not _SINCE_ILL.match(text, till_now.end()):
        return (start, at), till_now.end() if till_now.start() == base.end else base.end
    if after and after.days and base.days and _follows(text, base, after):
        return (start, after.stretch(at)[1]), after.end
    return _came_late(text, base, after, (start, end), at), base.end


def _until(base: Mention, after: Mention, start: datetime, at: datetime) -> datetime | None:
    """The end of 三点到五点 and 3号到6号."""
    if after.now:
        return at
    if after.days or after.moment:
        return after.stretch(at)[1]
    return _next_hour(base, after, start, at)


def _next_hour(base: Mention, after: Mention, start: datetime, at: datetime) -> datetime | None:
    """The first time after `start` at which the clock shows what was said."""
    if not after.clock:
        return after.stretch(at, start.date())[1]
    hour = after.clock.hours(after.part or base.part)
    midnight = start.replace(hour=0, minute=0, second=0)
    hours = (hour,) if after.part else (hour % 12, hour % 12 + 12, hour % 12 + 24)
    later = (midnight + timedelta(hours=one) for one in hours)
    return next((moment for moment in later if start <= moment <= start + _LONGEST), None)


def _follows(text: str, base: Mention, after: Mention) -> bool:
    """周六周日: two days in a row, named in one breath."""
    link = _AND.match(text, base.end)
    row = base.days and after.days and after.days[0] - base.days[1] == timedelta(days=1)
    return bool(row and link and link.end() == after.start and not base.clock)


def _came_late(text: str, base: Mention, after: Mention | None, span: _Span, at: datetime) -> _Span:
    """昨晚七点半约的，八点五十才来: from the hour agreed to the hour of coming; without the first, only the second."""
    if not after or after.days or not after.clock or after.start - base.end > _REACH:
        return span
    if not (_LATE.match(text, after.end) or _LATER.search(text, 0, after.start)):
        return span
    moment = _next_hour(base, after, span[0], at)
    if moment is None or moment > at:
        return span
    return (span[0] if base.clock else moment), moment
