"""The dictionary: which phrases speak for which label, and where they stand in a text."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from nlp.pattern import STOPS, Pattern, heads, needed, parse, plain_words


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One entry of the dictionary.

    `label` is like `type.quality`, `hazard.gas`, `sign.reproach`. `weight`: 3 says it outright, 2 says it, 1 hints.
    `even_if`: counts inside a condition too ("再不退我就打12315"). `sender`: read only in this one's messages.
    """

    name: str
    label: str
    weight: float = 2.0
    even_if: bool = False
    sender: str = ""
    marks: frozenset[str] = frozenset()


class Hit(NamedTuple):
    """A rule's phrase in a text. A tuple, since a message makes dozens."""

    rule: Rule
    start: int
    end: int

    def inside(self, other: "Hit") -> bool:
        return other.start <= self.start and self.end <= other.end


_STOP = re.compile(f"[{re.escape(''.join(STOPS))}]")


@dataclass(slots=True)
class _Shelf:
    """What may begin with the same one or two characters: plain words by their length, and patterns with what they need
    nearby."""

    words: dict[int, dict[str, list[Rule]]] = field(default_factory=dict)
    patterns: list[tuple[Rule, Pattern, frozenset[str]]] = field(default_factory=list)

    def add_word(self, rule: Rule, word: str) -> None:
        self.words.setdefault(len(word), {}).setdefault(word, []).append(rule)


class Lexicon:
    """All phrases, filed under the characters they begin with: one walk over a text finds them all."""

    def __init__(self, phrases: Iterable[tuple[Rule, Pattern]]) -> None:
        self._shelves: dict[str, _Shelf] = defaultdict(_Shelf)
        for rule, pattern in phrases:
            words = plain_words(pattern)
            need = needed(pattern)
            for word in words:
                self._shelves[word[:2]].add_word(rule, word)
            for head in heads(pattern) if not words else ():
                self._shelves[head].patterns.append((rule, pattern, need))
        self._shelves.default_factory = None

    def find(self, text: str, sender: str) -> list[Hit]:
        """Every rule's longest match at every place, in the order of the text."""
        hits: list[Hit] = []
        shelves, stop, clause = self._shelves, -1, frozenset[str]()
        for start, first in enumerate(text):
            if start > stop:
                stop = _next_stop(text, start)
                clause = frozenset(text[start:stop])
            ends: dict[Rule, int] = {}
            for head in (text[start : start + 2], first):
                if head in shelves:
                    _take(shelves[head], text, start, clause, ends)
            if ends:
                hits += [Hit(rule, start, end) for rule, end in ends.items() if rule.sender in ("", sender)]
        return hits


def _next_stop(text: str, start: int) -> int:
    """Where the clause around `start` ends."""
    found = _STOP.search(text, start)
    return found.start() if found else len(text)


def _take(shelf: _Shelf, text: str, start: int, clause: frozenset[str], ends: dict[Rule, int]) -> None:
    """Note the longest match of each rule that begins at `start`. The characters of the clause spare most tries."""
    for length, words in shelf.words.items():
        for rule in words.get(text[start : start + length], ()):
            ends[rule] = max(ends.get(rule, 0), start + length)
    for rule, pattern, need in shelf.patterns:
        if need and need.isdisjoint(clause):
            continue
        end = pattern.match_end(text, start)
        if end > ends.get(rule, start):
            ends[rule] = end


def read_rules(
    files: Iterable[Path], groups: Mapping[str, str], normalise: Callable[[str], str]
) -> list[tuple[Rule, Pattern]]:
    """The rules of TOML files; raises `ValueError` naming the file and rule that is not well formed."""
    found: list[tuple[Rule, Pattern]] = []
    for file in files:
        content = tomllib.loads(file.read_text("utf-8"))
        for entry in content.get("rule", []):
            try:
                rule = _rule(entry, content)
                for phrase in entry["say"]:
                    found.extend((rule, pattern) for pattern in parse(normalise(phrase), groups))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file.name}: {entry.get('name', '?')}: {error}") from error
    return found


def _rule(entry: dict[str, Any], content: dict[str, Any]) -> Rule:
    return Rule(
        name=entry["name"],
        label=entry.get("label") or content["label"],
        weight=float(entry.get("weight", 2)),
        even_if=bool(entry.get("even_if", content.get("even_if", False))),
        sender=entry.get("sender", content.get("sender", "")),
        marks=frozenset(entry.get("marks", ())),
    )


def read_groups(file: Path) -> dict[str, str]:
    """The named groups of words as `a|b|c`; a group may name groups above it."""
    groups: dict[str, str] = {}
    for name, words in tomllib.loads(file.read_text("utf-8")).items():
        flat = (groups[word[1:-1]] if word.startswith("{") else word for word in words.split())
        groups[name] = "|".join(flat)
    return groups
