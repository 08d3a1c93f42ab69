"""Figures for event matrices beside the gold: words, amounts and demands that were found, times that were read rightly.

A gold matrix is the JSON of the corpus: spans as `{"text", "start", "end"}`, `occurred_at` as ISO 8601 or null.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.understanding import Amount, Matrix, When, Words
from nlp.learning.measure import Score

Pair = tuple[Mapping[str, Any], Matrix]
"""What is right, and what was read."""
SPANS = ("place", "objects", "actors")


@dataclass(frozen=True, slots=True)
class MatrixScores:
    """`when` is the share of messages whose time was read rightly; the rest are precision and recall by field."""

    when: float
    fields: tuple[Score, ...]

    def of(self, field: str) -> Score:
        return next(score for score in self.fields if score.label == field)


def measure(pairs: Iterable[Pair]) -> MatrixScores:
    pairs = list(pairs)
    scores = [
        *(_score(field, [_spans(right, read, field) for right, read in pairs]) for field in SPANS),
        _score("amounts", [_amounts(right, read) for right, read in pairs]),
        _score("demands", [_demands(right, read) for right, read in pairs]),
    ]
    told = [when_is_right(right["occurred_at"], read.occurred_at) for right, read in pairs]
    return MatrixScores(sum(told) / len(told) if told else 0.0, tuple(scores))


_Count = tuple[int, int, int]
"""Found and right, wanted, found."""


def _score(field: str, counts: Sequence[_Count]) -> Score:
    hits, wanted, found = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return Score(field, hits / found if found else 0.0, hits / wanted if wanted else 0.0, wanted)


def _spans(right: Mapping[str, Any], read: Matrix, field: str) -> _Count:
    found: tuple[Words, ...] = getattr(read, field)
    return len(matched(right[field], found)), len(right[field]), len(found)


def matched(right: Sequence[Mapping[str, Any]], found: Sequence[Words]) -> list[tuple[Mapping[str, Any], Words]]:
    """Each right span with a found one that overlaps it, none used twice."""
    free, pairs = list(found), []
    for span in right:
        hit = next((words for words in free if span["start"] < words.end and words.start < span["end"]), None)
        if hit:
            free.remove(hit)
            pairs.append((span, hit))
    return pairs


def _amounts(right: Mapping[str, Any], read: Matrix) -> _Count:
    free = list(read.amounts)
    hits = 0
    for span in right["amounts"]:
        hit = next((amount for amount in free if _same(span, amount)), None)
        if hit:
            free.remove(hit)
            hits += 1
    return hits, len(right["amounts"]), len(read.amounts)


def _same(span: Mapping[str, Any], amount: Amount) -> bool:
    """The words overlap, value and unit are equal."""
    overlap = span["start"] < amount.words.end and amount.words.start < span["end"]
    return bool(overlap and amount.unit == span["unit"] and abs(amount.value - span["value"]) < 1e-6)


def _demands(right: Mapping[str, Any], read: Matrix) -> _Count:
    wanted, found = set(right["demands"]), {demand.value for demand in read.demands}
    return len(wanted & found), len(wanted), len(found)


def when_is_right(right: Mapping[str, Any] | None, read: When | None) -> bool:
    """Both none; or the same first and last day, and when the gold gives hours, half of the shorter stretch shared."""
    if right is None or read is None:
        return right is None and read is None
    start, end = datetime.fromisoformat(right["start"]), datetime.fromisoformat(right["end"])
    if (start.date(), end.date()) != (read.start.date(), read.end.date()):
        return False
    return _whole_days(start, end) or _shared(start, end, read) >= 0.5


def _whole_days(start: datetime, end: datetime) -> bool:
    return (start.hour, start.minute) == (0, 0) and (end.hour, end.minute) == (23, 59)


def _shared(start: datetime, end: datetime, read: When) -> float:
    """The overlap as a share of the shorter stretch; a moment inside the other stretch shares all of itself."""
    shorter = min(end - start, read.end - read.start)
    overlap = min(end, read.end) - max(start, read.start)
    if shorter <= timedelta(0):
        return float(overlap >= timedelta(0))
    return overlap / shorter
