"""The dictionary: which phrases speak for which label, and where they stand in a text."""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.pattern import Pattern, heads, match_end, parse


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Hit:
    rule: Rule
    start: int
    end: int

    def inside(self, other: "Hit") -> bool:
        return other.start <= self.start and self.end <= other.end


class Lexicon:
    """All phrases, filed under the characters they begin with: one walk over a text finds them all."""

    def __init__(self, phrases: Iterable[tuple[Rule, Pattern]]) -> None:
        shelves: dict[str, list[tuple[Rule, Pattern]]] = defaultdict(list)
        for rule, pattern in phrases:
            for head in heads(pattern):
                shelves[head].append((rule, pattern))
        self._shelves = {head: tuple(entries) for head, entries in shelves.items()}

    def find(self, text: str, sender: str) -> list[Hit]:
        """Every rule's longest match at every place, in the order of the text."""
        longest: dict[tuple[int, str, str], Hit] = {}
        for start in range(len(text)):
            for head in (text[start : start + 2], text[start]):
                for rule, pattern in self._shelves.get(head, ()):
                    if rule.sender and rule.sender != sender:
                        continue
                    end = match_end(pattern, text, start)
                    key = (start, rule.label, rule.name)
                    if end > start and (key not in longest or longest[key].end < end):
                        longest[key] = Hit(rule, start, end)
        return list(longest.values())


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
