"""The rating as a table: taps, words, complaints, silence."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from domain.effects import Feedback, Grant, OpenCase, RaiseCase, SaveRating
from domain.labels import Intent
from domain.understanding import LEARNT, Reason, Understanding, Words
from flows.flow import Answer
from flows.rating import RATING, Rating
from flows.stars import stars_in
from tests.flows.walking import Walk, walk

STATE = Rating(7, "日常保洁", datetime(2026, 11, 24, 6, tzinfo=UTC), "李秀兰", link="https://huixiang.test/f")


def complaint(text: str, rule: str) -> Answer:
    """Words taken for a complaint because of this rule."""
    why = (Reason("type.quality", rule, Words(text, 0, len(text))),)
    return Answer(text=text, reading=Understanding(Intent.COMPLAINT, why=why))


@pytest.fixture
def rating() -> Walk:
    return walk(RATING, STATE)


def test_a_high_rating_goes_through_the_aspects_to_consent_and_a_friend_link(rating: Walk) -> None:
    assert rating.taps("5").caused(SaveRating) == [SaveRating(7, 5)]
    order = ("attitude", "result", "punctual", "value", "comment")
    for aspect, following in pairwise(order):
        assert rating.step == aspect
        assert rating.taps("4").caused(SaveRating) == [SaveRating(7, aspects={aspect: 4})]
        assert rating.step == following
    rating.says("厨房擦得特别亮，阿姨很细心", Intent.PRAISE)
    assert rating.caused(Feedback) == [Feedback(7, "厨房擦得特别亮，阿姨很细心")]
    assert rating.step == "share"
    rating.taps("yes")
    assert rating.caused(SaveRating) == [SaveRating(7, consent=True)]
    assert rating.caused(Grant) == [Grant("review_consent", "order:7")]
    assert rating.said == ["rating.thanks_shared", "rating.refer"]
    assert rating.step == ""


def test_consent_refused_keeps_the_review_private(rating: Walk) -> None:
    rating.taps("4").taps("enough").taps("skip").taps("no")
    assert not rating.caused(SaveRating)
    assert not rating.caused(Grant)
    assert rating.said == ["rating.thanks_private", "rating.refer"]


def test_nobody_without_a_link_is_sent_one() -> None:
    rating = walk(RATING, Rating(7, "日常保洁", STATE.starts_at, "李秀兰"))
    assert rating.taps("5").taps("enough").taps("skip").taps("yes").said == ["rating.thanks_shared"]


@pytest.mark.parametrize("stars", ["1", "2"])
@pytest.mark.parametrize("aspect", ["attitude", "result", "punctual", "value"])
def test_a_low_rating_becomes_a_case_after_one_tap(rating: Walk, stars: str, aspect: str) -> None:
    assert rating.taps(stars).step == "wrong"
    rating.taps(aspect)
    assert rating.caused(SaveRating) == [SaveRating(7, aspects={aspect: int(stars)})]
    assert rating.caused(RaiseCase) == [RaiseCase(f"rating.case_{aspect}", "rating", 7, {"stars": int(stars)})]
    assert rating.step == ""


def test_a_low_rating_in_words_keeps_the_words(rating: Walk) -> None:
    rating.taps("1").says("马桶根本没刷", Intent.COMPLAINT)
    assert rating.caused(SaveRating) == [SaveRating(7, comment="马桶根本没刷")]
    assert rating.caused(OpenCase) == [OpenCase("马桶根本没刷", "rating", 7)]


def test_a_low_rating_and_then_silence_is_still_a_case(rating: Walk) -> None:
    rating.taps("2").waits()
    assert rating.caused(RaiseCase) == [RaiseCase("rating.case_other", "rating", 7, {"stars": 2})]
    assert rating.step == ""


def test_a_middling_rating_is_asked_what_could_be_better(rating: Walk) -> None:
    rating.taps("3").taps("enough")
    assert rating.said == ["rating.comment_better"]
    assert rating.taps("skip").said == ["rating.thanks_better"]


def test_three_stars_with_a_complaint_open_a_case_at_once(rating: Walk) -> None:
    rating.says("3星吧，窗户没擦", Intent.COMPLAINT)
    assert rating.caused(SaveRating) == [SaveRating(7, 3, comment="3星吧，窗户没擦")]
    assert rating.caused(OpenCase) == [OpenCase("3星吧，窗户没擦", "rating", 7)]


def test_a_complaint_beside_five_stars_is_a_complaint(rating: Walk) -> None:
    rating.taps("5").taps("enough").answers(complaint("就是来晚了半小时", "迟到"))
    assert rating.caused(OpenCase) == [OpenCase("就是来晚了半小时", "rating", 7)]
    assert rating.step == ""


def test_beside_five_stars_what_only_resembles_a_complaint_is_praise(rating: Walk) -> None:
    rating.taps("5").taps("enough").answers(complaint("玻璃擦得透亮，下次还找她", LEARNT))
    assert (rating.caused(OpenCase), rating.step) == ([], "share")


def test_a_complaint_in_place_of_stars_is_walked_first_and_stars_are_still_taken(rating: Walk) -> None:
    rating.says("地都没拖", Intent.COMPLAINT)
    assert rating.caused(OpenCase) == [OpenCase("地都没拖", "rating", 7)]
    assert rating.step == "stars"
    rating.taps("1")
    assert rating.caused(SaveRating) == [SaveRating(7, 1)]
    assert not rating.caused(RaiseCase)
    assert rating.said == ["rating.thanks_after"]


def test_praise_without_a_number_is_kept_and_the_stars_asked_for_once_more(rating: Walk) -> None:
    rating.says("阿姨人特别好", Intent.PRAISE)
    assert rating.caused(SaveRating) == [SaveRating(7, comment="阿姨人特别好")]
    assert rating.said == ["rating.ask_still"]
    assert rating.taps("5").taps("enough").step == "share"


def test_a_greeting_is_no_comment(rating: Walk) -> None:
    rating.says("在吗")
    assert not rating.caused(SaveRating)
    assert rating.said == ["rating.ask_here"]


def test_a_booking_is_never_taken_for_a_rating() -> None:
    assert Intent.BOOKING in RATING.yields


@pytest.mark.parametrize("step", ["attitude", "result", "punctual", "value", "comment"])
def test_silence_after_the_stars_ends_quietly(rating: Walk, step: str) -> None:
    rating.taps("4")
    while rating.step != step:
        rating.taps("skip")
    rating.waits()
    assert (rating.step, rating.effects) == ("", ())


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("5星", 5), ("五星好评", 5), ("给四分", 4), ("3 颗星", 3), ("满分", 5), ("差评！", 1), ("两星", 2),
        ("5 stars", 5), ("迟到5分钟", 0), ("打8分", 0), ("15分", 0), ("擦了三遍", 0), ("挺满意", 0), ("十分满意", 0),
    ],
)  # fmt: skip
def test_stars_are_read_from_words(text: str, stars: int) -> None:
    assert stars_in(text) == stars
