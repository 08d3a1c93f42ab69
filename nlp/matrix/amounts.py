"""Hours, counts, areas and money, each with its unit and its words."""

import re

from domain.understanding import Amount
from nlp.findings import Findings
from nlp.matrix.money import find_money
from nlp.matrix.numbers import NUMBER, NUMERALS, value_of

_UNITS = {
    "元": "块钱|块大洋|块|元|蚊|rmb|yuan",
    "毛": "毛(?=钱|[,。!?都给也没的呢吧]|$)",
    "小时": "个?半?小时|个?半?钟头|个半钟|[个粒]钟|hours?",
    "分钟": "分钟|minutes?|mins?",
    "刻钟": "刻钟",
    "平米": "平方米|平米|平方|平(?![时常均台安])|㎡|sqm",
    "天": "天(?![花台然气])|日(?=[之以]?内)|days?",
    "周": "个?星期(?![一二三四五六日天])|个?礼拜(?![一二三四五六日天])|周(?![一二三四五六日末边围年岁])",
    "个月": "个半?月|(?<=[俩仨两])月",
    "年": "年(?![纪底会卡初前轻货级]|三十)",
    "次": "次(?![卧卫日要])|times",
    "回": "回(?![家来去复电话过头访])",
    "遍": "遍(?!地)",
    "趟": "趟",
    "顿": "顿",
    "人": "个?人(?![家民工员])",
    "名": "名(?![字牌])",
    "位": "位(?![置于])",
    "口": "口(?![子气红袋罩])(?=人|$|[,。])",
    "岁": "岁",
    "针": "针",
    "个": "个(?![月钟半]|小时)",
    "公里": "公里|km",
    "厘米": "公分|厘米|cm",
    "米": "米(?!饭|线|色|粉)",
    "度": "度(?![假过烧烫冻])",
    "斤": "公?斤",
    "倍": "倍",
    "%": "%|成(?![了立功本人为色品套])",
    "句": "句", "单": "单(?![元独位价据子])", "扇": "扇", "盏": "盏", "间": "间(?![隔断接歇])", "件": "件",
    "瓶": "瓶", "条": "条(?![件款])", "张": "张", "台": "台(?![面灯阶风])", "只": "只(?![有是能来给要剩做收会])",
    "双": "双", "层": "层", "本": "本(?![来人月周店身])", "棵": "棵", "盆": "盆", "座": "座(?!位|椅)", "截": "截",
    "床": "床(?!单|垫|头|底)", "拨": "拨", "片": "片", "筐": "筐", "套": "套(?!餐|路|间)",
    "家": "家(?![里人长政具庭电属])", "把": "把(?![手关])", "辆": "辆",
    "根": "根(?![本据])", "支": "支(?![付持])", "颗": "颗", "枚": "枚", "幅": "幅", "串": "串", "副": "副",
    "盒": "盒", "箱": "箱(?!子)", "袋": "袋", "桶": "桶", "包": "包(?![间括年月房厢])", "页": "页",
    "组": "组(?!长)", "晚": "晚(?![上点会饭])", "宿": "宿(?!舍)", "扣": "扣子",
    "车": "车(?!库|位)", "ml": "ml|毫升", "朵": "朵", "秒": "秒", "克": "克(?![扣服])", "份": "份(?![外量内])",
    "笔": "笔(?![记录直画])", "处": "处(?![理罚分置])", "户": "户(?![型口外籍])", "道": "道(?![理路歉具别])",
    "圈": "圈", "声": "声(?![音称明])", "夜": "夜(?![里间班宵猫])", "部": "部(?![分门位])", "粒": "粒",
    "碗": "碗(?![柜筷碟橱池])", "杯": "杯(?![子垫盖])", "站": "站(?=[地路])", "节": "节(?=电池|课)",
}  # fmt: skip
_LASTING = frozenset(("小时", "分钟", "刻钟", "周", "个月", "年", "元", "公里", "米", "倍", "%", "度", "斤"))
"""Units with which 一 counts; before others it mostly means "a"."""
_COUNTED = re.compile("(?:了|只|仅|才|就|共|给[^,。]{1,3}翻|派我|假|白搭|整整|满|歇)$")
_NOBODY = re.compile("[^,。]{0,1}(?:没|不|也|都|未)")
_NAMED = "|".join(f"(?P<u{number}>{pattern})" for number, pattern in enumerate(_UNITS.values()))
_AMOUNT = re.compile(
    rf"(?=[{NUMERALS}])(?<![第头每那这后初周期拜几数.零一二两三四五六七八九十百千万\d])(?<!(?<!提)前)(?<!(?<![余剩留])下)(?P<n>{NUMBER})(?P<about>多|来|几|余)?\s?(?:{_NAMED})"
    r"(?:(?P<half>半(?![小天夜路]))"
    r"|(?<=[米度里斤块])(?P<tenth>[一二三四五六七八九1-9](?!\d|[个十百千万点月号次位台楼天])))?(?!(?<![年月])[之以]?前)"
)
_SINGLE = re.compile(
    "(?=[俩仨双百])(?:(?P<n>俩|仨)(?=[^\\d月次天钟礼星个小]|小(?!时)|$)|(?P<double>双)倍|百分之(?P<percent>[一二三四五六七八九十百]+))"
)
_PIECES = re.compile(
    "块(?=抹布|布|手表|表|玻璃|地毯|瓷砖|毛巾|肥皂|红|淤|疤|砖|污|霉|褪|皮|木|板|区域|地方|掉|香皂|面|石|漆|墙|肉|糖|屏)"
)
_BROKEN = re.compile("[翘裂碎掉坏脱缺]了?$")
_FREE = re.compile("庆|旦|节|假")
_NAMES = tuple(_UNITS)


def find_amounts(found: Findings) -> tuple[Amount, ...]:
    """Every amount in the order of the text; a bare 一个 counts nothing and is left out."""
    text = found.text
    amounts = [amount for amount in (_amount(found, match) for match in _AMOUNT.finditer(text)) if amount]
    taken = [(amount.words.start, amount.words.end) for amount in amounts]
    for match in _SINGLE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            amounts.append(_single(found, match))
            taken.append(match.span())
    amounts += [Amount(value, unit, found.words(*span)) for value, unit, span in find_money(text, taken)]
    return tuple(sorted(amounts, key=lambda amount: amount.words.start))


def _single(found: Findings, match: re.Match[str]) -> Amount:
    """俩 and 仨 without a unit count heads or pieces; 双倍, 百分之二十."""
    words = found.words(*match.span())
    if match["percent"]:
        return Amount(value_of(match["percent"]) or 0.0, "%", words)
    if match["double"]:
        return Amount(2.0, "倍", words)
    ours = found.text[match.start() - 1 : match.start()] == "们" or found.text[match.end() : match.end() + 1] == "人"
    return Amount(value_of(match["n"]) or 0.0, "人" if ours else "个", words)


def _amount(found: Findings, match: re.Match[str]) -> Amount | None:
    value = value_of(match["n"])
    unit = _unit(found.text, match)
    if not value or (match["n"] == "一" and not _one_counts(found.text, match, unit)):
        return None
    if match["n"] == "半" and unit in ("天", "个", "次", "位", "晚", "张", "扇", "包", "夜", "道", "站", "碗", "杯"):
        return None
    before = found.text[match.start() - 1 : match.start()]
    if before == "上" and unit in ("次", "回", "趟", "个月", "周", "个", "单"):
        return None
    if unit == "天" and _FREE.match(before):
        return None
    value, unit = _plain(value, unit, match)
    tenth = match["tenth"] and unit in ("米", "度", "公里", "斤", "元")
    end = match.end() if tenth or match["half"] else match.end() - len(match["tenth"] or "")
    return Amount(value, unit, found.words(match.start(), end))


def _unit(text: str, match: re.Match[str]) -> str:
    number = next(name for name, told in match.groupdict().items() if told and name[0] == "u" and name[1:].isdigit())
    unit = _NAMES[int(number[1:])]
    if unit != "元" or match["tenth"] or match["half"] or match[number] != "块":
        return unit
    broken = (value_of(match["n"]) or 0) < 20 and _BROKEN.search(text, 0, match.start())
    return "块" if broken or _PIECES.match(text, match.end(number) - 1) else unit


def _one_counts(text: str, match: re.Match[str], unit: str) -> bool:
    """等了一小时 and 只来了一个 count; 一个, 一块 and 六十一小时 do not."""
    before, after = text[: match.start()], match.end()
    if unit == "元":
        return text.startswith("钱", after) or match[0] != "一块"
    if _NOBODY.match(text, after) and unit in ("分钟", "天", "次"):
        return False
    if unit in _LASTING:
        rate = before[-1:] in tuple("一二三四五六七八九十百千0123456789") or text.startswith(("要", "能", "交"), after)
        return not rate
    return (
        unit in ("个", "位", "次", "天", "台", "本", "人")
        and bool(_COUNTED.search(before[-5:]))
        and (unit == "天" or not _part(text, after))
    )


def _part(text: str, after: int) -> bool:
    """了一个杯子 names a thing, 只派我一个人 counts."""
    return bool(re.match("[^,。!?;人帮的 ]", text[after : after + 1]))


def _plain(value: float, unit: str, match: re.Match[str]) -> tuple[float, str]:
    """个半小时 adds a half, a quarter of an hour is fifteen minutes, 三成 is 30 %."""
    if unit == "刻钟":
        return value * 15, "分钟"
    if unit == "毛":
        return value / 10, "元"
    if unit == "%" and "成" in match[0]:
        return value * 10, unit
    said = match[0][len(match["n"]) :]
    if match["n"] != "半" and (match["half"] or (unit in ("小时", "个月") and "半" in said)):
        return value + 0.5, unit
    if match["tenth"] and unit in ("米", "度", "公里", "斤", "元"):
        return value + (value_of(match["tenth"]) or 0) / 10, unit
    return value, unit
