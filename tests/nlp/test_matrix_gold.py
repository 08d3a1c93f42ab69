"""The event matrix on complaints whose matrix is known: floors a little under what the reader reaches."""

from datetime import datetime

import pytest

from domain.labels import Demand
from domain.understanding import Amount, Matrix, When, Words
from nlp.eyes import Eyes, read_toml
from nlp.learning.examples import CORPUS, read_examples
from nlp.learning.matrix_measure import MatrixScores, measure, when_is_right
from nlp.matrix.build import MatrixTools, build_matrix
from nlp.reader import load_nouns


@pytest.fixture(scope="module")
def scores() -> MatrixScores:
    nouns = load_nouns()
    eyes, tools = Eyes.load(nouns.all()), MatrixTools(nouns, read_toml("missing.toml"))
    examples = [one for one in read_examples(sorted(CORPUS.glob("matrix-*.jsonl"))) if one.matrix]
    return measure(
        (one.matrix or {}, build_matrix(eyes.look(one.text, one.sender), one.at, one.primary, tools))
        for one in examples
    )


@pytest.mark.parametrize(
    ("field", "floor"), [("place", 0.95), ("objects", 0.86), ("actors", 0.93), ("amounts", 0.95), ("demands", 0.95)]
)
def test_what_was_said_is_found(scores: MatrixScores, field: str, floor: float) -> None:
    assert scores.of(field).f1 >= floor


def test_when_it_happened_is_read_rightly(scores: MatrixScores) -> None:
    assert scores.when >= 0.96


def _when(start: str, end: str) -> When:
    return When(datetime.fromisoformat(start), datetime.fromisoformat(end), Words("", 0, 0))


DAY = {"start": "2025-06-01T00:00:00+08:00", "end": "2025-06-01T23:59:59+08:00"}
AFTERNOON = {"start": "2025-06-01T13:00:00+08:00", "end": "2025-06-01T18:00:00+08:00"}


def test_a_whole_day_asks_for_the_date_only_and_hours_for_half_of_the_shorter_stretch() -> None:
    three = _when("2025-06-01T15:00+08:00", "2025-06-01T15:00+08:00")
    assert when_is_right(DAY, three)
    assert when_is_right(AFTERNOON, three)
    assert not when_is_right(AFTERNOON, _when("2025-06-01T08:00+08:00", "2025-06-01T12:00+08:00"))
    assert not when_is_right(DAY, _when("2025-06-01T15:00+08:00", "2025-06-02T15:00+08:00"))
    assert when_is_right(None, None)
    assert not when_is_right(DAY, None)
    assert not when_is_right(None, three)


def test_one_word_found_twice_counts_once_and_a_wrong_unit_not_at_all() -> None:
    gold = {
        "occurred_at": None, "place": [], "actors": [], "demands": ["refund"],
        "objects": [{"text": "沙发", "start": 0, "end": 2}],
        "amounts": [{"text": "三百", "start": 3, "end": 5, "value": 300.0, "unit": "元"}],
    }  # fmt: skip
    read = Matrix(
        objects=(Words("沙发", 0, 2), Words("发", 1, 2)),
        amounts=(Amount(300, "次", Words("三百", 3, 5)),),
        demands=(Demand.REFUND, Demand.APOLOGY),
    )
    scores = measure([(gold, read)])
    assert (scores.of("objects").precision, scores.of("objects").recall) == (0.5, 1.0)
    assert scores.of("amounts").f1 == 0.0
    assert (scores.of("demands").precision, scores.of("demands").recall) == (0.5, 1.0)
    assert scores.when == 1.0


def test_nothing_measured_is_no_division_by_zero() -> None:
    assert measure([]).when == 0.0
