"""Numbers as people type them: 120, 1.2万, 1万3, 两百来, 一万二, 四五万, 十七八, 3-5, 一点五, 仨, 半."""

import re

NUMERALS = "0-9零一二两三四五六七八九十俩仨半"
"""The characters with which a number begins, for a character class."""
_DIGIT = "一二两三四五六七八九"
_PAIR = "一两|一二|两三|二三|三四|三五|四五|五六|六七|七八|八九"
_FIGURE = (
    r"\d{1,12}(?:,\d{3}){0,3}(?:\.\d+)?"
    rf"(?:[万千百wk](?:\d|[{_DIGIT}](?![{_DIGIT}十百千万]))?(?![\da-z])|万\d{{4}}(?!\d))?"
)
_SPOKEN = (
    rf"(?:零?[{_DIGIT}]{{1,2}}[十百千万]{{1,2}}|(?<![{_DIGIT}])十万?){{1,6}}"
    rf"(?:(?:{_PAIR}|零?[{_DIGIT}])(?![十百千万])|[廿卅][{_DIGIT}]?)?"
)
_FRACTION = rf"[{_DIGIT}十]点[{_DIGIT}](?:万|(?=个?小时|个?钟头|米|倍|公里|公?斤))"
_FEW = f"{_PAIR}|[{_DIGIT}俩仨半]"
NUMBER = (
    rf"(?:\d{{1,5}}[-~]{_FIGURE}|{_FIGURE}|{_FRACTION}|{_SPOKEN}(?:[到至]{_SPOKEN})?|[{_DIGIT}][到至][{_DIGIT}]|{_FEW})"
)
"""A digit stands before its unit or ends the number: in 三十五一小时 it is 三十五. 七八 is about seven."""

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_TENS = {"廿": 20, "卅": 30}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "k": 1000, "w": 10_000}
_KNOWN = frozenset((*_DIGITS, *_TENS, *_UNITS))
_FIGURES = re.compile(r"([\d,]+(?:\.\d+)?)([万千百wk]?)(\d?|\d{4}|[一二两三四五六七八九])")
_FROM_TO = re.compile("[-~到至]")


def value_of(words: str) -> float | None:
    """The value, of 四五万 and of 3-5 the lower one; None when it is no number."""
    words = _FROM_TO.split(words, maxsplit=1)[0]
    figures = _FIGURES.fullmatch(words)
    if figures:
        return _figures(figures[1].replace(",", ""), _UNITS.get(figures[2], 1), figures[3])
    if words == "半":
        return 0.5
    whole, point, tenths = words.partition("点")
    if point:
        unit = _UNITS.get(tenths[-1:], 1) if tenths[-1:] not in _DIGITS else 1
        return (_characters(whole) + _characters(tenths[:1]) / 10) * unit if tenths[:1] in _DIGITS else None
    if not words or any(char not in _KNOWN for char in words):
        return None
    return float(_characters(words))


def _figures(digits: str, unit: int, tail: str) -> float | None:
    """1.2万, 1万3, 3万五 and 1万3800."""
    return (
        float(digits) * unit + ((_DIGITS.get(tail) or int(tail)) * unit / 10 ** len(tail) if tail else 0)
        if digits
        else None
    )


def _characters(words: str) -> int:
    total = section = digit = 0
    unit = 1
    pending = False
    for char in words:
        if char in _DIGITS:
            digit, pending = (digit, True) if pending and digit else (_DIGITS[char], True)
            unit = 1 if char == "零" else unit
            continue
        if char in _TENS:
            section, unit, digit, pending = section + _TENS[char], 1, 0, False
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
