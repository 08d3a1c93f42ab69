"""One short question when it is not clear what somebody wants."""

import pytest

from domain.effects import Do, OpenRequest
from domain.events import Attachment
from domain.labels import Intent
from domain.understanding import Likely, Understanding
from flows.clarify import CLARIFY, Clarify
from flows.flow import Answer
from tests.flows.walking import Walk, walk

PHOTO = Attachment("photo", "7", 1000)


@pytest.fixture
def asked() -> Walk:
    return walk(CLARIFY, Clarify("卡的事情", ("complaint", "inquiry"), "反映问题，还是咨询", 0.55, (PHOTO,), "m1"))


def read(text: str, intent: Intent, chance: float) -> Answer:
    return Answer(text=text, reading=Understanding(intent, doubts=(Likely(f"intent.{intent}", chance),)))


def meant(text: str, intent: str) -> list[Do]:
    return [Do("meant", {"text": text, "intent": intent, "files": (PHOTO,), "ref": "m1"})]


def test_a_tap_says_what_the_first_words_meant(asked: Walk) -> None:
    assert asked.taps("inquiry").caused(Do) == meant("卡的事情", "inquiry")
    assert asked.step == ""


def test_clearer_words_are_read_together_with_the_first_ones(asked: Walk) -> None:
    done = asked.answers(read("多扣了我两次钱", Intent.COMPLAINT, 0.9))
    assert done.caused(Do) == meant("卡的事情\n多扣了我两次钱", "complaint")


def test_unsure_twice_is_a_persons_turn(asked: Walk) -> None:
    done = asked.answers(read("就那张卡嘛", Intent.COMPLAINT, 0.5))
    assert done.said == ["clarify.to_person"]
    assert done.caused(Do) == [Do("want_person", {"text": "卡的事情\n就那张卡嘛"})]


def test_small_talk_afterwards_wants_nothing_of_the_kind(asked: Walk) -> None:
    assert asked.answers(read("没事了哈哈", Intent.CHITCHAT, 0.9)).caused(Do) == meant("没事了哈哈", "chitchat")


def test_a_person_can_be_asked_for(asked: Walk) -> None:
    assert asked.taps("person").caused(Do) == [Do("want_person", {"text": "卡的事情"})]


def test_silence_leaves_the_words_to_somebody_who_looks_at_them(asked: Walk) -> None:
    assert asked.waits().caused(OpenRequest) == [OpenRequest("question", "卡的事情")]
