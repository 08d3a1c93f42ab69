"""What the model sees of a message: pieces of one to four characters, words, what the dictionary found, and what the
words are about.

Pieces and words are weighed like in any search engine (sublinear term frequency, inverse document frequency, each view
brought to length one). Plain Python and numpy: a message has a few hundred pieces.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import NDArray

from domain.understanding import Amount
from nlp.cutter import Cut
from nlp.findings import Findings
from nlp.rules.opinion import Opinion

LONGEST_PIECE = 4
MODEL_READS = 600
"""Characters of a message that the model looks at."""
RULES_COUNT = 0.1
MEANING_COUNTS = 0.4
WORTH = (100, 1000, 3000)
"""Yuan."""
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")

Indices = NDArray[np.int32]
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """One message as pieces and words, each as often as it is there, marks of the dictionary with their weights, and
    the mean of its words (`nlp.meanings`)."""

    pieces: list[str]
    words: list[str]
    marks: dict[str, float]
    meaning: Values

    def names(self) -> Iterator[str]:
        """Each feature once, by its name in a model: `c…`, `w…`, `r…` or `m…`."""
        yield from (f"c{piece}" for piece in dict.fromkeys(self.pieces))
        yield from (f"w{word}" for word in dict.fromkeys(self.words))
        yield from (f"r{mark}" for mark in self.marks)
        yield from (f"m{number}" for number in range(len(self.meaning)))


def features(found: Findings, cut: Cut, amounts: Sequence[Amount], opinion: Opinion, meaning: Values) -> Features:
    marks = {**dict(_marks(found)), **dict(_judged(opinion)), **dict(_worth(amounts))}
    return Features(_pieces(found.text), _words([word for word, _, _ in cut]), marks, meaning)


def _pieces(text: str) -> list[str]:
    """Runs of one to four characters, all digits alike, with the ends of the message marked."""
    plain = f"^{_DIGIT.sub('0', _SPACE.sub(' ', text[:MODEL_READS]))}$"
    found = longer = list(plain)
    for length in range(1, LONGEST_PIECE):
        longer = list(map(add, longer, plain[length:]))
        found = found + longer
    return found


def _words(cut: list[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return cut + [f"{left}_{right}" for left, right in pairwise(cut)]


def _marks(found: Findings) -> Iterator[tuple[str, float]]:
    """What the dictionary found, by label and by rule; who wrote, and how much."""
    for label, hits in found.all():
        yield f"{label}", min(sum(hit.rule.weight for hit in hits), 6.0) / 3
        for hit in hits:
            yield f"{label}:{hit.rule.name}", 1.0
    for label in found.denied:
        yield f"denied:{label}", 1.0
    yield f"over:{found.over}", 1.0
    yield f"from:{found.sender}", 1.0
    yield f"length:{min(int(math.log2(len(found.text) + 1)), 7)}", 1.0


def _judged(opinion: Opinion) -> Iterator[tuple[str, float]]:
    """What the dictionary alone would say."""
    labels = (opinion.intent, opinion.primary, opinion.priority, opinion.hazard)
    for kind, label in zip(("intent", "primary", "priority", "hazard"), labels, strict=True):
        if label:
            yield f"judged:{kind}:{label}", 1.0
    yield f"anger:{opinion.anger}", 1.0


def _worth(amounts: Sequence[Amount]) -> Iterator[tuple[str, float]]:
    """The greatest sum named, on the scale on which priority turns."""
    sums = [amount.value for amount in amounts if amount.unit == "元"]
    if sums:
        yield f"worth:{bisect_right(WORTH, max(sums))}", 1.0


class Vectors:
    """Turns features into numbers: `names` are the features we know, by column, `idf` their weights."""

    def __init__(self, names: Iterable[str], idf: Values) -> None:
        self.idf = idf
        split = [(name[0], name[1:]) for name in names]
        self._views = "".join(view for view, _ in split)
        self._names = [name for _, name in split]
        self._pieces, self._words, self._marks = (
            {name: column for column, (its, name) in enumerate(split) if its == view} for view in "cwr"
        )
        meant = [(int(name), column) for column, (its, name) in enumerate(split) if its == "m"]
        self._numbers = np.array([number for number, _ in meant], np.int32)
        self._meant = np.array([column for _, column in meant], np.int32)

    @property
    def names(self) -> list[str]:
        return list(map(add, self._views, self._names))

    def only(self, columns: NDArray[np.intp]) -> "Vectors":
        """With these columns, and no others."""
        names = self.names
        return Vectors([names[column] for column in columns], self.idf[columns])

    def name(self, column: int) -> str:
        return self._views[column] + self._names[column]

    def vector(self, seen: Features) -> tuple[Indices, Values]:
        """The columns of the features we know, and their values."""
        pieces, words = self._weighed(self._pieces, seen.pieces), self._weighed(self._words, seen.words)
        marks = self._marked(seen.marks)
        meaning = self._meant, seen.meaning[self._numbers] * np.float32(MEANING_COUNTS)
        columns, values = zip(pieces, words, marks, meaning, strict=True)
        return np.concatenate(columns), np.concatenate(values)

    def _weighed(self, columns: Mapping[str, int], names: list[str]) -> tuple[Indices, Values]:
        counts = Counter(map(columns.get, names))
        counts.pop(None, None)
        known = np.array([*counts], np.int32)
        values = (1 + np.log(np.array([*counts.values()], np.float32))) * self.idf[known]
        return known, values / (math.sqrt(values @ values) or 1)

    def _marked(self, marks: Mapping[str, float]) -> tuple[Indices, Values]:
        known = {self._marks[name]: value * RULES_COUNT for name, value in marks.items() if name in self._marks}
        return np.array([*known], np.int32), np.array([*known.values()], np.float32)


def learn_vectors(corpus: Iterable[Features], rarest: int) -> Vectors:
    """Columns for every feature that at least `rarest` messages have."""
    messages, having = 0, Counter[str]()
    for seen in corpus:
        messages += 1
        having.update(seen.names())
    names = sorted(name for name, count in having.items() if count >= rarest)
    idf = np.array([math.log((1 + messages) / (1 + having[name])) + 1 for name in names], np.float32)
    return Vectors(names, idf)
