"""Whether what is kept for the examination resembles what is learnt from: the same message, or long pieces of one."""

import re
from collections import defaultdict
from collections.abc import Sequence

from nlp.learning.examples import Example

SHARED = 12
"""A held message that has as many characters in a row with a training message is looked at by a person."""
_PUNCTUATION = re.compile(r"[\W_]+")


def doubles(held: Sequence[Example], learnt: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Messages of both sides that differ in punctuation at most."""
    known = {_bare(one.text): one for one in learnt}
    return [(one, known[_bare(one.text)]) for one in held if _bare(one.text) in known]


def overlaps(held: Sequence[Example], learnt: Sequence[Example], least: int = SHARED) -> list[tuple[str, str, str]]:
    """(held id, training id, the longest words in a row they share) where these are `least` characters or more."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(learnt):
        for piece in pieces(one.text, least):
            places[piece].append(number)
    found = []
    for one in held:
        candidates = {number for piece in pieces(one.text, least) for number in places.get(piece, ())}
        if candidates:
            shared, number = max((_shared(one.text, learnt[number].text, least), number) for number in candidates)
            found.append((one.id, learnt[number].id, shared))
    return found


def _shared(left: str, right: str, least: int) -> str:
    """The longest piece of `left` that stands in `right` too."""
    longest = ""
    for start in range(len(left)):
        end = start + max(least, len(longest) + 1)
        while end <= len(left) and left[start:end] in right:
            longest, end = left[start:end], end + 1
    return longest


def pieces(text: str, length: int) -> set[str]:
    """The different runs of so many characters."""
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def _bare(text: str) -> str:
    """Without punctuation; a text of nothing else stays as it is."""
    return _PUNCTUATION.sub("", text) or text
