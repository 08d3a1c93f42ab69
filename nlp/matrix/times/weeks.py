"""Days told from today or by the week: 大前天, 前两天, 上礼拜三, 上周末, 两周前."""

import re
from datetime import date, timedelta

from nlp.matrix.numbers import value_of
from nlp.matrix.times.day_words import DAYS, ENGLISH, SPANS, WEEKDAYS
from nlp.matrix.times.feasts import Stretch
from nlp.matrix.times.today import Today, months_ago, one_day

_UNIT_DAYS = {"天": 1.0, "日": 1.0, "周": 7.0, "星期": 7.0, "礼拜": 7.0, "月": 30.0, "年": 365.0}


def relative_day(match: re.Match[str], today: Today, after: date | None) -> Stretch:
    word = match["rel"]
    shift = DAYS.get(word, {"今": 0, "前": -2, "大前": -3}.get(word, 0))
    return today.shifted(shift, shift)


def _week_of(today: Today, which: str) -> date:
    """The Monday of the week meant."""
    weeks = -2 if which.startswith("上上") else -1 if which.startswith(("上", "last")) else 1 if "下" in which else 0
    return today.day - timedelta(days=today.day.weekday()) + timedelta(days=7 * weeks)


def weekday(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    return _on_weekday(today, match["which"] or "", WEEKDAYS[match["wd"]], after)


def english(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    which, _, name = match["english"].rpartition(" ")
    return _on_weekday(today, which, ENGLISH[name], after)


def _on_weekday(today: Today, which: str, weekday: int, after: date | None) -> Stretch | None:
    if not which and after:
        return one_day(after + timedelta(days=(weekday - after.weekday()) % 7))
    there = _week_of(today, which) + timedelta(days=weekday)
    if not which and not today.ahead and there >= today.day:
        there -= timedelta(days=7)
    return one_day(there)


def whole_week(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    monday = _week_of(today, match["which2"])
    if match["week"].endswith("末"):
        return monday + timedelta(days=5), monday + timedelta(days=6)
    return monday, monday + timedelta(days=6)


def weekend(match: re.Match[str], today: Today, after: date | None) -> Stretch:
    saturday = _week_of(today, "") + timedelta(days=5)
    if saturday > today.day and not today.ahead:
        saturday -= timedelta(days=7)
    return saturday, saturday + timedelta(days=1)


def ago(match: re.Match[str], today: Today, after: date | None) -> Stretch | None:
    value = (value_of(match["ago"]) or 0.0) + (0.5 if match["plus"] else 0.0)
    days = int(value * _UNIT_DAYS[match["unit"]]) if match["unit"] in _UNIT_DAYS else 0
    if match["unit"] == "月" and value >= 1:
        return one_day(months_ago(today.day, int(value)))
    return today.shifted(-days, -days)


def span(match: re.Match[str], today: Today, after: date | None) -> Stretch:
    return today.shifted(*SPANS.get(match["span"][:-1], (-30, -7)))
