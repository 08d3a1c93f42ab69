"""How large a home is, as people say it: "90平", "大概一百来平", "三室一厅". It is never when, nor where."""

import re

from domain.understanding import Amount, Understanding

AREA_UNITS = frozenset({"平米", "平方米", "平方", "平", "㎡", "m2"})
ROOMS = re.compile(
    r"(?<!\d)[1-9一二两三四五六七八九][个间]?(?:大|小)?(?:房间|卧室|卫生间|洗手间|阳台|居室|房|室|厅|卫|厨|居|层)"
    r"|单间|开间|复式|别墅|loft|studio"
    r"|\b(?:\d|one|two|three|four|five)[ -]?(?:bed|bath|room|floor)(?:room)?s?\b"
    r"|\d+ ?(?:尺|呎|(?:square|sq\.?) ?(?:met(?:er|re)s?|m|feet|foot|ft)\b)",
    re.IGNORECASE,
)
AROUND = re.compile(
    r"\W|我们?|家里?|房子|建筑|套内|实用|使用|面积|一共|总共|大概|大约|差不多|左右|上下|也就|就|约|有|是|的|个|大|多|共|吧|了|呢|啊|哦|嗯"
    r"|\b(?:about|around|roughly|it|is|its|i|we|have|has|a|an|the|my|our|with|and|home|house|flat|apartment)\b",
    re.IGNORECASE,
)
"""What people put around a size, and which says nothing else."""


def area_in(reading: Understanding | None) -> str:
    """The size of the home in square metres, when it was said."""
    return next((f"{amount.value:g}㎡" for amount in areas(reading)), "")


def areas(reading: Understanding | None) -> list[Amount]:
    return [amount for amount in reading.matrix.amounts if amount.unit in AREA_UNITS] if reading is not None else []


def without_size(text: str, reading: Understanding | None) -> str:
    """What is left of the words when the size is taken out."""
    return ROOMS.sub("，", _without_area(text, reading))


def is_size(text: str, reading: Understanding | None) -> bool:
    """Whether the words say how large the home is."""
    return bool(areas(reading)) or ROOMS.search(text) is not None


def is_only_size(text: str, reading: Understanding | None) -> bool:
    """Whether the words say how large the home is, and nothing else."""
    return is_size(text, reading) and not AROUND.sub("", without_size(text, reading))


def says_more(text: str, reading: Understanding | None) -> bool:
    """Whether the words say more than a number of square metres: rooms are counted by people only."""
    return bool(AROUND.sub("", _without_area(text, reading)))


def _without_area(text: str, reading: Understanding | None) -> str:
    for amount in areas(reading):
        text = text.replace(amount.words.text, "，")
    return text
