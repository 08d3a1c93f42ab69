"""A cleaner runs late 要晚到: how many minutes, and the customer knows before they have to ask."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.effects import CheckIn
from domain.understanding import Understanding
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of

MOST = 6 * 60
HANDS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_HALF = re.compile(r"半个?(?:小时|钟头)")
_QUARTERS = re.compile(r"([一三])刻钟?")
_HOURS = re.compile(r"(\d+(?:\.\d+)?|[一二两三四五六])个?半?(?:小时|钟头)")
_DIGITS = "一二两三四五六七八九"
_MINUTES = re.compile(rf"(\d{{1,3}}|[{_DIGITS}]?十[{_DIGITS}]?|[{_DIGITS}])(?:来|多|几)?(?:分|min)")


@dataclass(frozen=True)
class Late:
    order: int
    service: str
    starts_at: datetime


def minutes_said(text: str, reading: Understanding | None = None) -> int:
    """How long in minutes, from "20分钟", "半小时", "一个半小时", or 0 when no time was said."""
    total = _hours(text) + _minutes(text)
    if not total and re.fullmatch(r"\s*\d{1,3}\s*", text):
        total = int(text)
    if not total and reading is not None:
        total = sum(int(a.value) for a in reading.matrix.amounts if a.unit in ("分钟", "分", "min"))
    return min(total, MOST)


def _hours(text: str) -> int:
    if found := _HOURS.search(text):
        half = 30 if "半" in found.group() else 0
        return int(float(HANDS.get(found.group(1), 0) or found.group(1)) * 60) + half
    if _HALF.search(text):
        return 30
    found = _QUARTERS.search(text)
    return HANDS[found.group(1)] * 15 if found else 0


def _minutes(text: str) -> int:
    found = _MINUTES.search(text)
    return _number(found.group(1)) if found else 0


def _number(word: str) -> int:
    """20, 二十, 十五, 五."""
    if word.isdecimal():
        return int(word)
    if "十" not in word:
        return HANDS[word]
    tens, _, ones = word.partition("十")
    return HANDS.get(tens, 1) * 10 + HANDS.get(ones, 0)


def took_minutes(late: Late, answer: Answer) -> Move[Late]:
    minutes = int(answer.choice) if answer.choice else minutes_said(answer.text, answer.reading)
    if not minutes:
        return go("again", late)
    return done(late, CheckIn(late.order, "late", note=answer.text, minutes=minutes))


HOW_LONG = one_of("10", "20", "30", "60")

LATE = Flow("late", Late, (
    #    step       says          accepts          then          silent for             then
    Step("minutes", "late.ask",   HOW_LONG | TEXT, took_minutes, timedelta(minutes=15), ends),
    Step("again",   "late.again", HOW_LONG | TEXT, took_minutes, timedelta(minutes=15), ends),
))  # fmt: skip
