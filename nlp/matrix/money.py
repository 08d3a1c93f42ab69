"""Sums and ages said without a unit: 一千二收来的, 多收八十, 就这1280, 她七十六."""

import re
from collections.abc import Iterator, Sequence

from nlp.matrix.numbers import NUMBER, NUMERALS, value_of

_DIGIT = "一二两三四五六七八九"
_BARE = re.compile(
    rf"(?=[{NUMERALS}])(?<![\d第初周期拜零几数.号a-z{_DIGIT}十百千万])(?P<n>{NUMBER})(?P<about>多)?"
    r"(?![二两三四五六七八九十百千万])(?![\d点号楼栋室时分岁个平%:：.月年倍位名次遍回天度米斤\-/小钟后a-z]|单元|来[个块位斤]|公里|几[个块位]|"
    r"星期|礼拜|成[了立]?|[条件张台只双层扇盏间本棵盆座截床拨片筐口人句])"
)
_SHORTENED = re.compile(f"[{_DIGIT}][百千万][{_DIGIT}]|[{_DIGIT}]千[{_DIGIT}]百[{_DIGIT}]|.*万[{_DIGIT}]千?")
"""一百五, 一千二, 一万六: nobody counts anything else like that."""
_SUM = re.compile(f"\\d{{2,6}}(?:[.,]\\d+)?[wk万千百]?|[{_DIGIT}]*[十百千万][{_DIGIT}十百千万零]*")
_BEFORE = re.compile(
    "(?:[¥￥]|收|扣|花|付|少|丢|偷|亏|损失|赔|退|价|充|打|卖|买|报|要|算|值|加|补|掏|垫|送|领|差|多|出|按|变|就|费|额|单|钱|每天|每月|只有|给|交|足|存|省"
    "|满|减|抵|返|薪|涨|走|结|一共|总共|合计|加起来|共|金|资|卡|每次|每人|个|盏|平|到手|起步|大概|大约|将近|是|成|才|漆|得|还|坑|罚|借|欠|贵了|便宜了|冒出来|标价|那|我|剩|这|说好|便宜|不贵|每间|每小时|每平米?|一间|一遍|整整|值不了|配件|费)(?:了|是|我|的|到|款|您|他|她|你们|人家|走|足|出)?$"
)
_AFTER = re.compile(
    "块|减[\\d一二两三四五六七八九十]|的?(?:现金|现钞|港币|美金|礼金|压岁钱|提成|底薪|奖励|补贴)|一(?:平|单|双|块|小时|次|对|个|间|台|天|套|扇|盏|月|位|人|晚|趟|米|瓶|件|张)|的?(?:月卡|年卡|季卡|套餐|单子?|押金|定金|订金|违约金|红包|券|抵用券|优惠券|罚单|加急费|辛苦费|材料费"
    "|上门费|服务费|中介费|介绍费|膨胀金|运费|工资|奖金|东西|保洁)|(?:才|刚)?买|收来|新铺|余额|说扣|全退|打底|以上|以内|左右|不是小钱|起步|白瞎|打水漂|的?费用|到账"
)
_IN_WORDS = re.compile(f"[{_DIGIT}]{{1,2}}[百千万][{_DIGIT}十百千万零]*")
"""七百, 六千八, 一百六十八: without a unit behind it, a sum."""
_ENDS = re.compile("出头|几银|整|不止|起|[,。!?;、 )]|$|也|呢|吧|都|买|了")
_EDGE = re.compile("[,。!?;、 )]|$|的|也|呢|吧|都|到|说|我|你|怎|买|花|了")
_NO_SUM = re.compile("(?:号|码|楼|栋|室|幢|在|住|拨打?|尾号|工号|单号|打|叫|编号|版本|电话|热线|房|座)$")
_LINES = re.compile(
    "(?:1(?:10|19|20|22)|12[0-9]{3}|95\\d{3}|9[56]\\d{2,4}|84|618|520|1111|1212|24|365|360|400\\d*|20[2-3]\\d)(?!\\d)"
)
"""Numbers to call, disinfectant, shopping days, years."""
_AGED = re.compile(
    "(?:[她他妈爸奶爷婆姥]|(?<![赔退给收扣欠少多罚])我|都|今年|人家|老人|大爷|大妈|爷子|母亲|父亲|公公|婆婆|娘)$"
)
_OLD = re.compile("了|的人|,|。| |$|以[上下]|多岁|好几|站|走|一个人")
_Found = tuple[float, str, tuple[int, int]]


def find_money(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[_Found]:
    """Value, unit (元 or 岁) and span of every bare number that means money or an age; none inside `taken`."""
    for match in _BARE.finditer(text):
        start, end = match.span()
        value = value_of(match["n"])
        if not value or any(begin < end and start < stop for begin, stop in taken):
            continue
        if _is_age(text, value, start, end):
            yield value, "岁", (start, match.end("n"))
        elif value >= 5 and _is_sum(text, match):
            yield value, "元", (start, end)


def _is_age(text: str, value: float, start: int, end: int) -> bool:
    return 12 <= value <= 99 and bool(_AGED.search(text, max(0, start - 3), start) and _OLD.match(text, end))


def _is_sum(text: str, match: re.Match[str]) -> bool:
    start, end, said = match.start(), match.end(), match["n"]
    if _SHORTENED.fullmatch(said):
        return True
    if not _SUM.fullmatch(said) or _LINES.fullmatch(said) or _NO_SUM.search(text, max(0, start - 3), start):
        return False
    if _BEFORE.search(text, max(0, start - 6), start) or _AFTER.match(text, end):
        return True
    if _IN_WORDS.fullmatch(said) and (_ENDS.match(text, end) or (match["about"] and text.startswith("的", end))):
        return True
    plain = said.isdigit() and 3 <= len(said) <= 5
    return bool((plain or said[-1] in "百千万") and _EDGE.match(text, end) and (plain or _starts(text, start)))


def _starts(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in ",。!?;、 "
