"""Whether a phrase is meant: denied, only supposed, asked, a figure of speech, or really said."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.lexicon import Hit

Stance = Literal["said", "denied", "supposed", "asked", "figure"]

_CLAUSE = re.compile(r"[^,!?;\n 。.]+(?:\.(?=\d)[^,!?;\n 。.]+)*")
_MARK = re.compile(r"[,!?;\n 。]")
_NEGATING = frozenset("没不别未无免非")
_REACH = 8
"""How far before a phrase a negation may begin."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The words of `scope.toml`: what denies, what only looks so, what supposes, and what says that it is over."""

    negators: tuple[str, ...]
    not_negators: tuple[str, ...]
    fillers: tuple[str, ...]
    hypothetical: tuple[str, ...]
    over: tuple[str, ...]
    not_over: tuple[str, ...]

    @classmethod
    def of(cls, content: Mapping[str, str]) -> "Scope":
        """From the file's content: each entry is words apart by spaces."""
        words = {name: tuple(sorted(content[name].split(), key=len, reverse=True)) for name in cls.__slots__}
        return cls(**words)

    def supposes(self, text: str) -> bool:
        """Whether a condition stands anywhere in the text."""
        return any(map(text.__contains__, self.hypothetical))

    def is_supposed(self, hit: Hit, text: str, clause: int) -> bool:
        """Whether a condition opens the clause of the phrase."""
        return any(text.find(word, clause, hit.start + len(word)) >= 0 for word in self.hypothetical)

    def is_denied(self, hit: Hit, text: str, clause: int) -> bool:
        """Whether a negation stands right before the phrase, little words between them apart."""
        before = text[max(clause, hit.start - _REACH) : hit.start]
        while before and not _NEGATING.isdisjoint(before):
            if before.endswith(self.not_negators):
                return False
            if before.endswith(self.negators):
                return True
            filler = next((word for word in self.fillers if before.endswith(word)), "")
            if not filler:
                return False
            before = before.removesuffix(filler)
        return False

    def is_over(self, text: str) -> bool:
        """Whether a danger that the text names has passed."""
        return any(map(text.__contains__, self.over)) and not any(map(text.__contains__, self.not_over))


def stances(hits: Sequence[Hit], text: str, scope: Scope) -> Iterator[tuple[Hit, Stance]]:
    """How each phrase is meant in its clause."""
    starts = [0, *(found.end() for found in _MARK.finditer(text))]
    figures = [hit for hit in hits if hit.rule.label == "figure"]
    supposes = scope.supposes(text)
    for hit in hits:
        clause = starts[bisect_right(starts, hit.start) - 1]
        if any(hit.inside(figure) or figure.start < hit.start < figure.end for figure in figures):
            yield hit, "figure"
        elif _is_a_not_a(text, hit.start):
            yield hit, "asked"
        elif scope.is_denied(hit, text, clause):
            yield hit, "denied"
        elif supposes and not hit.rule.even_if and scope.is_supposed(hit, text, clause):
            yield hit, "supposed"
        else:
            yield hit, "said"


def _is_a_not_a(text: str, start: int) -> bool:
    """有没有擦, 洗不洗: the phrase begins with the 没 or 不 of a question."""
    return 0 < start < len(text) - 1 and text[start] in "没不" and text[start - 1] == text[start + 1]


def clauses(text: str) -> list[tuple[int, int]]:
    """The clauses of a text as offsets, marks left out."""
    return [found.span() for found in _CLAUSE.finditer(text)]
