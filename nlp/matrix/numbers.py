"""Numbers as people type them: 120, 1.2万, 两百来, 一万二, 四五万, 仨, 半."""

import re

NUMERALS = "0-9零一二两三四五六七八九十俩仨半"
"""The characters with which a number begins, for a character class."""
NUMBER = (
    r"(?:\d{1,12}(?:,\d{3}){0,3}(?:\.\d+)?(?:万|千|百|[wk](?![a-z]))?"
    r"|(?:零?[一二两三四五六七八九]{1,2}[十百千万]{1,2}|(?<![一二两三四五六七八九])十万?){1,6}"
    r"(?:零?[一二两三四五六七八九](?![十百千万]))?|一两|两三|三四|三五|四五|五六|六七|七八|八九|[一二两三四五六七八九俩仨半])"
)
"""A digit stands before its unit or ends the number: in 三十五一小时 it is 三十五. 七八 is about seven."""

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "k": 1000, "w": 10_000}
_FIGURES = re.compile(r"([\d,]+(?:\.\d+)?)([万千百wk]?)")


def value_of(words: str) -> float | None:
    """The value, of 四五万 the lower one; None when it is no number."""
    figures = _FIGURES.fullmatch(words)
    if figures:
        digits = figures[1].replace(",", "")
        return float(digits) * _UNITS.get(figures[2], 1) if digits else None
    if words == "半":
        return 0.5
    if not words or any(char not in _DIGITS and char not in _UNITS for char in words):
        return None
    return float(_characters(words))


def _characters(words: str) -> int:
    total = section = digit = 0
    unit = 1
    pending = False
    for char in words:
        if char in _DIGITS:
            digit, pending = (digit, True) if pending and digit else (_DIGITS[char], True)
            unit = 1 if char == "零" else unit
            continue
        unit = _UNITS[char]
        if unit == 10_000:
            total, section = (section + digit or 1) * unit + total, 0
        else:
            section += (digit if pending else 1) * unit
        digit, pending = 0, False
    # 一万二 is 12,000 and 三百五 is 350, but 三百零五 is 305.
    tail = digit * unit // 10 if unit > 10 and pending else digit
    return total + section + tail
