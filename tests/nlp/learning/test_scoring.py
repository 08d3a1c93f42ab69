"""The figures of a handful of readings, counted by hand."""

import pytest

from domain.labels import CaseType, Intent, Priority, Topic
from nlp.learning.examples import Example
from nlp.learning.scoring import Pair, classes, confusions, headline
from nlp.rules.opinion import Opinion
from tests.nlp.learning.messages import complaint, inquiry, other


def read(intent: Intent, case: CaseType | None = None, priority: Priority | None = None, *topics: Topic) -> Opinion:
    return Opinion(intent, 0.9, 0, topics, case, (), priority)


GAS = complaint("煤气味", CaseType.SAFETY, Priority.URGENT)
PAIRS = [
    Pair(GAS, read(Intent.COMPLAINT, CaseType.SAFETY, Priority.URGENT)),
    Pair(GAS, read(Intent.INQUIRY)),
    Pair(complaint("地没拖", CaseType.QUALITY), read(Intent.COMPLAINT, CaseType.QUALITY, Priority.URGENT)),
    Pair(inquiry("多少钱，通州来吗", Topic.PRICE, Topic.COVERAGE), read(Intent.INQUIRY, None, None, Topic.PRICE)),
    Pair(inquiry("有优惠吗", Topic.PROMOTION), read(Intent.INQUIRY, None, None, Topic.PRICE)),
    Pair(other("谢谢", Intent.CHITCHAT), read(Intent.CHITCHAT)),
]


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("intent", 5 / 6),
        ("complaint", 5 / 6),
        ("primary", 2 / 3),
        ("primary_f1", (2 / 3 + 1) / 2),
        ("priority", 1 / 3),
        ("urgent_recall", 1 / 2),
        ("urgent_precision", 1 / 2),
        ("topic_hit", 1 / 2),
        ("topic_f1", 2 * (1 / 2 * 1 / 3) / (1 / 2 + 1 / 3)),
        ("anger", 1 / 2),
        ("anger_near", 1.0),
    ],
)
def test_headline(figure: str, value: float) -> None:
    assert headline(PAIRS)[figure] == pytest.approx(value)


def test_every_topic_is_a_class_though_several_may_hold() -> None:
    scores = {score.label: score for score in classes(PAIRS)["topic"]}
    assert (scores["price"].precision, scores["price"].recall, scores["price"].count) == (0.5, 1.0, 1)
    assert (scores["coverage"].recall, scores["scope"].count) == (0.0, 0)


def test_the_commonest_confusion_comes_first() -> None:
    twice = [*PAIRS, PAIRS[1], Pair(PAIRS[5].right, read(Intent.PRAISE))]
    assert confusions(twice, 1) == [("safety", "inquiry", 2)]


def test_nothing_to_count_is_no_error() -> None:
    assert set(headline([]).values()) == {0.0}


def test_sure_of_the_right_intent_and_the_wrong_type_is_not_right() -> None:
    right: Example = complaint("花瓶碎了", CaseType.DAMAGE)
    assert not Pair(right, read(Intent.COMPLAINT, CaseType.LOSS)).is_right
    assert Pair(right, read(Intent.COMPLAINT, CaseType.DAMAGE)).is_right
