"""Stars written in words: "5星", "四分", "给五颗星", "满分"."""

import re

DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_STARS = re.compile(r"(?<![\d.])([1-5一二两三四五])\s*(?:颗|个)?(?:星|分(?!钟|之|店|次|期|批)|stars?\b)")
_WORDS = {"满分": 5, "好评": 5, "中评": 3, "差评": 1}


def stars_in(text: str) -> int:
    """1 to 5, or 0 when none were named."""
    if found := _STARS.search(text):
        digit = found.group(1)
        return DIGITS.get(digit) or int(digit)
    return next((stars for word, stars in _WORDS.items() if word in text), 0)
