"""The day-before question as a table."""

from datetime import UTC, datetime

import pytest

from domain.effects import OpenCase, SaveNeeds
from domain.labels import Intent
from flows.before_visit import BEFORE_VISIT, BeforeVisit
from tests.flows.walking import Walk, walk


@pytest.fixture
def visit() -> Walk:
    moment = datetime(2026, 11, 24, 6, tzinfo=UTC)
    return walk(BEFORE_VISIT, BeforeVisit(7, "日常保洁", moment, moment, "李秀兰", "锦绣路1200弄***"))


def test_no_needs_ends_with_one_tap(visit: Walk) -> None:
    assert visit.taps("none").said == ["before_visit.see_you"]
    assert visit.step == ""


@pytest.mark.parametrize("kind", ["pets", "family", "material"])
def test_a_kind_of_need_is_asked_about_and_kept_with_its_words(visit: Walk, kind: str) -> None:
    assert visit.taps(kind).said == [f"before_visit.ask_{kind}"]
    assert visit.says("客厅那个").caused(SaveNeeds) == [SaveNeeds(7, "客厅那个", kind)]
    assert visit.step == "more"


def test_a_kind_alone_is_worth_keeping(visit: Walk) -> None:
    assert visit.taps("pets").taps("skip").caused(SaveNeeds) == [SaveNeeds(7, "", "pets")]


def test_a_kind_and_silence_is_kept_too(visit: Walk) -> None:
    assert visit.taps("family").waits().caused(SaveNeeds) == [SaveNeeds(7, "", "family")]
    assert visit.step == ""


def test_needs_may_simply_be_written(visit: Walk) -> None:
    assert visit.says("重点擦厨房").caused(SaveNeeds) == [SaveNeeds(7, "重点擦厨房")]
    assert visit.says("钥匙在门卫").caused(SaveNeeds) == [SaveNeeds(7, "钥匙在门卫")]
    assert visit.said == ["before_visit.noted"]


def test_a_wish_to_move_the_visit_is_never_taken_for_a_need() -> None:
    assert Intent.BOOKING in BEFORE_VISIT.yields


def test_a_complaint_about_last_time_is_a_need_and_a_case(visit: Walk) -> None:
    visit.says("上次窗户没擦干净，这次注意", Intent.COMPLAINT)
    assert visit.caused(SaveNeeds) == [SaveNeeds(7, "上次窗户没擦干净，这次注意")]
    assert visit.caused(OpenCase) == [OpenCase("上次窗户没擦干净，这次注意", "chat", 7)]


def test_a_complaint_among_the_last_words_is_a_case_too(visit: Walk) -> None:
    visit.says("重点擦厨房").says("上次把台面弄花了", Intent.COMPLAINT)
    assert visit.caused(OpenCase) == [OpenCase("上次把台面弄花了", "chat", 7)]
    assert visit.step == ""


def test_silence_ends_quietly(visit: Walk) -> None:
    assert visit.waits().effects == ()
    assert visit.step == ""
