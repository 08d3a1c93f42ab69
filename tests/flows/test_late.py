"""How late a cleaner will be, in the words cleaners use."""

from datetime import UTC, datetime

import pytest

from domain.effects import CheckIn
from flows.late import LATE, Late, minutes_said
from tests.flows.walking import Walk, walk


@pytest.fixture
def late() -> Walk:
    return walk(LATE, Late(7, "日常保洁", datetime(2026, 11, 24, 6, tzinfo=UTC)))


def test_one_tap_is_enough(late: Walk) -> None:
    assert late.taps("20").caused(CheckIn) == [CheckIn(7, "late", minutes=20)]
    assert late.step == ""


def test_words_are_kept_as_the_note(late: Walk) -> None:
    assert late.says("堵车，半小时吧").caused(CheckIn) == [CheckIn(7, "late", note="堵车，半小时吧", minutes=30)]


def test_what_names_no_time_is_asked_again(late: Walk) -> None:
    assert late.says("不好说").step == "again"
    assert late.says("45").caused(CheckIn) == [CheckIn(7, "late", note="45", minutes=45)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("20分钟", 20), ("二十分钟", 20), ("十五分钟左右", 15), ("半小时", 30), ("半个钟头", 30), ("一个小时", 60),
        ("一个半小时", 90), ("1.5小时", 90), ("1小时20分", 80), ("一刻钟", 15), ("三刻", 45), ("两个小时", 120),
        ("25", 25), ("5min", 5), ("10来分钟", 10), ("马上到", 0), ("", 0), ("999小时", 360), ("3路公交堵了", 0),
    ],
)  # fmt: skip
def test_minutes_are_read_from_words(text: str, minutes: int) -> None:
    assert minutes_said(text) == minutes
