"""Hours: parts of the day (清早, 后晌, 下班那会儿) and clock times (三点半, 八点来钟, 14:20, 3pm)."""

import re
from dataclasses import dataclass

from nlp.matrix.numbers import value_of

_PARTS = {
    (0, 5): "凌晨 半夜 大半夜 后半夜 下半夜 深更半夜 三更半夜 天没亮 天不亮 天还没亮",
    (5, 8): "清早 大清早 清晨 一大早 大早上 一清早 一早 天刚亮 蒙蒙亮 起早",
    (6, 10): "早上 早晨 早起 朝早 早间 晨间 今朝头 早高峰 morning",
    (8, 12): "上午 头晌 前晌 上昼 头午 午前",
    (11, 14): "中午 晌午 正午 大中午 晏昼 中午头 午饭时 午休 饭点 午间 noon",
    (13, 18): "下午 后晌 午后 下昼 下半天 过午 后半晌 下午头 afternoon",
    (17, 19): "傍晚 下班那会儿 下班那会 下班的时候 下班时 下班点 擦黑 傍黑 挨晚 挨黑 黄昏 晚高峰 晚饭前",
    (18, 22): "晚上 夜晚 晚间 大晚上 夜里 夜间 黑里 黑了 晚饭时 夜头 晚上头 evening tonight night",
    (21, 24): "深夜 夜深 上半夜 前半夜 临睡前 睡前",
}
_SHORT = {"早": (6, 10), "晨": (6, 10), "晚": (18, 22), "夜": (18, 22), "午": (11, 14)}
"""Single characters that are parts of the day only right after a day: 昨晚, 9号晚."""
_HOURS = {word: hours for hours, words in _PARTS.items() for word in words.split()} | _SHORT
_LONG = "|".join(sorted((word for word in _HOURS if word not in _SHORT), key=len, reverse=True))
_N = r"(?:\d{1,2}|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_POINTS = "(?!赞|评|心|意见|要求|建议|问题|原因|说明|诉求|需求|疑问|疑惑|小|儿|:|都|也|名)"
CLOCK = (
    r"(?:(?P<h12>1[0-2]|[1-9])(?::(?P<m12>[0-5]\d))? ?(?P<noon>[ap])\.?m\b"
    rf"|(?P<h>{_N})(?:点|时(?![候段常间装尚]))(?:钟|整)?{_POINTS}"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻"
    r"|(?P<m>[0-5]?\d(?![\d个块元号])|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])(?![个块元天几来])分?)?"
    r"|(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)(?!\d))(?P<about>左右|多钟?|来钟|来(?=钟|的?[,。])|前后|过(?!来|去|后|了)|钟)?"
)
BARE_CLOCK = rf"(?<![\d.第几每半无零高低沸]){CLOCK}"
_SOME = re.compile("等|个?半|钟|整|多|来|左右|过|前后|才|就|还|到|约|的|开始|出头|走|敲|进|以后|之后|,|-|~|至")
"""After 一点 and 两点, which otherwise mean a little, or two things."""
PART = rf"(?<![一每整个])(?P<part>{_LONG}|[早晚](?=(?:\d{{1,2}}|十[一二]?|[二三四五六七八九])点))"
PART_BEGINS = frozenset(word[0] for word in _HOURS)
SHORT = rf"(?P<part>{_LONG}|[早晨晚夜](?![了点就还一起饭餐宵班安熟场市]|上班)|午(?!饭))"
_COMPARED = frozenset("早晚慢快好多差有大小这那")


@dataclass(frozen=True, slots=True)
class Clock:
    """`hour` and `minutes` as said; a part of the day tells which half of the day is meant."""

    hour: int
    minutes: float

    def hours(self, part: str) -> float:
        """The hour of the day as a fraction; without a part, 1 to 5 are in the afternoon. 昨夜两点 is hour 26."""
        hour = self.hour
        low = _HOURS[part][0] if part else 13 if 1 <= hour <= 5 else 0
        if part and low >= 17 and (hour == 12 or hour < 5):
            hour = 24 + hour % 12
        elif low >= 11 and hour < 12 and not (low == 11 and hour >= 10):
            hour += 12
        elif part and low == 0 and hour == 12:
            hour = 0
        elif part and low == 0 and 9 <= hour < 12:
            hour += 12
        return hour + self.minutes / 60


def read_clock(match: re.Match[str], part: str) -> Clock | None:
    """The clock time in a match with `CLOCK`; None when there is none or no day has such an hour."""
    if match["h12"]:
        return Clock(int(match["h12"]) % 12 + (12 if match["noon"] == "p" else 0), float(match["m12"] or 0))
    told = match["h"] or match["h2"]
    hour = value_of(told) if told else None
    if hour is None or hour > 24 or (told in ("一", "两") and not part and _is_some(match)):
        return None
    return Clock(int(hour), _minutes(match))


def _is_some(match: re.Match[str]) -> bool:
    if match.string[match.start() - 1 : match.start()] in _COMPARED:
        return True
    exact = match["half"] or match["quarter"] or match["m"] or match["about"] or match[0].endswith(("钟", "整"))
    return not exact and not _SOME.match(match.string, match.end())


def part_hours(part: str) -> tuple[int, int]:
    return _HOURS[part]


def _minutes(match: re.Match[str]) -> float:
    if match["half"]:
        return 30.0
    if match["quarter"]:
        return 15.0 * (value_of(match["quarter"]) or 0)
    told = (match["m"] or match["m2"] or "").lstrip("零0")
    return value_of(told) or 0.0 if told else 0.0
