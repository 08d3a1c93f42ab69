"""An evaluation reads every message once per reader, keeps the gravest errors, and learns nothing from what it asks."""

from pathlib import Path

import pytest

from domain.labels import CaseType, Intent, Priority, Topic
from nlp.learning.apart import learns_from, lessons
from nlp.learning.evaluate import OURS, evaluate
from nlp.learning.examples import Example, training_files
from nlp.learning.peers import WordsAlone
from nlp.learning.scoring import Reading
from nlp.reader import Reader
from nlp.rules.opinion import Opinion
from tests.nlp.learning.messages import complaint, inquiry, other

LESSONS = [
    complaint("厨房没擦干净", CaseType.QUALITY),
    complaint("地没拖干净，还迟到", CaseType.QUALITY, Priority.NORMAL, (CaseType.PUNCTUALITY,)),
    complaint("家里有煤气味，灶也坏了", CaseType.SAFETY, Priority.URGENT, (CaseType.EQUIPMENT,)),
    inquiry("擦玻璃多少钱", Topic.PRICE),
    inquiry("新客有优惠吗，多少钱", Topic.PRICE, Topic.PROMOTION),
    inquiry("通州来吗", Topic.COVERAGE),
    other("谢谢", Intent.CHITCHAT),
]


class Silent:
    """Takes everything for small talk."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, example: Example) -> Reading:
        self.asked.append(example.id)
        return Opinion(Intent.CHITCHAT, 1.0, 0)


def test_peers_are_asked_the_same_messages(reader: Reader) -> None:
    silent = Silent()
    found = evaluate(reader, LESSONS, {"silent": silent}, errors=5)
    assert silent.asked == [one.id for one in LESSONS]
    assert found.readers["silent"]["intent"] == pytest.approx(1 / 7)
    assert found.readers[OURS]["intent"] > 0.8
    assert found.times[OURS]["p50"] <= found.times[OURS]["p99"]
    assert sum(one.count for one in found.calibration) == found.messages == 7


def test_a_missed_danger_is_the_worst_error_and_is_explained(reader: Reader) -> None:
    wrong = [
        complaint("地板没拖干净", CaseType.ATTITUDE),
        complaint("地板没拖", CaseType.SAFETY, Priority.URGENT),
        other("你好", Intent.PRAISE),
    ]
    errors = evaluate(reader, wrong, {}, errors=2).errors
    assert [one.text for one in errors] == ["地板没拖", "你好"]
    assert errors[0].right == "complaint · safety · urgent"
    assert any("没拖" in why for why in errors[0].why)


def test_words_alone_learn_what_they_are_taught() -> None:
    words = WordsAlone(LESSONS)
    gas, price = words.read(LESSONS[2]), words.read(LESSONS[3])
    assert (gas.primary, gas.priority) == (CaseType.SAFETY, Priority.URGENT)
    assert (price.intent, price.topics) == (Intent.INQUIRY, (Topic.PRICE,))


def test_nothing_is_learnt_from_what_is_asked() -> None:
    file = training_files()[0]
    assert learns_from([file])
    assert not learns_from([Path("elsewhere.jsonl")])
    assert file.stem not in {one.batch for one in lessons([file])}
    assert {one.batch for one in lessons([])} == {one.stem for one in training_files()}


def test_no_messages_cannot_be_evaluated(reader: Reader) -> None:
    with pytest.raises(ValueError, match="no messages"):
        evaluate(reader, [], {}, errors=1)
