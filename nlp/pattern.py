"""The small language in which phrases are written in the dictionary, and how a phrase is found in a text.

`没(擦|拖)` means 没擦 or 没拖; `(都|)` may be left out; `{清洁}` stands for a group of words from `groups.toml`;
`…` bridges up to six characters inside a clause; `#` is a number in digits or characters; `$` is the end of a clause.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import product

GAP = 6
STOPS = frozenset(",.!?;:\n 。")
LONGEST_NUMBER = 12
NUMERALS = frozenset("0123456789零一二两三四五六七八九十百千万半几俩仨")

Words = dict[str, tuple[str, ...]]
"""Alternatives by their first character (`""` when the piece may be left out), longest first."""
Part = Words | str
"""Alternatives, or one of the marks `…`, `#`, `$`."""
Pattern = tuple[Part, ...]
_Draft = tuple[tuple[str, ...] | str, ...]

_GROUP = re.compile(r"\{([^}]+)\}")
_PLAIN = re.compile(r"[^(…#$|)]+")


def parse(source: str, groups: Mapping[str, str]) -> list[Pattern]:
    """The patterns one phrase stands for; raises `ValueError` when it is not well formed."""
    try:
        drafts, _ = _sequence(_expanded(source, groups), 0)
    except IndexError as error:
        raise ValueError(f"phrase {source!r} has an open bracket") from error
    patterns = [_finished(draft) for draft in drafts]
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


def _finished(draft: _Draft) -> Pattern:
    return tuple(part if isinstance(part, str) else _by_first(part) for part in draft)


def _by_first(words: Iterable[str]) -> Words:
    shelves: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        shelves.setdefault(word[:1], []).append(word)
    return {first: tuple(shelf) for first, shelf in shelves.items()}


def heads(pattern: Pattern) -> set[str]:
    """Every one or two characters with which a match can begin: what the lexicon files a phrase under."""
    found = {""}
    for part in pattern:
        if part in ("…", "$"):
            break
        choices = NUMERALS if isinstance(part, str) else [word for shelf in part.values() for word in shelf]
        found = {head if len(head) > 1 else (head + choice)[:2] for head in found for choice in choices}
        if part == "#" or all(len(head) == 2 for head in found):
            break
    return found


def plain_words(pattern: Pattern) -> list[str]:
    """All the words a pattern stands for when it has one piece and no mark; else none."""
    part = pattern[0]
    if len(pattern) > 1 or isinstance(part, str):
        return []
    return [word for shelf in part.values() for word in shelf]


def needed(pattern: Pattern) -> frozenset[str]:
    """Characters of which one must follow in the same clause for the pattern to match; empty when none must.

    A phrase that itself crosses a mark is not bound to its clause and needs nothing.
    """
    pieces = [part for part in pattern if not isinstance(part, str)]
    if any(not STOPS.isdisjoint(word) for part in pieces for shelf in part.values() for word in shelf):
        return frozenset()
    must = [part for part in pieces[1:] if "" not in part]
    return frozenset(must[-1]) if must else frozenset()


def match_end(pattern: Pattern, text: str, at: int, step: int = 0) -> int:
    """Where the phrase that begins at `at` ends, or -1."""
    if step == len(pattern):
        return at
    part = pattern[step]
    if isinstance(part, str):
        return _match_mark(pattern, text, at, step)
    for word in part.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            end = match_end(pattern, text, at + len(word), step + 1)
            if end >= 0:
                return end
    return match_end(pattern, text, at, step + 1) if "" in part else -1


def _match_mark(pattern: Pattern, text: str, at: int, step: int) -> int:
    mark, step = pattern[step], step + 1
    if mark == "…":
        return _bridge(pattern, text, at, step)
    if mark == "$":
        return match_end(pattern, text, at, step) if at >= len(text) or text[at] in STOPS else -1
    end, last = at, min(at + LONGEST_NUMBER, len(text))
    while end < last and text[end] in NUMERALS:
        end += 1
    return match_end(pattern, text, end, step) if end > at else -1


def _bridge(pattern: Pattern, text: str, at: int, step: int) -> int:
    last = min(at + GAP, len(text))
    ahead = pattern[step] if step < len(pattern) else ""
    firsts = ahead if isinstance(ahead, dict) and "" not in ahead else None
    if firsts and firsts.keys().isdisjoint(text[at : last + 1]):
        return -1
    for start in range(at, last + 1):
        if not firsts or text[start : start + 1] in firsts:
            end = match_end(pattern, text, start, step)
            if end >= 0:
                return end
        if start < len(text) and text[start] in STOPS:
            return -1
    return -1
