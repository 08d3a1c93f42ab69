"""Texts as Telegram takes them: clean, and short enough. It counts in UTF-16 units, where an emoji is two."""

import re

_HARMFUL = re.compile("[\x00\ud800-\udfff]")
_BOUNDARIES = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[。！？!?；;]"), re.compile(r"[，,、\s]"))
_GLUE = "\u200d\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def scrub(text: str) -> str:
    """Without NULs and lone surrogates, which cannot be encoded and would fail the whole message."""
    return _HARMFUL.sub("", text)


def units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` units that end at a paragraph, line, sentence or comma; none of them is blank."""
    pieces: list[str] = []
    while units(text) > limit:
        end = _cut(text, limit)
        pieces.append(text[:end].strip())
        text = text[end:].lstrip()
    pieces.append(text.strip())
    return [piece for piece in pieces if piece]


def _cut(text: str, limit: int) -> int:
    """Where to end the first piece: at the best boundary in the second half of what fits."""
    fits = len(text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore"))
    for boundary in _BOUNDARIES:
        ends = [found.end() for found in boundary.finditer(text, fits // 2, fits)]
        if ends:
            return ends[-1]
    end = fits
    while end > fits - 12 and (text[end] in _GLUE or text[end - 1] == "\u200d"):
        end -= 1
    return end
