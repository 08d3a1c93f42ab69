"""Where, what and who: words of the field that jieba cut, looked up in the dictionary and put together.

油烟机 + 滤网 is one thing, 美的 + 空调 too; 客服 + 小唐 is one person. Each is named once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from domain.understanding import Words
from nlp.cutter import Cut
from nlp.findings import Findings
from nlp.matrix.people import NICK, is_nickname, is_somebody, name_end, name_start
from nlp.matrix.things import is_meant, thing_end, thing_start

Kind = Literal["place", "thing", "person", "none"]
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("not_objects", "none"), ("other", "none"), ("objects", "thing"), ("family", "person"), ("actors", "person"),
    ("place", "place"),
)  # fmt: skip
"""Which kind the words of a list have; a later list overrules an earlier one."""
_COUNTS = frozenset("一两几半整")
_SIDES = frozenset("东南西北前后小大里外")


@dataclass(frozen=True, slots=True)
class Nouns:
    """What the words of the field are, and how things that no list has are recognised: by how they end."""

    kinds: Mapping[str, Kind]
    heads: tuple[str, ...]
    singles: frozenset[str]
    """Characters that may be a word of any kind; most are none."""
    parts: frozenset[str]
    tools: frozenset[str]
    family: frozenset[str]
    roles: frozenset[str]
    materials: frozenset[str]

    @classmethod
    def of(cls, content: Mapping[str, str]) -> "Nouns":
        """From the content of `nouns.toml`: each entry is words apart by white space."""
        words = {name: frozenset(listed.split()) for name, listed in content.items()}
        kinds = {word: kind for name, kind in _KINDS for word in words[name]}
        return cls(
            kinds=kinds,
            heads=tuple(sorted(words["heads"])),
            singles=frozenset(word for word in chain(kinds, words["heads"], NICK) if len(word) == 1),
            **{name: words[name] for name in ("parts", "tools", "family", "roles", "materials")},
        )

    def all(self) -> Iterable[str]:
        """What the cutter must know as words."""
        known = (word for word, kind in self.kinds.items() if kind != "none")
        return chain(known, (word for word in self.materials | self.roles if len(word) > 1))

    def kind(self, word: str) -> Kind:
        """A word that no list has may still be a thing: 玩具柜."""
        listed = self.kinds.get(word)
        if listed or len(word) == 1:
            return listed or "none"
        return "thing" if word.endswith(self.heads) and word[0] not in _COUNTS else "none"


@dataclass(frozen=True, slots=True)
class Named:
    place: tuple[Words, ...] = ()
    objects: tuple[Words, ...] = ()
    actors: tuple[Words, ...] = ()


@dataclass(slots=True)
class _Once:
    """Spans of one kind: a word that an earlier one contains names nothing new (雕花玻璃杯 … 杯子)."""

    spans: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, text: str, start: int, end: int) -> None:
        known = text[start:end].rstrip("子") or text[start:end]
        if not any(known in name for name, _, _ in self.spans):
            self.spans.append((text[start:end], start, end))

    def words(self, found: Findings) -> tuple[Words, ...]:
        return tuple(found.words(start, end) for _, start, end in self.spans)


_ROOMS = tuple("一二两三四五六七八")
"""三室两厅 tells how large a home is, and no place in it."""


def find_nouns(found: Findings, nouns: Nouns, cut: Cut) -> Named:
    """Every place, thing and person named, each once, in the order of the text."""
    place, objects, actors = _Once(), _Once(), _Once()
    text, at = found.text, 0
    while at < len(cut):
        here, (word, start, end) = at, cut[at]
        at += 1
        if len(word) == 1 and word not in nouns.singles:
            continue
        kind = _kind_here(cut, here, nouns)
        if kind == "place" and not (len(word) == 1 and text[start - 1 : start] in _ROOMS):
            place.add(text, _with_side(cut, here), end)
        elif kind == "thing":
            at, end = thing_end(cut, at, end, nouns.parts)
            if is_meant(text, word, start, end, word in nouns.tools):
                objects.add(text, thing_start(cut, here, nouns.materials), end)
        elif kind == "person" and is_somebody(found, word, start, end):
            at, end = name_end(cut, here if word in NICK else at, end)
            actors.add(text, name_start(cut, here, nouns.roles, nouns.family), end)
    return Named(place.words(found), objects.words(found), actors.words(found))


def _kind_here(cut: Cut, at: int, nouns: Nouns) -> Kind:
    """What a word is among its neighbours: 玻璃 is no thing of its own in 玻璃隔断, 杯 is one after 情侣."""
    word = cut[at][0]
    kind = nouns.kind(word)
    if kind == "thing" and word in nouns.materials and at + 1 < len(cut):
        after = cut[at + 1][0]
        return "none" if after in nouns.heads or nouns.kinds.get(after) == "thing" else kind
    if kind != "none":
        return kind
    if at and len(word) == 1 and word in nouns.heads and len(cut[at - 1][0]) > 1 and cut[at - 1][0] in nouns.materials:
        return "thing"
    return "person" if word[0] in NICK and is_nickname(cut, at) else "none"


def _with_side(cut: Cut, at: int) -> int:
    """南阳台, 小厨房."""
    return cut[at - 1][1] if at and cut[at - 1][0] in _SIDES else cut[at][1]
