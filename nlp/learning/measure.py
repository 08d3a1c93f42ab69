"""Figures for readings beside what was right: accuracy, F1, calibration, the worst errors. Plain counting."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """One class: of those named it, how many were; of those it was, how many were found."""

    label: str
    precision: float
    recall: float
    count: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def accuracy(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """`pairs` are (right, read)."""
    return sum(right == read for right, read in pairs) / len(pairs) if pairs else 0.0


def by_class(pairs: Sequence[tuple[Hashable, Hashable]]) -> list[Score]:
    """Every class that is right somewhere, in the order of its name."""
    right, read = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    hits = Counter(pair[0] for pair in pairs if pair[0] == pair[1])
    return [
        Score(str(label), hits[label] / read[label] if read[label] else 0.0, hits[label] / count, count)
        for label, count in sorted(right.items(), key=lambda item: str(item[0]))
    ]


def macro_f1(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    scores = by_class(pairs)
    return sum(score.f1 for score in scores) / len(scores) if scores else 0.0


def of_sets(pairs: Iterable[tuple[Set[Hashable], Set[Hashable]]]) -> Score:
    """Sets against sets, counted over all of them: what should be there, and what is."""
    hits = wanted = found = 0
    for right, read in pairs:
        hits, wanted, found = hits + len(right & read), wanted + len(right), found + len(read)
    return Score("", hits / found if found else 0.0, hits / wanted if wanted else 0.0, wanted)


def confusion(pairs: Sequence[tuple[Hashable, Hashable]], most: int = 15) -> list[tuple[str, str, int]]:
    """(right, read, how often) of the commonest errors."""
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return [(str(right), str(read), count) for (right, read), count in wrong.most_common(most)]


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings of about the same confidence: how sure they were on average, and how often they were right."""

    sure: float
    right: float
    count: int


def calibration(claims: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """`claims` are (confidence, was it right)."""
    shelves: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for sure, right in claims:
        shelves[min(int(sure * bins), bins - 1)].append((sure, right))
    return [
        Bin(sum(sure for sure, _ in shelf) / len(shelf), sum(right for _, right in shelf) / len(shelf), len(shelf))
        for shelf in shelves
        if shelf
    ]


def calibration_error(claims: Sequence[tuple[float, bool]]) -> float:
    """How far confidence and truth lie apart on average."""
    return sum(abs(one.sure - one.right) * one.count for one in calibration(claims)) / max(len(claims), 1)
