"""Shows why a message was read as it was: its words with those marked that decided, and the rules by what they say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Why = Sequence[Mapping[str, Any]]
"""Reasons as a case keeps them: `label`, `rule`, `text` and, since cases know them, `start` and `end`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text and the labels it speaks for; none when it decided nothing."""

    text: str
    labels: tuple[str, ...]


def pieces(text: str, why: Why) -> list[Piece]:
    """The whole text in runs, cut where a marked stretch begins or ends."""
    spans = [(*span, str(reason["label"])) for reason in why if (span := _span(text, reason))]
    cuts = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    return [
        Piece(text[start:end], tuple(dict.fromkeys(label for a, b, label in spans if a <= start and end <= b)))
        for start, end in pairwise(cuts)
    ]


def by_label(why: Why) -> dict[str, list[tuple[str, str]]]:
    """For each label the words with their rules, in the order they were given."""
    found: dict[str, list[tuple[str, str]]] = {}
    for label, words, rule in _told(why):
        found.setdefault(label, []).append((words, rule))
    return found


def _told(why: Why) -> Iterator[tuple[str, str, str]]:
    for reason in why:
        yield str(reason["label"]), str(reason.get("text", "")), str(reason.get("rule", ""))


def _span(text: str, reason: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where the words stand, by their offsets or else the first such words; None when they are not there."""
    words, start = str(reason.get("text", "")), reason.get("start", -1)
    if not words:
        return None
    if text[max(start, 0) : max(start, 0) + len(words)] != words or start < 0:
        start = text.find(words)
    return (start, start + len(words)) if start >= 0 else None
