"""A phone call-back with its prepared questions."""

from datetime import UTC, datetime

import pytest

from domain.effects import OpenCase, RaiseCase, SaveCall, SaveRating
from domain.labels import Intent
from flows.call_back import CALL_BACK, CallBack
from tests.flows.walking import Walk, walk


@pytest.fixture
def call() -> Walk:
    moment = datetime(2026, 11, 24, 6, tzinfo=UTC)
    return walk(CALL_BACK, CallBack(3, 7, "A7", "日常保洁", moment, "王女士", "李秀兰", "13800000001"))


def test_every_answer_is_kept_as_it_is_given(call: Walk) -> None:
    assert call.taps("reached").caused(SaveCall) == [SaveCall(3, {"reached": "yes"})]
    assert call.taps("4").caused(SaveCall) == [SaveCall(3, {"stars": "4"})]
    assert call.caused(SaveRating) == [SaveRating(7, 4)]
    assert call.says("人很勤快", Intent.PRAISE).caused(SaveCall) == [SaveCall(3, {"good": "人很勤快"})]
    assert call.taps("skip").caused(SaveCall) == []
    assert call.taps("again_yes").caused(SaveCall) == [SaveCall(3, {"again": "again_yes"}, ended=True)]
    assert call.said == ["call_back.saved"]


def test_nobody_answering_leaves_it_on_the_list(call: Walk) -> None:
    assert call.taps("no_answer").caused(SaveCall) == [SaveCall(3, {"reached": "no_answer"})]
    assert call.step == ""


def test_a_customer_who_does_not_want_it_is_left_alone(call: Walk) -> None:
    assert call.taps("refused").caused(SaveCall) == [SaveCall(3, {"reached": "refused"}, ended=True)]


def test_low_stars_open_a_case(call: Walk) -> None:
    call.taps("reached").taps("2").taps("skip").taps("skip").taps("again_no")
    assert call.caused(RaiseCase) == [RaiseCase("call_back.case", "staff", 7, {"stars": 2})]


def test_a_complaint_told_on_the_phone_opens_a_case_in_its_own_words(call: Walk) -> None:
    call.taps("reached").taps("5").taps("skip").says("就是油烟机没擦", Intent.COMPLAINT).taps("skip")
    assert call.caused(OpenCase) == [OpenCase("就是油烟机没擦", "staff", 7)]
