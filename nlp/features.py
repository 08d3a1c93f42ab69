"""What the model sees of a message: pieces of one to four characters, words, and what the dictionary found.

Pieces and words are weighed like in any search engine (sublinear term frequency, inverse document frequency, each view
brought to length one). It is plain Python and numpy: a message has a few hundred pieces.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
WORTH = (100, 1000, 3000)
"""Yuan."""
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")

Indices = NDArray[np.int32]
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """One message as counted pieces (`c…`), words (`w…`) and marks of the dictionary (`r…`)."""

    pieces: Counter[str]
    words: Counter[str]
    marks: dict[str, float]

    def names(self) -> Iterator[str]:
        yield from self.pieces
        yield from self.words
        yield from self.marks


def features(found: Findings, cut: Cut, amounts: Sequence[Amount], opinion: Opinion) -> Features:
    marks = {**dict(_marks(found)), **dict(_judged(opinion)), **dict(_worth(amounts))}
    return Features(_pieces(found.text), _words([word for word, _, _ in cut]), marks)


def _pieces(text: str) -> Counter[str]:
    """Runs of one to four characters, all digits alike, with the ends of the message marked."""
    plain = f"^{_DIGIT.sub('0', _SPACE.sub(' ', text[:MODEL_READS]))}$"
    found: list[str] = []
    for length in range(1, LONGEST_PIECE + 1):
        found += [f"c{plain[start : start + length]}" for start in range(len(plain) - length + 1)]
    return Counter(found)


def _words(cut: list[str]) -> Counter[str]:
    """Words and pairs of neighbours."""
    pairs = (f"w{left}_{right}" for left, right in pairwise(cut))
    return Counter([*(f"w{word}" for word in cut), *pairs])


def _marks(found: Findings) -> Iterator[tuple[str, float]]:
    """What the dictionary found, by label and by rule; who wrote, and how much."""
    for label, hits in found.all():
        yield f"r{label}", min(sum(hit.rule.weight for hit in hits), 6.0) / 3
        for hit in hits:
            yield f"r{label}:{hit.rule.name}", 1.0
    for label in found.denied:
        yield f"rdenied:{label}", 1.0
    yield f"rover:{found.over}", 1.0
    yield f"rfrom:{found.sender}", 1.0
    yield f"rlength:{min(int(math.log2(len(found.text) + 1)), 7)}", 1.0


def _judged(opinion: Opinion) -> Iterator[tuple[str, float]]:
    """What the dictionary alone would say."""
    labels = (opinion.intent, opinion.primary, opinion.priority, opinion.hazard)
    for kind, label in zip(("intent", "primary", "priority", "hazard"), labels, strict=True):
        if label:
            yield f"rjudged:{kind}:{label}", 1.0
    yield f"ranger:{opinion.anger}", 1.0


def _worth(amounts: Sequence[Amount]) -> Iterator[tuple[str, float]]:
    """The greatest sum named, on the scale on which priority turns."""
    sums = [amount.value for amount in amounts if amount.unit == "元"]
    if sums:
        yield f"rworth:{bisect_right(WORTH, max(sums))}", 1.0


class Vectors:
    """Turns features into numbers: `known` maps a feature's name to its column, `idf` weighs the columns."""

    def __init__(self, known: Mapping[str, int], idf: Values) -> None:
        self.known = known
        self.names = list(known)
        self.idf = idf

    def vector(self, seen: Features) -> tuple[Indices, Values]:
        """The columns of the features we know, and their values."""
        views = [self._weighed(seen.pieces), self._weighed(seen.words), self._marked(seen.marks)]
        return np.concatenate([view[0] for view in views]), np.concatenate([view[1] for view in views])

    def _weighed(self, counts: Counter[str]) -> tuple[Indices, Values]:
        names = [name for name in counts if name in self.known]
        if not names:
            return _NOTHING
        columns = np.array([self.known[name] for name in names], np.int32)
        values = (1 + np.log([counts[name] for name in names])) * self.idf[columns]
        return columns, (values / np.sqrt(values @ values)).astype(np.float32)

    def _marked(self, marks: Mapping[str, float]) -> tuple[Indices, Values]:
        pairs = [(self.known[name], value) for name, value in marks.items() if name in self.known]
        return (
            np.array([column for column, _ in pairs], np.int32),
            np.array([value * RULES_COUNT for _, value in pairs], np.float32),
        )


_NOTHING: tuple[Indices, Values] = (np.zeros(0, np.int32), np.zeros(0, np.float32))


def learn_vectors(corpus: Iterable[Features], rarest: int) -> Vectors:
    """Columns for every feature that at least `rarest` messages have."""
    messages, having = 0, Counter[str]()
    for seen in corpus:
        messages += 1
        having.update(seen.names())
    names = sorted(name for name, count in having.items() if count >= rarest)
    idf = np.array([math.log((1 + messages) / (1 + having[name])) + 1 for name in names], np.float32)
    return Vectors({name: column for column, name in enumerate(names)}, idf)
