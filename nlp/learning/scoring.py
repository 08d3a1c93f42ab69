"""The figures by which a reader is judged, the same for ours and for every peer; `measure` does the counting."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.labels import CaseType, Intent, Priority, Topic
from nlp.learning.examples import Example
from nlp.learning.measure import Score, accuracy, by_class, confusion, macro_f1, of_sets

Figures = dict[str, float]
"""A share from 0 to 1 by the name of what it is a share of."""
AIMS: Figures = {
    "intent": 0.96, "primary": 0.92, "primary_f1": 0.90, "priority": 0.90, "urgent_recall": 0.97,
    "urgent_precision": 0.85, "topic_hit": 0.93, "when": 0.92, "place": 0.90, "objects": 0.80, "amounts": 0.92,
    "demands": 0.88,
}  # fmt: skip
"""What a careful reader would call good: two people agree on 98 of a hundred."""


class Reading(Protocol):
    """What any reader says of a message: an `Understanding`, or the dictionary's `Opinion`."""

    @property
    def intent(self) -> Intent: ...
    @property
    def topics(self) -> tuple[Topic, ...]: ...
    @property
    def primary(self) -> CaseType | None: ...
    @property
    def secondary(self) -> tuple[CaseType, ...]: ...
    @property
    def priority(self) -> Priority | None: ...
    @property
    def anger(self) -> int: ...
    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A message with what it means, and what was made of it."""

    right: Example
    read: Reading

    @property
    def is_right(self) -> bool:
        """Whether the part that `confidence` speaks of is: the intent, and the type of a complaint."""
        return self.right.intent == self.read.intent and self.right.primary == self.read.primary


def headline(pairs: Sequence[Pair]) -> Figures:
    """Type, priority and secondary are asked of all that is a complaint, whatever it was taken for; topics likewise."""
    complaints = [pair for pair in pairs if pair.right.intent is Intent.COMPLAINT]
    inquiries = [pair for pair in pairs if pair.right.intent is Intent.INQUIRY]
    urgent = of_sets((_alarm(pair.right.priority), _alarm(pair.read.priority)) for pair in pairs)
    return {
        "intent": accuracy([(pair.right.intent, pair.read.intent) for pair in pairs]),
        "complaint": polarity(pairs),
        "primary": accuracy(_types(complaints)),
        "primary_f1": macro_f1(_types(complaints)),
        "priority": accuracy([(pair.right.priority, pair.read.priority) for pair in complaints]),
        "urgent_recall": urgent.recall,
        "urgent_precision": urgent.precision,
        "secondary_f1": of_sets((set(pair.right.secondary), set(pair.read.secondary)) for pair in complaints).f1,
        "topic_hit": _share([not set(pair.right.topics).isdisjoint(pair.read.topics) for pair in inquiries]),
        "topic_f1": of_sets((set(pair.right.topics), set(pair.read.topics)) for pair in inquiries).f1,
        "anger": accuracy([(pair.right.anger, pair.read.anger) for pair in pairs]),
        "anger_near": _share([abs(pair.right.anger - pair.read.anger) <= 1 for pair in pairs]),
    }


def polarity(pairs: Sequence[Pair]) -> float:
    """How often a complaint is told from anything else: all that a reader of moods can say."""
    return _share([(pair.right.intent is Intent.COMPLAINT) == (pair.read.intent is Intent.COMPLAINT) for pair in pairs])


def classes(pairs: Sequence[Pair]) -> dict[str, list[Score]]:
    """Every class of every question, those first that are asked of all messages."""
    complaints = [pair for pair in pairs if pair.right.intent is Intent.COMPLAINT]
    return {
        "intent": by_class([(pair.right.intent, pair.read.intent) for pair in pairs]),
        "primary": by_class([(pair.right.primary, pair.read.primary) for pair in complaints]),
        "priority": by_class([(pair.right.priority, pair.read.priority) for pair in complaints]),
        "topic": [_one_of_sets(topic, pairs) for topic in Topic],
    }


def confusions(pairs: Sequence[Pair], most: int) -> list[tuple[str, str, int]]:
    """(right, read, how often) of the commonest errors in intent or type."""
    return confusion([(_what(pair.right), _what(pair.read)) for pair in pairs], most)


def _types(complaints: Sequence[Pair]) -> list[tuple[Hashable, Hashable]]:
    return [(pair.right.primary, pair.read.primary) for pair in complaints]


def _one_of_sets(topic: Topic, pairs: Sequence[Pair]) -> Score:
    found = of_sets(({topic} & set(pair.right.topics), {topic} & set(pair.read.topics)) for pair in pairs)
    return Score(topic, found.precision, found.recall, found.count)


def _what(of: Example | Reading) -> str:
    return str(of.primary or of.intent)


def _alarm(priority: Priority | None) -> set[Priority]:
    return {Priority.URGENT} if priority is Priority.URGENT else set()


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
