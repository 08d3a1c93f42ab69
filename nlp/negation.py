"""Whether a phrase is meant: denied, only supposed, asked, a figure of speech, or really said."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.lexicon import Hit

Stance = Literal["said", "denied", "supposed", "asked", "figure"]

_CLAUSE = re.compile(r"[^,!?;\n 。.]+(?:\.(?=\d)[^,!?;\n 。.]+)*")
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

    def stance(self, hit: Hit, text: str, figures: Sequence[Hit]) -> Stance:
        """How one phrase is meant in its clause."""
        if any(hit.inside(figure) for figure in figures):
            return "figure"
        if _is_a_not_a(text, hit.start):
            return "asked"
        before = text[clause_start(text, hit.start) : hit.start]
        if self._denied(before[-_REACH:]):
            return "denied"
        if not hit.rule.even_if and any(word in before or text.startswith(word, hit.start) for word in self.hypothetical):
            return "supposed"
        return "said"

    def _denied(self, before: str) -> bool:
        if not before:
            return False
        while before:
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
        return any(word in text for word in self.over) and not any(word in text for word in self.not_over)


def _is_a_not_a(text: str, start: int) -> bool:
    """有没有擦, 洗不洗: the phrase begins with the 没 or 不 of a question."""
    return 0 < start < len(text) - 1 and text[start] in "没不" and text[start - 1] == text[start + 1]


def clause_start(text: str, at: int) -> int:
    """Where the clause around `at` begins."""
    return 1 + max(text.rfind(mark, 0, at) for mark in ",!?;\n 。")


def clauses(text: str) -> list[tuple[int, int]]:
    """The clauses of a text as offsets, marks left out."""
    return [found.span() for found in _CLAUSE.finditer(text)]
