"""The question half-way as a table."""

import pytest

from domain.effects import OpenCase, RaiseCase, SaveNeeds
from domain.events import Attachment
from domain.labels import Intent
from flows.flow import Answer
from flows.mid_visit import MID_VISIT, MidVisit
from tests.flows.walking import Walk, walk


@pytest.fixture
def visit() -> Walk:
    return walk(MID_VISIT, MidVisit(7, "李秀兰"))


def test_all_well_ends_with_one_tap(visit: Walk) -> None:
    assert visit.taps("fine").said == ["mid_visit.good"]
    assert visit.step == ""


def test_a_problem_is_asked_about_and_becomes_a_case(visit: Walk) -> None:
    assert visit.taps("problem").said == ["mid_visit.what"]
    assert visit.says("一直在打电话", Intent.COMPLAINT).caused(OpenCase) == [OpenCase("一直在打电话", "chat", 7)]


def test_a_problem_without_words_becomes_a_case_all_the_same(visit: Walk) -> None:
    assert visit.taps("problem").waits().caused(RaiseCase) == [RaiseCase("mid_visit.case", "chat", 7)]


def test_a_picture_is_a_problem_shown(visit: Walk) -> None:
    photo = Attachment("photo", "f1")
    visit.answers(Answer(files=(photo,)))
    assert visit.caused(RaiseCase) == [RaiseCase("mid_visit.case", "chat", 7, files=(photo,))]


def test_a_complaint_needs_no_button(visit: Walk) -> None:
    visit.says("她把我杯子打碎了", Intent.COMPLAINT)
    assert visit.caused(OpenCase) == [OpenCase("她把我杯子打碎了", "chat", 7)]


@pytest.mark.parametrize("text", ["让她把阳台也擦一下", "麻烦再拖一遍厨房"])
def test_a_wish_reaches_the_cleaner(visit: Walk, text: str) -> None:
    assert visit.says(text).caused(SaveNeeds) == [SaveNeeds(7, text)]
    assert visit.said == ["mid_visit.told_cleaner"]


def test_kind_words_are_taken_as_such(visit: Walk) -> None:
    assert visit.says("阿姨很认真", Intent.PRAISE).said == ["mid_visit.good"]
