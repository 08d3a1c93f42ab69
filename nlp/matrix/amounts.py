"""Money, hours, counts and areas, each with its unit and its words."""

import re
from itertools import chain

from domain.understanding import Amount
from nlp.findings import Findings
from nlp.matrix.numbers import NUMBER, value_of

_UNITS = {
    "元": "块钱|块|元|rmb",
    "小时": "个?半?小时|个?半?钟头|个半钟|个钟",
    "分钟": "分钟",
    "刻钟": "刻钟",
    "平米": "平方米|平米|平方|平|㎡",
    "天": "天(?!花)",
    "周": "个?星期|个?礼拜|周(?![一二三四五六日末])",
    "月": "个月",
    "年": "年(?!纪|底|会|卡)",
    "次": "次(?!卡)|回(?!家|来|去|复|电)|趟|遍",
    "人": "个人|位|名",
    "岁": "岁",
    "针": "针",
    "个": "个(?!月|人|钟|小|半)",
    "件": "件",
    "瓶": "瓶",
    "条": "条",
    "张": "张",
    "台": "台",
    "只": "只(?!有|是|能|来|给)",
    "双": "双",
    "层": "层",
}
_VAGUE = frozenset("个件瓶条张台只双层次人块")
"""With 一 before them these mean "a", not "one"."""
_NAMED = "|".join(f"(?P<u{number}>{pattern})" for number, pattern in enumerate(_UNITS.values()))
_AMOUNT = re.compile(rf"(?P<n>{NUMBER})(?:多|来|几|余|好几)?\s?(?:{_NAMED})(?P<half>半(?!小|天|夜))?(?![之以]?前)")
_PIECES = re.compile(
    r"块(?=抹布|布|手表|表|玻璃|地毯|瓷砖|毛巾|肥皂|红|淤|疤|砖|污|霉|褪|皮|木|板|区域|地方|掉|香皂|面)"
)
_UNIT = "|".join(_UNITS.values())
_PAID = (
    "收|扣|花|付|少|丢|偷|亏|损失|赔|退|下单|价格|价|只到|才到|只退|交|充|原价|打|卖|买|报价|要|算|是|成|了|我|好的?"
)
_BARE = r"\d{2,6}(?:\.\d+)?|[一两二三四五六七八九][百千][一二三四五六七八九]?[十百]?"
_LINES = "(?<=打)1(?:10|19|20|22)|123(?:15|20|33|45|56)"
"""Numbers to call are no sums: 打12315."""
_BARE_MONEY = re.compile(
    rf"(?:[¥￥]|(?:{_PAID})(?:了|是|我|的|到|款)?)(?!(?:{_LINES})(?!\d))(?P<n>{_BARE})(?![\d点号楼栋室时分单元个平%:.年月小后]|{_UNIT})"
)
_TEN_THOUSANDS = r"(?:\d{1,6}(?:\.\d{1,4})?|[一两二三四五六七八九十]{1,6})万[一二三四五六七八九]?千?"
_LARGE_MONEY = re.compile(rf"(?P<n>{_TEN_THOUSANDS})(?!\s?[多来几]?(?:人|次|{_UNIT}))")
"""一万二, 四五万: nobody counts to ten thousand of anything else in a complaint."""
_NAMES = tuple(_UNITS)


def find_amounts(found: Findings) -> tuple[Amount, ...]:
    """Every amount in the order of the text; a bare 一个 counts nothing and is left out."""
    amounts = [amount for amount in (_amount(found, match) for match in _AMOUNT.finditer(found.text)) if amount]
    for match in chain(_BARE_MONEY.finditer(found.text), _LARGE_MONEY.finditer(found.text)):
        start, end = match.span("n")
        value = value_of(match["n"])
        if value and not any(amount.words.start < end and start < amount.words.end for amount in amounts):
            amounts.append(Amount(value, "元", found.words(start, end)))
    return tuple(sorted(amounts, key=lambda amount: amount.words.start))


def _amount(found: Findings, match: re.Match[str]) -> Amount | None:
    value = value_of(match["n"])
    group = match.lastgroup if match.lastgroup != "half" else _unit_group(match)
    unit = _NAMES[int((group or "u0")[1:])]
    if unit == "元" and _PIECES.match(found.text, match.end("n")):
        unit = "块"
    if unit == "元" and match[0] == "一块" and not found.text.startswith("钱", match.end()):
        return None
    if value is None or (match["n"] == "一" and unit in _VAGUE):
        return None
    value, unit = _plain(value, unit, match)
    return Amount(value, unit, found.words(match.start(), match.end()))


def _unit_group(match: re.Match[str]) -> str:
    return next(name for name, text in match.groupdict().items() if name.startswith("u") and text)


def _plain(value: float, unit: str, match: re.Match[str]) -> tuple[float, str]:
    """个半小时 adds a half; a quarter is fifteen minutes."""
    if unit == "刻钟":
        return value * 15, "分钟"
    if unit == "小时" and match["n"] != "半" and ("半" in match[0][len(match["n"]) :]):
        return value + 0.5, unit
    if unit == "元" and match["half"]:
        return value + 0.5, unit
    return value, unit
