"""Stars written in words: "5星", "四分", "给五颗星", "满分", and those that put earlier ones right."""

import re

DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_STARS = re.compile(r"(?<![\d.])([1-5一二两三四五])\s*(?:颗|个)?(?:星|分(?!钟|之|店|次|期|批)|stars?\b)")
_WORDS = {"满分": 5, "好评": 5, "中评": 3, "差评": 1}
_STAR = r"(?:给|打)?\s*(?:[1-5一二两三四五]\s*(?:颗|个)?(?:星|分(?!钟|之|店|次|期|批)|stars?\b)|满分|好评|中评|差评)"
_SLIP = re.compile(
    r"(?:打|点|按|评|选|给|搞|弄|填|写|滑)错|手滑|手误|误触|误点|看错|反了"
    r"|wrong (?:button|stars?)|mistake|mis-?(?:click|tap)|i meant",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"(?:改成|改为|改到|改|换成|应该是|应该|其实是|本来想|是想|想|change (?:it )?to|should be|make it)\s*{_STAR}",
    re.IGNORECASE,
)
_NOT = re.compile(rf"(?:不是|不要|不该是?|不应该是?|不给|not)\s*(?:a\s*)?{_STAR}", re.IGNORECASE)
_ABOUT_STARS = re.compile(r"评价|评分|打分|评星|星级|几颗?星|星数|my (?:rating|review)", re.IGNORECASE)
_CHANGES = re.compile(r"改|重新|重评|重打|撤|change|edit", re.IGNORECASE)
_BARE = re.compile(r"(?:是|给|打|选|改成|meant)\s*([1-5一二两三四五])\W*$", re.IGNORECASE)
LONGEST = 60


def stars_in(text: str) -> int:
    """1 to 5, or 0 when none were named."""
    if found := _STARS.search(text):
        return star_of(found.group(1))
    return next((stars for word, stars in _WORDS.items() if word in text), 0)


def corrects(text: str) -> bool:
    """Whether words put stars right that were given: a slip, others instead of them, or the wish to change them."""
    if _TO.search(text):
        return True
    named = bool(_STARS.search(text)) or any(word in text for word in _WORDS)
    if named:
        return bool(_SLIP.search(text)) or bool(_NOT.search(text))
    return bool(_ABOUT_STARS.search(text)) and (is_slip(text) or bool(_CHANGES.search(text)))


def is_slip(text: str) -> bool:
    """ "点错了": said right after a tap it is about that tap."""
    return len(text) <= LONGEST and bool(_SLIP.search(text))


def meant_in(text: str) -> int:
    """The stars that are wanted instead: "不是5星，是2星" wants two; a bare digit counts at the end. 0 when not said."""
    left = _NOT.sub("", text)
    if moved := _TO.search(left):
        return stars_in(moved.group(0))
    found = _STARS.findall(left)
    if found:
        return star_of(found[-1])
    bare = _BARE.search(left)
    return stars_in(left) or (star_of(bare.group(1)) if bare else 0)


def star_of(digit: str) -> int:
    """One digit, of either kind."""
    return DIGITS.get(digit) or int(digit)
