"""The small language in which phrases are written in the dictionary, and how a phrase is found in a text.

`没(擦|拖)` means 没擦 or 没拖; `(都|)` may be left out; `{清洁}` stands for a group of words from `groups.toml`;
`…` bridges up to six characters inside a clause; `#` is a number in digits or characters; `$` is the end of a clause.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product

GAP = 6
STOPS = frozenset(",.!?;:\n 。")
LONGEST_NUMBER = 12
NUMERALS = frozenset("0123456789零一二两三四五六七八九十百千万半几俩仨")

Words = tuple[str, ...]
"""Alternatives, longest first; `""` among them when the piece may be left out."""
Part = Words | str
"""Alternatives, or one of the marks `…`, `#`, `$`."""
_Draft = tuple[Part, ...]

_GROUP = re.compile(r"\{([^}]+)\}")
_PLAIN = re.compile(r"[^(…#$|)]+")
_STOP = "".join(map(re.escape, sorted(STOPS)))
_MARKS = {
    "…": f"[^{_STOP}]{{0,{GAP}}}?",
    "#": f"[{''.join(sorted(NUMERALS))}]{{1,{LONGEST_NUMBER}}}+",
    "$": f"(?=[{_STOP}]|\\Z)",
}


class Pattern:
    """One way to say a phrase. Its regular expression is made when a text first needs it: most are never needed."""

    __slots__ = ("_match", "parts")

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(part if isinstance(part, str) else _longest_first(part) for part in parts)
        self._match: Callable[[str, int], re.Match[str] | None] | None = None

    def match_end(self, text: str, at: int) -> int:
        """Where the phrase that begins at `at` ends, or -1."""
        if self._match is None:
            self._match = re.compile("".join(map(_expression, self.parts))).match
        found = self._match(text, at)
        return found.end() if found else -1


def _longest_first(words: Words) -> Words:
    return tuple(sorted(words, key=len, reverse=True))


def _expression(part: Part) -> str:
    return _MARKS[part] if isinstance(part, str) else f"(?:{'|'.join(map(re.escape, part))})"


def parse(source: str, groups: Mapping[str, str]) -> list[Pattern]:
    """The patterns one phrase stands for; raises `ValueError` when it is not well formed."""
    try:
        drafts, _ = _sequence(_expanded(source, groups), 0)
    except IndexError as error:
        raise ValueError(f"phrase {source!r} has an open bracket") from error
    patterns = [Pattern(draft) for draft in drafts]
    if any("" in heads(pattern) for pattern in patterns):
        raise ValueError(f"phrase {source!r} must begin with words")
    return patterns


def _expanded(source: str, groups: Mapping[str, str]) -> str:
    def replace(found: re.Match[str]) -> str:
        if found[1] not in groups:
            raise ValueError(f"phrase {source!r} names an unknown group {found[1]!r}")
        return f"({groups[found[1]]})"

    return _GROUP.sub(replace, source)


def _sequence(text: str, at: int) -> tuple[list[_Draft], int]:
    """What is written from `at` up to `|`, `)` or the end, and where that is."""
    drafts: list[_Draft] = [()]
    options: list[_Draft]
    while at < len(text) and text[at] not in "|)":
        plain = _PLAIN.match(text, at)
        if plain:
            options, at = [((plain[0],),)], plain.end()
        elif text[at] == "(":
            options, at = _choices(text, at + 1)
        else:
            options, at = [(text[at],)], at + 1
        drafts = [left + right for left in drafts for right in options]
    return drafts, at


def _choices(text: str, at: int) -> tuple[list[_Draft], int]:
    """What the brackets allow: all plain words as one part, and a draft for each choice with a mark in it."""
    words: dict[str, None] = {}
    others: list[_Draft] = []
    while True:
        drafts, at = _sequence(text, at)
        for draft in drafts:
            if any(isinstance(part, str) for part in draft):
                others.append(draft)
            else:
                words.update(dict.fromkeys(map("".join, product(*draft))))
        at += 1
        if text[at - 1] == ")":
            break
    plain: list[_Draft] = [(tuple(words),)] if words else []
    return plain + others, at


def heads(pattern: Pattern) -> set[str]:
    """Every one or two characters with which a match can begin: what the lexicon files a phrase under."""
    found = {""}
    for part in pattern.parts:
        if part in ("…", "$"):
            break
        choices = NUMERALS if isinstance(part, str) else part
        found = {head if len(head) > 1 else (head + choice)[:2] for head in found for choice in choices}
        if part == "#" or all(len(head) == 2 for head in found):
            break
    return found


def plain_words(pattern: Pattern) -> Words:
    """All the words a pattern stands for when it has one piece and no mark; else none."""
    part = pattern.parts[0]
    return () if len(pattern.parts) > 1 or isinstance(part, str) else part


def needed(pattern: Pattern) -> frozenset[str]:
    """Characters of which one must follow in the same clause for the pattern to match; empty when none must.

    A phrase that itself crosses a mark is not bound to its clause and needs nothing.
    """
    pieces = [part for part in pattern.parts if not isinstance(part, str)]
    if any(not STOPS.isdisjoint(word) for part in pieces for word in part):
        return frozenset()
    must = [part for part in pieces[1:] if "" not in part]
    return frozenset(word[0] for word in must[-1]) if must else frozenset()
