"""When it happened, relative to the message's own time: 昨天下午三点左右, 大前天晚上, 等到现在仨钟头, 国庆那几天."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from domain.understanding import When
from nlp.findings import Findings
from nlp.matrix.numbers import value_of

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|俩|仨|半)"
_DAYS = {"今": 0, "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "当天": 0}
_DAYS |= {"昨": -1, "昨天": -1, "昨日": -1, "昨晚": -1, "寻日": -1, "前天": -2, "前日": -2, "大前天": -3}
_DAYS |= {"明天": 1, "明早": 1, "明晚": 1, "明日": 1, "后天": 2, "大后天": 3}
_PARTS = {"凌晨": (0, 5), "清晨": (5, 8), "早上": (6, 10), "早晨": (6, 10), "一早": (6, 10), "早": (6, 10)}
_PARTS |= {"朝早": (6, 10), "上午": (8, 12), "中午": (11, 14), "下午": (12, 18), "下昼": (12, 18), "傍晚": (17, 19)}
_PARTS |= {"半夜": (0, 4), "夜里": (20, 24), "深夜": (22, 24), "晚上": (18, 24), "晚": (18, 24), "夜晚": (18, 24)}
_WEEKDAYS = {
    name: day for day, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for name in names
}
_FESTIVALS = {"国庆": (10, 1, 7), "五一": (5, 1, 5), "劳动节": (5, 1, 5), "元旦": (1, 1, 1)}
_FESTIVALS |= {"圣诞": (12, 25, 1), "双十一": (11, 11, 1)}

_PART = "|".join(_PARTS)
_DAY = re.compile(
    rf"(?P<rel>{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?!后|年)"
    rf"|(?P<which>上上|上个|上|这个|这|本|下个|下)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天1-7])(?![\d个次点小])"
    rf"|(?P<ago>{_N})(?:个)?(?P<unit>天|星期|礼拜|周|月|小时|钟头|钟|分钟)(?:之|以)?前"
    rf"|(?P<month>\d{{1,2}}|十[一二]?|[一二三四五六七八九])月(?:份)?(?P<mday>\d{{1,2}}|[一二三]?十?[一二三四五六七八九十])[号日]"
    rf"|(?P<only>\d{{1,2}}|[一二三]?十[一二三四五六七八九]?)号(?![楼线院店门])"
    rf"|(?P<span>上个?(?:月|周|星期|礼拜)(?:末)?|上周末|这周末|周末|这个?月|这周|去年|前几天|前两天|这两天|这几天)"
    rf"|(?P<feast>{'|'.join(_FESTIVALS)})(?:节)?(?:那几天|那天|期间|假期)?"
    rf"|(?P<now>刚才|刚刚|刚|现在|这会儿|此刻)(?!好|开始)"
    rf"|(?P<part0>{_PART})(?=[^\w]|[的就到约来出做走没我你他她发一在才回])"
)  # fmt: skip
_CLOCK = re.compile(
    rf"的?\s?(?P<part>{_PART})?\s?(?:(?P<h>{_N})(?:点钟?|时)(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>\d{{1,2}}|[二三四五]?十[五]?|零?五)分?)?"
    r"|(?P<h2>\d{1,2}):(?P<m2>\d{2}))?(?P<about>左右|多|前后)?"
)  # fmt: skip
_NOT_A_CLOCK = r"(?<![有快慢大小好多差早])(?!一点(?:都|也|儿|不|没|小|点|水|灰|油|用|吧|就))"
_BARE_CLOCK = re.compile(
    rf"{_NOT_A_CLOCK}(?P<part>{_PART})?(?:(?P<h>{_N})点(?!赞|评|心)|(?P<h2>\d{{1,2}}):(?P<m2>\d{{2}}))"
)
_WAITED = re.compile(rf"等(?:到现在|了)\s?(?P<n>{_N})(?:个)?(?P<unit>多?小时|多?钟头|钟|分钟)")

_UNIT_DAYS = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}


def find_when(found: Findings, at: datetime) -> When | None:
    """The first time that the message tells, as a stretch with the zone of `at`; None when it tells none."""
    text = found.text
    waited = _WAITED.search(text)
    days = list(_DAY.finditer(text))
    day = next((day for day in days if not day["now"]), None)
    try:
        if waited and (hours := _duration(waited["n"], waited["unit"])):
            return When(at - hours, at, found.words(*waited.span()))
        told = _from_day(found, day, at) if day else _from_clock(found, at)
        return told or (_from_day(found, days[0], at) if days else None)
    except (ValueError, OverflowError):  # 31 April, the year 0: words that name no real time
        return None


def _duration(number: str, unit: str) -> timedelta | None:
    value = value_of(number)
    if value is None:
        return None
    return timedelta(minutes=value) if "分" in unit else timedelta(hours=value)


def _from_day(found: Findings, day: re.Match[str], at: datetime) -> When:
    if day["now"]:
        margin = timedelta(hours=1) if day["now"].startswith("刚") else timedelta(0)
        return When(at - margin, at, found.words(*day.span()))
    if day["ago"] and day["unit"] in ("小时", "钟头", "钟", "分钟"):
        moment = at - (_duration(day["ago"], day["unit"]) or timedelta(0))
        return When(moment, moment, found.words(*day.span()))
    first, last = _dates(day, at.date())
    clock = _CLOCK.match(found.text, day.end())
    part = (clock and clock["part"]) or day["part0"] or _part_in(day["rel"] or "")
    start, end = _hours(clock, part)
    stop = clock.end() if clock and (clock["part"] or clock["h"] or clock["h2"]) else day.end()
    return When(_at(first, start, at), _at(last, end, at), found.words(day.start(), stop))


def _from_clock(found: Findings, at: datetime) -> When | None:
    clock = _BARE_CLOCK.search(found.text)
    if not clock:
        return None
    full = _CLOCK.match(found.text, clock.start()) or clock
    start, end = _hours(full, full["part"])
    return When(_at(at.date(), start, at), _at(at.date(), end, at), found.words(*full.span()))


def _part_in(word: str) -> str:
    return "早上" if word.endswith("早") else "晚上" if word.endswith("晚") else ""


def _dates(day: re.Match[str], today: date) -> tuple[date, date]:
    """The first and the last day that the words mean."""
    readers: dict[str, Callable[[], tuple[date, date]]] = {
        "rel": lambda: _days(today, _DAYS[day["rel"]]),
        "wd": lambda: _weekday(today, day["which"] or "", _WEEKDAYS[day["wd"]]),
        "ago": lambda: _days(today, -int((value_of(day["ago"]) or 0) * _UNIT_DAYS[day["unit"]])),
        "month": lambda: _month_day(today, int(value_of(day["month"]) or 0), int(value_of(day["mday"]) or 0)),
        "only": lambda: _this_month(today, int(value_of(day["only"]) or 0)),
        "span": lambda: _span(today, day["span"]),
        "feast": lambda: _feast(today, *_FESTIVALS[day["feast"]]),
    }
    return next((read() for name, read in readers.items() if day[name]), (today, today))


def _days(today: date, offset: int) -> tuple[date, date]:
    there = today + timedelta(days=offset)
    return there, there


def _weekday(today: date, which: str, weekday: int) -> tuple[date, date]:
    weeks = {"上上": -2, "上": -1, "上个": -1, "下": 1, "下个": 1}.get(which, 0)
    monday = today - timedelta(days=today.weekday())
    return _days(monday, weekday + 7 * weeks)


def _month_day(today: date, month: int, day: int) -> tuple[date, date]:
    """This year's, or last year's when it would lie far ahead."""
    there = date(today.year, month, day)
    if there > today + timedelta(days=90):
        there = date(today.year - 1, month, day)
    return there, there


def _this_month(today: date, day: int) -> tuple[date, date]:
    there = today.replace(day=day)
    return there, there


def _feast(today: date, month: int, day: int, length: int) -> tuple[date, date]:
    first, _ = _month_day(today, month, day)
    return first, first + timedelta(days=length - 1)


def _span(today: date, words: str) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    if "年" in words:
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if "月" in words:
        first = today.replace(day=1)
        return (
            ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)) if "上" in words else (first, today)
        )
    if "天" in words:
        return today - timedelta(days=5 if words == "前几天" else 2), today
    week = monday - timedelta(days=7) if "上" in words else monday
    if "末" in words:
        saturday = week + timedelta(days=5)
        saturday -= timedelta(days=7) if saturday > today and "这" not in words else timedelta(0)
        return saturday, saturday + timedelta(days=1)
    return week, week + timedelta(days=6)


def _hours(clock: re.Match[str] | None, part: str | None) -> tuple[float, float]:
    """The hours of the day, as fractions: a clock time is one moment, a part of the day a stretch."""
    low, high = _PARTS.get(part or "", (0, 24))
    if clock and (clock["h"] or clock["h2"]):
        hour = value_of(clock["h"] or clock["h2"]) or 0.0
        if low >= 11 and hour < 12 and not (low == 11 and hour >= 10):
            hour += 12
        moment = hour + _minutes(clock) / 60
        return moment, moment
    return float(low), float(high)


def _minutes(clock: re.Match[str]) -> float:
    groups = clock.groupdict()
    if groups.get("half"):
        return 30.0
    if groups.get("quarter"):
        return 15.0 * (value_of(groups["quarter"] or "") or 0)
    return value_of((groups.get("m") or groups.get("m2") or "零").lstrip("零") or "零") or 0.0


def _at(day: date, hour: float, at: datetime) -> datetime:
    midnight = datetime.combine(day, time(0), at.tzinfo)
    return midnight + timedelta(hours=hour) - (timedelta(seconds=1) if hour >= 24 else timedelta(0))
