"""Days that have names, 国庆, 除夕, 母亲节, 冬至, and which days are meant with 那几天, 假期, 前一天, 第三天."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.matrix.numbers import value_of
from nlp.matrix.times.lunar import lunar_day

Stretch = tuple[date, date]
_Rule = Callable[[int], date | None]


@dataclass(frozen=True, slots=True)
class Feast:
    """`rule` gives the day in a year; `bare` is how many days the name alone means, `holiday` how many are free."""

    rule: _Rule
    bare: int = 1
    holiday: int = 1


def _solar(month: int, day: int) -> _Rule:
    return lambda year: date(year, month, day)


def _lunar(month: int, day: int) -> _Rule:
    return lambda year: lunar_day(year, month, day)


def _weekday(month: int, weekday: int, number: int) -> _Rule:
    """The second Sunday of May and its like."""

    def rule(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    return rule


def _term(month: int, offset: float) -> _Rule:
    """A solar term of this century, by the common formula."""
    return lambda year: date(year, month, int((year % 100) * 0.2422 + offset) - year % 100 // 4)


_NEW_YEAR = Feast(_lunar(1, 1), 7, 7)
_EVE = Feast(lambda year: lunar_day(year, 1, 0))
FEASTS: dict[str, Feast] = {
    "元旦": Feast(_solar(1, 1), 1, 3), "跨年": Feast(_solar(12, 31)), "情人": Feast(_solar(2, 14)),
    "妇女": Feast(_solar(3, 8)), "三八": Feast(_solar(3, 8)), "女神": Feast(_solar(3, 8)), "植树": Feast(_solar(3, 12)),
    "愚人": Feast(_solar(4, 1)), "清明": Feast(_term(4, 4.81), 1, 3), "五一": Feast(_solar(5, 1), 5, 5),
    "劳动": Feast(_solar(5, 1), 5, 5), "五四": Feast(_solar(5, 4)), "青年": Feast(_solar(5, 4)),
    "护士": Feast(_solar(5, 12)), "母亲": Feast(_weekday(5, 6, 2)), "六一": Feast(_solar(6, 1)),
    "儿童": Feast(_solar(6, 1)), "高考": Feast(_solar(6, 7), 2, 2), "父亲": Feast(_weekday(6, 6, 3)),
    "618": Feast(_solar(6, 18)), "建军": Feast(_solar(8, 1)), "教师": Feast(_solar(9, 10)),
    "国庆": Feast(_solar(10, 1), 7, 7), "十一": Feast(_solar(10, 1), 7, 7), "万圣": Feast(_solar(10, 31)),
    "双十一": Feast(_solar(11, 11)), "双11": Feast(_solar(11, 11)), "光棍": Feast(_solar(11, 11)),
    "感恩": Feast(_weekday(11, 3, 4)), "双十二": Feast(_solar(12, 12)), "双12": Feast(_solar(12, 12)),
    "平安夜": Feast(_solar(12, 24)), "圣诞": Feast(_solar(12, 25)), "聖誕": Feast(_solar(12, 25)),
    "夏至": Feast(_term(6, 21.37)), "立秋": Feast(_term(8, 7.5)), "立冬": Feast(_term(11, 7.438)),
    "冬至": Feast(_term(12, 21.94)), "立夏": Feast(_term(5, 5.52)), "春节": _NEW_YEAR, "过年": _NEW_YEAR,
    "新春": _NEW_YEAR, "除夕": _EVE, "大年三十": _EVE, "年三十": _EVE, "大年夜": _EVE, "元宵": Feast(_lunar(1, 15)),
    "龙抬头": Feast(_lunar(2, 2)), "端午": Feast(_lunar(5, 5), 1, 3), "七夕": Feast(_lunar(7, 7)),
    "中元": Feast(_lunar(7, 15)), "中秋": Feast(_lunar(8, 15), 1, 3), "重阳": Feast(_lunar(9, 9)),
    "腊八": Feast(_lunar(12, 8)), "臘八": Feast(_lunar(12, 8)), "小年": Feast(_lunar(12, 23)),
}  # fmt: skip

_ONLY_AS_A_FEAST = frozenset(
    ("妇女", "三八", "女神", "植树", "愚人", "劳动", "青年", "护士", "母亲", "儿童", "父亲", "建军", "教师", "万圣")
).union(("光棍", "感恩", "中元", "情人"))
"""Words of their own without 节 after them."""
_DAYS_AFTER = r"(?=那天|那几天|当天|期间|长假|假期|黄金周|放假|大促|活动|那晚)"
_LOOSE = {
    "618": _DAYS_AFTER, "十一": _DAYS_AFTER, "五四": _DAYS_AFTER, "过年": "(?!轻|了|前|后的)", "腊八": "(?!粥|蒜)",
    "小年": "(?!轻)", "五一": r"节?(?!\s?[平个块元天次种人只岁])", "六一": r"节?(?!\s?[平个块元天次种人只岁])",
}  # fmt: skip
"""What must or must not follow a name that may mean something else."""
_SHIFT = {"前一": -1, "头一": -1, "前": -1, "第一": 0, "第二": 1, "第三": 2, "第四": 3, "第五": 4, "第六": 5, "第七": 6}


def _name(name: str) -> str:
    return f"{name}节" if name in _ONLY_AS_A_FEAST else name + _LOOSE.get(name, "节?")


FEAST = (
    rf"(?<![双一二三四五六七八九十百])(?P<feast>{'|'.join(map(_name, sorted(FEASTS, key=len, reverse=True)))})"
    r"(?P<mod>(?:的|后)?(?:前一|头一|第[一二三四五六七])[天晚日]|前[夕晚]|最后一天|小?长?假期?|黄金周|期间|放假|那几天"
    r"|那[一两三]天|[一二三五七八]天|当天|那天|当晚|那晚)?"
)
_LONG = re.compile("假|黄金周|期间|几天|^(?!第|前|头)[^第]*[两三五七八]天")
_LETTERS = re.compile("节$")


def feast_days(name: str, mod: str, year: int) -> Stretch | None:
    """The days that a feast with what follows its name means in a year."""
    feast = FEASTS[_LETTERS.sub("", name) if name not in FEASTS else name]
    first = feast.rule(year)
    if first is None:
        return None
    if _LONG.search(mod):
        first = _holiday(first) if feast.bare == 1 and feast.holiday == 3 else first
        return first, first + timedelta(days=_length(mod, feast) - 1)
    if "最后" in mod:
        return (first + timedelta(days=feast.holiday - 1),) * 2
    shift = next((days for word, days in _SHIFT.items() if word in mod), None)
    if shift is not None:
        return (first + timedelta(days=shift),) * 2
    return first, first + timedelta(days=0 if mod else feast.bare - 1)


def _length(mod: str, feast: Feast) -> int:
    told = re.search("[一二两三五七八]天", mod)
    return int(value_of(told[0][0]) or 1) if told else max(feast.holiday, feast.bare)


def _holiday(feast: date) -> date:
    """A holiday of three days is put together with the weekend: it begins on Saturday, Friday or the feast itself."""
    return feast - timedelta(days={0: 2, 6: 1}.get(feast.weekday(), 0))
