"""Hours, counts, areas and money, each with its unit and its words."""

import re
from collections.abc import Sequence

from domain.understanding import Amount
from nlp.findings import Findings
from nlp.matrix.money import HOTLINES, find_money
from nlp.matrix.numbers import NUMBER, NUMERALS, value_of
from nlp.matrix.units import LASTING, PERIODS, REPEATED, SAID, UNITS

_NAMED = "|".join(f"(?P<u{number}>{pattern})" for number, pattern in enumerate(UNITS.values()))
_NAMES = tuple(UNITS)
_GROUPS = tuple(f"u{number}" for number in range(len(UNITS)))
_ANY = re.compile(f"[{NUMERALS}双百千万]|[个块]把|成个")
"""A third of all messages hold no number at all."""
_WHICH = re.compile(
    r"(?:星期|(?<![一二两三几每])周|(?<![提目之以])前|(?<![然最以之过完走随事前])后|(?<![月时头钟年天块])零|三番|五次三|三天|十天)$"
)
"""星期三, 前两天, 五次三番: what stands before says which, not how many. But 提前两天, 然后三个人, 一个钟头零十分."""
_SAYING = re.compile(
    "半斤八两|[讲说]一千道一万|(?:骂|当成?|你个|像个|真是个?|是个)[我你他她它您]?二百五|国窖1573|三番[两五]次|两次三番|三天两[头夜]|三言两语|十天半个?月|一年半载|三年五载|七天无理由|(?<=一[次回])两[次回]|[一八][百千万]遍|四处[瞅看走找乱跑打说漏]"
)
_AMOUNT = re.compile(
    rf"(?=[{NUMERALS}])(?!(?<=[加凑搁])一块(?!钱))(?:(?<=双十[一二])|(?<![双第每初拜几数.一二两三四五六七八九十百千万\d]))(?<!(?<![里外前后床手灶])头)(?P<n>{NUMBER})(?P<about>多|来|好?几|余|[郎啷]当)?整?\s?(?:{_NAMED})"
    r"(?:(?P<half>半(?![小天夜路]))"
    r"|(?<=[米度里斤块毛])零?(?P<tenth>(?:(?<=米)[一二三四五六七八九1-9]{2}|[一二三四五六七八九1-9])(?!\d|小时|[个十百千万点月号次位台楼天平间件只人斤单扇套张层趟遍盏床双针]))(?:毛钱?)?)?"
    r"(?!(?<=[时钟头天期拜周])[之以]?前)"
)
_SINGLE = re.compile(
    r"(?=[俩仨双百个一二三四五六七八九])(?:(?P<more>(?<![几数好半\d十百千万零一二两三四五六七八九])个半(?P<moons>月)?(?(moons)|(?:小时|钟头?)))|(?P<n>俩|仨)(?=[^\d月次天钟点礼星个小瓜枣]|小(?!时)|$)|(?P<double>双)倍|百分之(?P<percent>[一二三四五六七八九十百]+)|(?P<off>[一二三四五六七八九]{2})折(?![叠断]))"
)
_ABOUT = re.compile(
    r"(?=[个百千万成])(?<![几数好\d十百千万一二两三四五六七八九])(?P<n>[个十百千万](?:把|十?来|十|[几零](?=[块元蚊文]))|成(?=个(?:钟|小时|月|礼拜|星期)))个?"
    r"(?:(?P<money>块钱?|元|蚊)|(?P<hours>小时|钟头|钟)|(?P<months>月)|(?P<weeks>礼拜|星期)|(?P<people>人)"
    r"|(?P<area>平米?|平方))"
)
"""个把小时, 千把块, 百十来平, 成个钟."""
_ROUGHLY = {"个": 1.0, "成": 1.0, "十": 10.0, "百": 100.0, "千": 1000.0, "万": 10_000.0}
_NOTES = re.compile("(?P<n>[一二两三四五六七八九半几])嚿水")
"""三嚿水: hundreds, in Cantonese."""
_TENS = re.compile(
    rf"(?=[{NUMERALS}百千])(?<!粉丝)(?<!播放)(?<!点赞)(?<!浏览)(?<!积分)(?<![第几数.一二两三四五六七八九十百千万\d])(?P<n>\d{{1,4}}|[一二两三四五六七八九]?[十百千])(?:来|多|几|好几)"
    r"(?P<big>[万千百])(?:块钱?|元|人民币|(?=[,。!?;呢啊吧]|的|现金|存款|$))"
)
"""十来万的表, 二十多万块."""
_ROUGH_SUM = re.compile(
    r"(?<![几数好\d十百千万一二两三四五六七八九])(?:(?P<n>[百千万])儿?八[十百千](?![个平米斤次人天条张户万\d])|块把(?=钱))(?:块钱?|元|蚊|钱)?"
)
"""百八十, 千儿八百, 块把钱: money, when no other unit follows."""
_KINDS = {"money": "元", "hours": "小时", "months": "个月", "weeks": "周", "people": "人", "area": "平米"}
_COUNTED = re.compile("(?:了|过|白跑|只|仅|才|就|共|给[^,。]{1,3}翻|派我|假|白搭|整整|满|歇|提前|提早|耽误|晚|连)$")
_CAME = re.compile("(?<![再又重])来$")
_ONLY = re.compile(
    "(?<!同)(?:(?<!一)只(?![是能要有])|仅|才|就(?=带|这|来|派|擦|洗|给|扫|回))[^,。!?;]{0,3}$|(?<!不)就$"
)
_FINED = re.compile("[^,。!?]{0,2}[扣罚]")
_BEFORE_RATE = tuple("一二三四五六七八九十百千0123456789")
_NEXT = re.compile(f"(?:的?(?:工资|薪水|租金|房租|底薪))?(?P<n>{NUMBER})")
_PRICED = re.compile("[块元蚊]钱?$")
_HEADS = ("人", "位", "名")
_HOURS = tuple("0123456789一二两三四五六七八九十")
_NEVER_CALLED = (*_HEADS, "把", "车", "通")
"""打12345把事情说清楚, 120车还没到."""
_EARNED = ("要", "能", "交")
_HALVED = ("平米", "瓶")
_MEASURES = ("平米", "米", "斤", "公斤", "尺", "升")
_SHORT = ("分钟", "刻钟")
_NOBODY = re.compile("[^,。]{0,1}(?:没|不|也|都|未)")
_PIECES = re.compile(
    "块(?=抹布|布|手表|表|玻璃|地毯|瓷砖|毛巾|肥皂|红|淤|疤|砖|污|霉|褪|皮|木|板|区域|地方|掉|青|淤|香皂|面|石|漆|墙|肉|糖|屏|滤网|电池|蛋糕|补丁|印|疙瘩|斑|胶|膜|垫|牌|镜|毯|席|瓦|窗|盖|挡|隔)"
)
_CLOTHS = re.compile("(?:抹布|毛巾|玻璃|瓷砖|地砖|海绵)[^,。!?钱元费收赔换扣]{0,5}$")
"""抹布总共发了五块: pieces, which stand before their number too; 擦玻璃十二块一平 is a price."""
_PRICES = ("一", "钱", "/", "每")
_BROKEN = re.compile("[翘裂碎掉坏脱缺鼓泡花塌崩](?:了|起来?|掉)?$")
_FREE = ("庆", "旦", "节", "假")
_OFF = ("请假", "休假", "放假")
_PLACES = tuple("余剩留名不脸身手桌地门墙头晚早路网卡楼腿背脚床柜台面架线群账单条马")
"""剩下四次, 脸上五个: the 上 and 下 after these say neither last nor next."""
_LATE = re.compile("(?:(?:小时|钟头?)零?|迟到|早退|晚[了到]|等了|早走|才|过去|提前)了?$")
_LATER = re.compile("(?:点|迟到?[咗了]?|等[咗了]|晚[咗了到]|足足|早[咗走])(?:足足|大概|成)?$")
_PAID = re.compile("的?(?:钱|活|工|费)")
_ALONE = re.compile("(?:干|扛|擦|做|收拾|弄|洗|打扫|扫|搬|抬|拖|顶|忙)")


def find_amounts(found: Findings) -> tuple[Amount, ...]:
    """Every amount in the order of the text; a bare 一个 counts nothing and is left out."""
    text = found.text
    if not _ANY.search(text):
        return ()
    amounts = [_notes(found, match) for match in _NOTES.finditer(text)]
    taken = [match.span() for pattern in (_NOTES, _SAYING) for match in pattern.finditer(text)]
    for match in _AMOUNT.finditer(text):
        amount = _amount(found, match) if not _inside(match, taken) else None
        if amount:
            amounts.append(amount)
            taken.append((amount.words.start, amount.words.end))
    for pattern, read in ((_SINGLE, _single), (_ABOUT, _about), (_ROUGH_SUM, _rough_sum), (_TENS, _tens)):
        for match in pattern.finditer(text):
            if not _inside(match, taken):
                amounts.append(read(found, match))
                taken.append(match.span())
    amounts += [Amount(value, unit, found.words(*span)) for value, unit, span in find_money(text, taken)]
    return tuple(sorted(amounts, key=lambda amount: amount.words.start))


def _inside(match: re.Match[str], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether its words are another amount's, or part of them."""
    return any(start < match.end() and match.start() < end for start, end in taken)


def _notes(found: Findings, match: re.Match[str]) -> Amount:
    return Amount((value_of(match["n"]) or 0.0) * 100, "元", found.words(*match.span()))


def _single(found: Findings, match: re.Match[str]) -> Amount:
    """俩 and 仨 without a unit count heads or pieces; 双倍, 百分之二十, 九五折; 个半钟 is one and a half."""
    words = found.words(*match.span())
    if match["off"]:
        tens, ones = map(value_of, match["off"])
        return Amount((tens or 0.0) + (ones or 0.0) / 10, "折", words)
    if match["percent"]:
        return Amount(value_of(match["percent"]) or 0.0, "%", words)
    if match["more"]:
        return Amount(1.5, "个月" if match["moons"] else "小时", words)
    if match["double"]:
        return Amount(2.0, "倍", words)
    before, after = found.text[match.start() - 1 : match.start()], found.text[match.end() : match.end() + 1]
    ours = before in tuple("们我你他她咱") or after == "人"
    return Amount(value_of(match["n"]) or 0.0, "人" if ours else "个", words)


def _about(found: Findings, match: re.Match[str]) -> Amount:
    unit = next(unit for name, unit in _KINDS.items() if match[name])
    return Amount(_ROUGHLY[match["n"][0]], unit, found.words(*match.span()))


def _rough_sum(found: Findings, match: re.Match[str]) -> Amount:
    return Amount(_ROUGHLY[match["n"]] if match["n"] else 1.0, "元", found.words(*match.span()))


def _tens(found: Findings, match: re.Match[str]) -> Amount:
    return Amount((value_of(match["n"]) or 0.0) * _ROUGHLY[match["big"]], "元", found.words(*match.span()))


def _amount(found: Findings, match: re.Match[str]) -> Amount | None:
    text, value, unit = found.text, value_of(match["n"]), _unit(found.text, match)
    if not value or not unit or (match["n"] == "一" and not _one_counts(text, match, unit)):
        return None
    if _WHICH.search(text, max(0, match.start() - 3), match.start()):
        return None
    if match["n"] == "半" and unit not in (*LASTING, *_HALVED) and not _half_day(text, match, unit):
        return None
    if unit == "个" and text.startswith("字", match.end()) and _LATER.search(text, 0, match.start()):
        return _fives(found, match, value)
    if (match["n"] in HOTLINES and unit in _NEVER_CALLED) or _is_the_minute(text, match.start(), value, unit):
        return None
    if _tells_which(text, match, unit) or (unit == "年" and _is_a_year(match["n"], value)):
        return None
    value, unit = _plain(value, unit, match)
    end = match.end() if _tenth(match, unit) or match["half"] else match.end() - len(match["tenth"] or "")
    if unit == "度" and text.startswith("零下", match.start() - 2):
        return Amount(-value, unit, found.words(match.start() - 2, end))
    return Amount(value, unit, found.words(match.start(), end))


def _fives(found: Findings, match: re.Match[str], value: float) -> Amount | None:
    """In Cantonese a 字 is five minutes: 迟到三个字; 十一点三个字 is a time."""
    if found.text[match.start() - 1] == "点":
        return None
    return Amount(value * 5, "分钟", found.words(match.start(), match.end() + 1))


def _half_day(text: str, match: re.Match[str], unit: str) -> bool:
    """请了半天假, 请假半天; 等了半天, 半夜 and 半包烟 are ways of speaking."""
    return unit == "天" and (text.startswith(("假", "工"), match.end()) or text[: match.start()].endswith(_OFF))


def _tells_which(text: str, match: re.Match[str], unit: str) -> bool:
    """上次, 这两天, 国庆三天: a time or a turn, not how many; 剩下四次 and 这三天的钱 are."""
    before = text[max(0, match.start() - 2) : match.start()]
    if before.endswith(("上", "下")):
        return unit in REPEATED and before[:-1] not in _PLACES
    if before.endswith(("这", "那")):
        return unit in PERIODS and not _PAID.match(text, match.end())
    return unit == "天" and before.endswith(_FREE) and before not in _OFF


def _is_the_minute(text: str, start: int, value: float, unit: str) -> bool:
    """四点二十人还没来: a time, not twenty people."""
    return value >= 10 and unit in _HEADS and text[start - 1 : start] == "点" and text[start - 2 : start - 1] in _HOURS


def _is_a_year(said: str, value: float) -> bool:
    """2006年, 06年."""
    return value >= 1900 or said.startswith("0")


def _unit(text: str, match: re.Match[str]) -> str:
    """The name of the unit; empty when the words are none here."""
    number = match.lastgroup or ""
    if number in ("half", "tenth"):
        number = next(name for name in _GROUPS if match[name])
    unit = _NAMES[int(number[1:])]
    if unit == "分":
        late = _LATE.search(text, max(0, match.start() - 4), match.start())
        at_once = text[match.start() - 1 : match.start()] != "点" and text.startswith(("就", "才"), match.end())
        return "分钟" if late or at_once else ""
    if unit != "元" or match["tenth"] or match["half"] or match[number] != "块":
        return unit
    few = (value_of(match["n"]) or 0) < 20
    cloths = _CLOTHS.search(text, 0, match.start()) and not text.startswith(_PRICES, match.end())
    broken = few and (_BROKEN.search(text, 0, match.start()) or cloths)
    return "块" if broken or _PIECES.match(text, match.end(number) - 1) else unit


def _one_counts(text: str, match: re.Match[str], unit: str) -> bool:
    """等了一小时 and 只来了一个 count; 一个, 一块 and 六十一小时 do not."""
    before, after = text[: match.start()], match.end()
    if unit == "元":
        return text.startswith("钱", after) or match[0] != "一块"
    if _NOBODY.match(text, after) and unit in ("分钟", "天", "次"):
        return False
    if unit not in SAID and (_ONLY.search(before[-5:]) or (unit in ("天", "单", "次") and _FINED.match(text, after))):
        return True
    if "整" in match[0] or match["half"]:
        return unit in PERIODS or unit in LASTING
    if unit in _MEASURES and text.startswith("多", after):
        return True
    if unit in LASTING:
        return not _is_rate(text, match.start(), after, unit)
    if unit == "人" and before[-1:] in tuple("我你他她俺咱"):
        return bool(_ALONE.match(text, after))
    if unit in _HEADS and _CAME.search(before[-2:]) and not _part(text, after):
        return True
    return (
        unit in ("个", "位", "次", "回", "趟", "天", "台", "本", "人")
        and bool(_COUNTED.search(before[-5:]))
        and (unit == "天" or not _part(text, after))
    )


def _is_rate(text: str, start: int, after: int, unit: str) -> bool:
    """三十五一小时, 一年二十四次, 一个月九千八, 一小时50; but 一小时四十 is a time."""
    if text[start - 1 : start] in _BEFORE_RATE or (unit not in _SHORT and text.startswith(_EARNED, after)):
        return True
    if _PRICED.search(text, max(0, start - 2), start):
        return True
    number = _NEXT.match(text, after)
    if not number:
        return False
    figures = number["n"].isdigit() and not text.startswith(("分", "刻"), number.end())
    return unit in PERIODS or figures or (value_of(number["n"]) or 0) >= 60


def _part(text: str, after: int) -> bool:
    """了一个杯子 names a thing, 只派我一个人 counts."""
    return bool(re.match("[^,。!?;人帮的 ]", text[after : after + 1]))


def _tenth(match: re.Match[str], unit: str) -> bool:
    return bool(match["tenth"]) and unit in ("米", "毛", "度", "公里", "斤", "公斤", "元")


def _plain(value: float, unit: str, match: re.Match[str]) -> tuple[float, str]:
    """个半小时 adds a half, a quarter of an hour is fifteen minutes, 三成五 is 35 %, 95折 is 9.5."""
    if unit == "刻钟":
        return value * 15, "分钟"
    if unit == "毛":
        return value / 10 + (value_of(match["tenth"]) or 0) / 100 if match["tenth"] else value / 10, "元"
    if unit == "%" and "成" in match[0]:
        return value * 10 + (value_of(match[0].partition("成")[2]) or 0.0), unit
    if unit == "折" and value > 10:
        return value / 10, unit
    said = match[0][len(match["n"]) :]
    if match["n"] != "半" and (match["half"] or (unit in ("小时", "个月") and "半" in said)):
        return value + 0.5, unit
    if _tenth(match, unit):
        return value + sum((value_of(one) or 0) / 10**place for place, one in enumerate(match["tenth"], 1)), unit
    return value, unit
