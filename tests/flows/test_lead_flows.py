"""The questions that those who lead are asked, as pure tables."""

from typing import Any

import pytest

from domain.effects import Do, Say
from flows.close_case import CLOSE_CASE, Closing
from flows.compensate import COMPENSATE, Compensation
from flows.flow import Answer, AnyFlow
from flows.reassign import REASSIGN, Reassignment
from flows.reducer import accepts, advance, begin, question
from flows.reply import REPLY, Reply
from flows.sums import fen_in

GIVING = Compensation(3, "A1003", "王女士", (2_000, 30_000), left_fen=20_000)


def walk(flow: AnyFlow, state: Any, *answers: Answer) -> tuple[Any, list[Any]]:
    """(where it stands, the effects besides questions) after these answers."""
    standing, _ = begin(flow, state, 1)
    effects: list[Any] = []
    for answer in answers:
        assert standing is not None
        assert accepts(flow.step(standing.step), standing.state, answer), answer
        standing, followed = advance(flow, standing, answer)
        effects += [effect for effect in followed if isinstance(effect, Do)]
    return standing, effects


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50", 5000), ("50元", 5000), ("¥50", 5000), ("49.9块", 4990), ("￥0.5", 50), ("50-60", 0), ("0", 0), ("-50", 0),
        ("一百", 10_000), ("五十块吧", 5000), ("一百五", 15_000), ("一百零五", 10_500), ("两百", 20_000), ("十", 1000),
        ("给她50", 5000), ("一张50元的优惠券", 5000), ("退一半", 0), ("50%", 0), ("50块，下次再给80", 0), ("一张券", 0),
        ("give her a 50 yuan coupon", 5000),
    ],
)  # fmt: skip
def test_amounts_are_read_or_asked_again(text: str, amount: int) -> None:
    assert fen_in(text) == amount


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (("50元",), "compensate.which"), (("50元", "退款"), "compensate.confirm_cash_alone"),
        (("退款五十",), "compensate.confirm_cash_alone"), (("优惠券", "三百"), "compensate.confirm_coupon_asked"),
        (("发券300", "改成100"), "compensate.confirm_coupon_alone"),
    ],
)  # fmt: skip
def test_a_sum_may_be_typed_wherever_a_button_waits_and_the_limit_is_the_same(
    typed: tuple[str, ...], asked: str
) -> None:
    standing, effects = walk(COMPENSATE, GIVING, *(Answer(text=words) for words in typed))

    assert question(COMPENSATE, standing).key == asked
    assert effects == []


@pytest.mark.parametrize(
    ("words", "key"), [("差不多就行", "no_amount"), ("999999", "too_much"), ("50到60", "no_amount")]
)
def test_words_that_are_no_sum_are_answered_clearly(words: str, key: str) -> None:
    standing, _ = begin(COMPENSATE, GIVING, 1)
    assert standing is not None
    after, effects = advance(COMPENSATE, standing, Answer(text=words))

    assert after == standing
    assert [effect.key for effect in effects if isinstance(effect, Say)] == [f"compensate.{key}"]


def test_a_compensation_is_looked_at_once_more_before_it_is_given() -> None:
    standing, effects = walk(COMPENSATE, GIVING, Answer(choice="coupon"), Answer(text="50元"))

    assert standing.step == "confirm"
    assert question(COMPENSATE, standing).key == "compensate.confirm_coupon_alone"
    assert effects == []


def test_above_the_limit_the_question_says_that_somebody_is_asked() -> None:
    standing, _ = walk(COMPENSATE, GIVING, Answer(choice="cash"), Answer(choice="30000"))

    assert question(COMPENSATE, standing).key == "compensate.confirm_cash_asked"


def test_a_given_compensation_becomes_the_action() -> None:
    standing, effects = walk(
        COMPENSATE, GIVING, Answer(choice="cash"), Answer(choice="2000"), Answer(choice="give")
    )  # fmt: skip

    assert standing is None
    assert effects == [Do("compensate", {"case": 3, "means": "cash", "amount_fen": 2000})]


def test_a_dropped_compensation_gives_nothing() -> None:
    standing, effects = walk(COMPENSATE, GIVING, Answer(choice="cash"), Answer(choice="2000"), Answer(choice="drop"))

    assert standing is None
    assert effects == []


def test_words_that_are_no_amount_keep_the_question_open() -> None:
    standing, _ = begin(COMPENSATE, GIVING, 1)
    assert standing is not None
    standing, _ = advance(COMPENSATE, standing, Answer(choice="coupon"))
    assert standing is not None

    after, effects = advance(COMPENSATE, standing, Answer(text="你看着办"))

    assert after is not None
    assert after.step == "amount"
    assert effects == (Say("compensate.no_amount"),)


def test_grade_a_may_be_closed_without_words() -> None:
    _, effects = walk(CLOSE_CASE, Closing(3, "A1003"), Answer(choice="A"), Answer(choice="skip"))

    assert effects == [Do("close_case", {"case": 3, "grade": "A", "note": ""})]


@pytest.mark.parametrize("grade", ["B", "C"])
def test_what_should_change_must_be_said(grade: str) -> None:
    standing, effects = walk(CLOSE_CASE, Closing(3, "A1003"), Answer(choice=grade))

    assert effects == []
    assert not accepts(CLOSE_CASE.step("lesson"), standing.state, Answer(choice="skip"))
    assert question(CLOSE_CASE, standing).key == f"close_case.lesson_{grade}"


def test_a_case_is_handed_to_the_person_on_the_button() -> None:
    moving = Reassignment(3, "A1003", ("7|林主管", "9|a|b"))
    standing, _ = begin(REASSIGN, moving, 1)
    assert standing is not None

    assert [choice.label for choice in question(REASSIGN, standing).choices] == ["林主管", "a|b", ""]
    _, effects = walk(REASSIGN, moving, Answer(choice="9"))
    assert effects == [Do("reassign_case", {"case": 3, "to": 9})]


def test_only_the_people_offered_can_be_chosen() -> None:
    moving = Reassignment(3, "A1003", ("7|林主管",))

    assert not accepts(REASSIGN.step("person"), moving, Answer(choice="8"))


def test_an_answer_to_the_customer_takes_words_and_pictures() -> None:
    _, effects = walk(REPLY, Reply(3, "A1003", "王女士"), Answer(text="我们明天来"))

    assert effects == [Do("reply_customer", {"case": 3, "text": "我们明天来", "files": ()})]
