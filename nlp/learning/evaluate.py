"""One evaluation: messages read by us and by the peers in the same run, and everything there is to say about it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.labels import Priority
from domain.understanding import Understanding
from nlp.learning.examples import Example
from nlp.learning.matrix_measure import measure
from nlp.learning.measure import Bin, Score, calibration, calibration_error
from nlp.learning.peers import Peer
from nlp.learning.scoring import Figures, Pair, Reading, classes, confusions, headline, polarity
from nlp.reader import Reader

Read = TypeVar("Read", bound=Reading)
OURS = "huixiang"
SNOW = "snownlp"
CONFUSIONS = 15
_MISSED, _ALARM, _INTENT, _TYPE, _STEP = 8.0, 3.0, 2.0, 1.5, 0.5
"""How bad an error is: a danger missed, a false alarm, the wrong conversation, the wrong desk, each step between."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A reading that is wrong in intent, type or priority; `why` says by which words."""

    id: str
    text: str
    right: str
    read: str
    confidence: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`readers` has the figures of ours and of each peer; the rest is about ours. Times are in milliseconds."""

    messages: int
    complaints: int
    readers: dict[str, Figures]
    classes: dict[str, list[Score]]
    confusions: list[tuple[str, str, int]]
    calibration: list[Bin]
    calibration_error: float
    matrix: Figures
    times: dict[str, Figures]
    errors: list[Mistake]


def evaluate(reader: Reader, examples: Sequence[Example], peers: Mapping[str, Peer], errors: int) -> Evaluation:
    """`errors`: how many of the worst to keep. Raises `ValueError` when there is nothing to read."""
    if not examples:
        raise ValueError("there are no messages to evaluate on")
    readings, times = _timed(lambda one: reader.understand(one.text, one.at, one.sender), examples)
    pairs = [Pair(right, read) for right, read in zip(examples, readings, strict=True)]
    figures, durations = {OURS: headline(pairs)}, {OURS: times}
    for name, peer in peers.items():
        figures[name], durations[name] = _examined(name, peer, examples)
    claims = [(pair.read.confidence, pair.is_right) for pair in pairs]
    return Evaluation(
        messages=len(pairs),
        complaints=sum(one.primary is not None for one in examples),
        readers=figures,
        classes=classes(pairs),
        confusions=confusions(pairs, CONFUSIONS),
        calibration=calibration(claims),
        calibration_error=calibration_error(claims),
        matrix=_matrix(examples, readings),
        times=durations,
        errors=worst(examples, readings, errors),
    )


def _examined(name: str, peer: Peer, examples: Sequence[Example]) -> tuple[Figures, Figures]:
    readings, times = _timed(peer.read, examples)
    pairs = [Pair(right, read) for right, read in zip(examples, readings, strict=True)]
    return {"complaint": polarity(pairs)} if name == SNOW else headline(pairs), times


def _matrix(examples: Sequence[Example], readings: Sequence[Understanding]) -> Figures:
    """The share of right times, and F1 by field, over the messages whose event matrix is known."""
    found = measure((one.matrix, read.matrix) for one, read in zip(examples, readings, strict=True) if one.matrix)
    return {"when": found.when, **{score.label: score.f1 for score in found.fields}}


def _timed(read: Callable[[Example], Read], examples: Sequence[Example]) -> tuple[list[Read], Figures]:
    """The readings, and the times that one message takes."""
    readings: list[Read] = []
    took: list[float] = []
    for one in examples:
        began = time.perf_counter()
        readings.append(read(one))
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    return readings, {"p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100]}


def worst(examples: Sequence[Example], readings: Sequence[Understanding], most: int) -> list[Mistake]:
    """The gravest errors first; of equal ones those that were surest of themselves."""
    wrong = [
        (_gravity(right, read), read.confidence, right, read)
        for right, read in zip(examples, readings, strict=True)
        if _gravity(right, read)
    ]
    wrong.sort(key=lambda one: (-one[0], -one[1]))
    return [_mistake(right, read) for _, _, right, read in wrong[:most]]


def _gravity(right: Example, read: Understanding) -> float:
    """0 for a reading that is right."""
    gravity = _INTENT * (right.intent != read.intent) + _TYPE * (right.primary != read.primary)
    if right.priority is read.priority:
        return gravity
    if right.priority is Priority.URGENT:
        return gravity + _MISSED
    if read.priority is Priority.URGENT:
        return gravity + _ALARM
    return gravity + _STEP * abs(_rank(right.priority) - _rank(read.priority))


def _rank(priority: Priority | None) -> int:
    return len(Priority) if priority is None else priority.rank


def _mistake(right: Example, read: Understanding) -> Mistake:
    why = tuple(f"{reason.label}: {reason.words.text}" for reason in read.why)
    return Mistake(right.id, right.text, _named(right), _named(read), read.confidence, why)


def _named(of: Example | Understanding) -> str:
    return " · ".join(str(label) for label in (of.intent, of.primary, of.priority) if label)
