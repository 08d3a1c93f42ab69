"""Days told by the calendar: 三号, 上个月底, 八月最后一天, 去年腊月, 初五, 国庆第三天."""

import re
from datetime import date

from nlp.matrix.numbers import value_of
from nlp.matrix.times.feasts import Stretch, feast_days
from nlp.matrix.times.lunar import lunar_day, lunar_month, lunar_year
from nlp.matrix.times.today import Today, month_end, months_ago, one_day


def _year(match: re.Match[str], today: Today) -> int | None:
    word = match["year"]
    if not word:
        return None
    shift = {"去年": -1, "今年": 0, "前年": -2}.get(word)
    return today.day.year + shift if shift is not None else 2000 + int(word[-3:-1])


def month(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    """A month by its number or its name, a part or a day of it."""
    told = match["month"] or match["dm"]
    if told:
        number = int(value_of(told) or 0)
        return today.recent(lambda year: _in_month(match, year, number), _year(match, today))
    which = match["rm"]
    back = 2 if which.startswith("上上") else 1 if which.startswith("上") else -1 if "下" in which else 0
    first = months_ago(today.day.replace(day=1), back)
    return _in_month(match, first.year, first.month)


def _in_month(match: re.Match[str], year: int, month: int) -> Stretch | None:
    day = _number(match["mday"]) if match["mday"] else 0
    if day:
        return one_day(date(year, month, day))
    return _part_of(match["sub"] or "", year, month)


def _part_of(part: str, year: int, month: int) -> Stretch:
    last = month_end(year, month).day
    parts = {"初": (1, 7), "上旬": (1, 10), "中": (11, 20), "下旬": (21, last), "底": (25, last), "末": (25, last)}
    parts |= {"最后一天": (last, last), "第一天": (1, 1)}
    first, end = next((days for name, days in parts.items() if part and name in part), (1, last))
    return date(year, month, first), date(year, month, end)


def _number(words: str) -> int:
    return int(value_of(words.replace("廿", "二十")) or 0)


def lunar(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    """腊月, 正月初八: of the lunar year named, or the last one."""
    month_number = {"正": 1, "冬": 11}.get(match["lm"], 12)
    day = _number(match["lday"] or "") if match["lday"] else 0
    told = match["year"]
    year = lunar_year(today.day) + {"去": -1, "前": -2}.get(told[0], 0) if told else None
    if day:
        return today.recent(lambda named: one_day(lunar_day(named, month_number, day)), year)
    return today.recent(lambda named: lunar_month(named, month_number), year)


def first_days(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    day = _number(match["lday1"])
    if after:
        coming = (lunar_day(year, 1, day) for year in (after.year, after.year + 1))
        return one_day(next((there for there in coming if there and there >= after), None))
    return today.recent(lambda year: one_day(lunar_day(year, 1, day)))


def only(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    """20号: the last one, or the first after the day from which a range runs."""
    day = _number(match["only"])
    if today.ahead and not after:
        return one_day(today.day.replace(day=day))
    begin = (after or today.day).replace(day=1)
    for back in (0, -1) if after else (0, 1, 2):
        first = months_ago(begin, back)
        if day > month_end(first.year, first.month).day:
            continue
        there = first.replace(day=day)
        if (there >= after) if after else (there <= today.day):
            return one_day(there)
    return None


def this_month(match: re.Match[str], today: Today, after: date | None) -> Stretch:
    """月底 is the last one that has begun."""
    stretch = _part_of(match["sub2"], today.day.year, today.day.month)
    if stretch[0] <= today.day or today.ahead:
        return stretch
    before = months_ago(today.day, 1)
    return _part_of(match["sub2"], before.year, before.month)


def feast(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    return today.recent(lambda year: feast_days(match["feast"], match["mod"] or "", year), _year(match, today))


def whole_year(match: re.Match[str], today: Today, after: date | None) -> Stretch:
    year = today.day.year - {"去年": 1, "前年": 2}.get(match["just"], 3)
    return date(year, 1, 1), date(year, 12, 31)
