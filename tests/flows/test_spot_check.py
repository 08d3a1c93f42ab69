"""A supervisor's spot check."""

from datetime import UTC, datetime

import pytest

from domain.effects import CheckIn
from domain.events import Attachment
from flows.flow import Answer
from flows.spot_check import SPOT_CHECK, SpotCheck
from tests.flows.walking import Walk, walk


@pytest.fixture
def check() -> Walk:
    return walk(SPOT_CHECK, SpotCheck(7, "A7", "日常保洁", "李秀兰", datetime(2026, 11, 24, 6, tzinfo=UTC)))


@pytest.mark.parametrize("result", ["ok", "fix"])
def test_a_verdict_and_a_word(check: Walk, result: str) -> None:
    assert check.taps(result).said == [f"spot_check.note_{result}"]
    photo = Attachment("photo", "f1")
    check.answers(Answer(text="水龙头有水渍", files=(photo,)))
    assert check.caused(CheckIn) == [CheckIn(7, "spot_check", "水龙头有水渍", (photo,), result=result)]
    assert check.step == ""


def test_a_verdict_without_a_word_counts(check: Walk) -> None:
    assert check.taps("ok").waits().caused(CheckIn) == [CheckIn(7, "spot_check", result="ok")]


def test_no_verdict_is_no_check(check: Walk) -> None:
    assert not check.waits().caused(CheckIn)
    assert check.step == ""
