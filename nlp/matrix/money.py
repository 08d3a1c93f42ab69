"""Sums and ages said without a unit: 一千二收来的, 多收八十, 就这1280, 她七十六."""

import re
from collections.abc import Iterator, Sequence

from nlp.matrix.numbers import NUMBER, NUMERALS, value_of

_DIGIT = "一二两三四五六七八九"
_BARE = re.compile(
    rf"(?=[{NUMERALS}])"
    rf"(?:(?<=rmb)|(?<=rmb )|(?<=当初)|(?<=双十[一二])|(?<![\d双第初周期拜零几数.号a-z{_DIGIT}十百千万]))"
    rf"(?P<n>{NUMBER})(?P<about>多)?"
    r"(?!一[点号刻]|[\d点号楼栋室时分岁个平%:：.月年倍位名次遍回天度米斤\-钟后a-z]|小(?!费))"
    r"(?![二两三四五六七八九十百千万多余]|几(?!银)|/\d|单元|那个号|开头|来[个块位斤]|公里|几[个块位]|"
    r"星期|礼拜|成[了立]?|字|个?积分|播放|粉|赞|册|级|载|呎|坪|里[地路]|来?万|来?口|[条件张台只双层扇盏间本棵盆座截床拨片筐口人句])"
)
_SHORTENED = re.compile(
    f"[{_DIGIT}][百千万][{_DIGIT}]|[{_DIGIT}]千[{_DIGIT}]百[{_DIGIT}]|.*万[{_DIGIT}]千?|\\d+(?:\\.\\d+)?(?:[wk]\\d|[万千百][\\d{_DIGIT}])"
)
"""一百五, 一千二, 一万六: nobody counts anything else like that."""
_SUM = re.compile(
    f"\\d{{2,6}}(?:\\.\\d+)?|\\d{{1,3}}(?:,\\d{{3}})+(?:\\.\\d+)?|\\d{{1,3}}(?:\\.\\d+)?[wk万千百](?:\\d{{4}}|[\\d{_DIGIT}]?)|[{_DIGIT}]*[十百千万][{_DIGIT}十百千万零廿卅]*"
)
_PENCE = re.compile(r"\d{1,5}\.\d{1,2}")
"""139.9 without a unit: a price, unless it is a fever or a mark."""
_NO_PENCE = re.compile("(?:烧|温|度|分|版|版本|v|打|评|给|ph|系数|率)[到了是]?(?:了|的|个)?$")
_BEFORE = re.compile(
    "(?:[¥￥+]|rmb|收|扫了|全款|扣|花|付|少|丢|偷|亏|损失|赔|退|价|充|提|打|卖|买|报|要|算|值|加|补|掏|垫|送|领|差|多|出|按|变|就|费|额|单|钱|每天|每月|只有|给|交|足|存|省"
    "|满|减|抵|返|薪|涨|走|结|一共|总共|合计|加起来|共|金|资|卡|每次|每人|个|盏|平|到手|起步|大概|大约|将近|是|成|才|漆|得|还|坑|罚|借|欠|押|从|跌|剩|凑|挣|赚|汇|转|刷|奖|贴|照|估|约|租|乘|含|到账|耗材|每[^,。]"
    "|一[个只张件把颗盆块平盏扇台套对双间次单位笔晚天年条根瓶盒袋份株棵趟米斤]"
    "|打包|券|贵了|便宜了|冒出来|标价|那|我|剩|这|说好|便宜|不贵|每小时|每平米|一遍|整整|值不了|配件|费|红包|优惠|写|显示|包月|结账|账单|拢共|加一块儿?)"
    '(?:了|是|我|的|到|来|款|您|他|她|你们|人家|走|足|出|成|着|过|掉|个)?["”」』 ]?$'
)
_AN_HOUR = re.compile("一个?(?:小时|钟头?)$")
_AFTER = re.compile(
    "块|/(?:次|小时|h|平|人|天|月|个|台|单)|减[\\d一二两三四五六七八九十]|的?(?:现金|现钞|港币|美金|礼金|压岁钱|提成|底薪|奖励|补贴|零钱|代金券)"
    "|一(?:平|单|双|块|笔|小时|次|对|个|间|台|天|套|扇|盏|月|位|人|晚|趟|米|瓶|件|张|把|盒|斤|份|株|棵|盆|支)"
    "|退(?:我|给|回|掉|了|还)|还(?:我|给我)|能?补给|是什么|不算|撑死|[一-龥]{1,3}(?:费|款)|的?(?:月卡|年卡|季卡|次卡|套餐|单子?|押金|定金|订金|违约金|红包|券|抵用券|优惠券|罚单|加急费|辛苦费|材料费|余额|差价|尾款"
    "|上门费|服务费|中介费|介绍费|膨胀金|运费|工资|奖金|东西|保洁)|(?:才|刚)?买|收来|新铺|余额|说扣|全退|打底|以上|以内|左右|不是小钱|起步|白瞎|打水漂|的?费用|到账"
)
_IN_WORDS = re.compile(f"[{_DIGIT}]{{1,2}}[百千万][{_DIGIT}十百千万零廿卅]*")
"""七百, 六千八, 一百六十八: without a unit behind it, a sum."""
_ALONE = re.compile("[,。!?;]|$")
_EDGE = re.compile(
    "[,。!?;、 )”」』]|$|的(?!大[叔爷姐妈]|邻居|住户|业主|租客|门)"
    "|也|[呢吧啊呀嘛哦呐诶]|都|好[吗不]|应[该当]|本来|到|说|我|你|怎|买|花|了|退|扣|收|变|没(?!人)"
    "|是什么|实际|结|让|[那这](?=[张笔单])|写|改|就|成|进|还|给|做|擦|多|少|请"
)
_COUNTABLE = re.compile("[强货米步里年天人户家户粒颗页本遍代名位根个片种样斤亩伏瓦转只双]|多?(?:人|号|斤|米|里)")
"""What thousands are besides money, where no measure word stands between."""
_TOLD = re.compile("[钱块元费收价付退赔买卖碎加]")
_NO_SUM = re.compile(
    "(?:(?:粉丝?|点赞|播放量?|浏览|阅读|转发|积分)[^,。]{0,4},?|(?:密码|[工单]号|尾号|编号|车牌|门牌)(?:是|[:：])?[\\d、,和跟]+|隔壁|对门|(?<!就)[我俺]们?是|楼[上下]|号|码|楼|栋|室|幢|单元|(?<!现)在|住|拨打?|尾号|工号|单号|打|叫|编号|版本|电话|热线|房|座|型号|密码|血压)$"
)
_LINES = re.compile(
    "(?:1(?:10|19|20|22)|123\\d\\d|95\\d{3}|96\\d{3,4}|84|618|520|1111|1212|24|365|400(?:\\d{7})?|20[2-3]\\d)(?!\\d)"
)
"""Numbers to call, disinfectant, shopping days, years."""
_TAKEN = re.compile("(?:[收扣剩付退花价费差转欠罚赔]|多出来)(?:了|我)?$|一[台次平个套趟间件]$")
"""Before these, 120 is a sum all the same."""
HOTLINES = frozenset(("110", "119", "120", "122", "12315", "12345", "12333", "12348", "12358"))
_KIN = "[她他妈爸奶爷婆姥娘]|老头子?|老太太?|老人家?|大[爷妈]|爷子|[母父]亲|[公伯叔舅]公?|老伴|丈人|岳[母父]|外[公婆]"
_AGED = re.compile(f"(?:{_KIN}|(?<![赔退给收扣欠少多罚])我|都|今年|人家|[年虚周]岁|快|年纪|岁数|师傅|阿姨)$")
_OLD = re.compile("了(?![块元钱])|好几了?|的人|,|。| |$|以[上下]|多(?:岁|了|的)|站|走|一个人")
_STILL = re.compile("的人(?!工|家|情)|出头的[^钱价东]|开外|好几(?=[了的岁,。 ]|$)")
_OF_HELP = re.compile("(?:师傅|阿姨|快|都)$")
"""阿姨五十了 is an age, 阿姨五十, may be a sum."""
_Found = tuple[float, str, tuple[int, int]]


def find_money(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[_Found]:
    """Value, unit (元 or 岁) and span of every bare number that means money or an age; none inside `taken`."""
    for match in _BARE.finditer(text):
        start, end = match.span()
        value = value_of(match["n"])
        if (
            not value
            or (value <= 31 and text[start - 1 : start] in ("月", "年"))
            or any(begin < end and start < stop for begin, stop in taken)
        ):
            continue
        if _is_age(text, value, start, match.end("n")):
            yield value, "岁", (start, match.end("n"))
        elif value >= 5 and _is_sum(text, match):
            yield value, "元", (start, end)


def _is_age(text: str, value: float, start: int, end: int) -> bool:
    if not 12 <= value <= 99:
        return False
    if not _AGED.search(text, max(0, start - 3), start):
        return bool(_STILL.match(text, end))
    told = _OLD.match(text, end)
    return bool(told and (told[0][:1] in ("了", "好", "的") or not _OF_HELP.search(text, max(0, start - 2), start)))


def _is_sum(text: str, match: re.Match[str]) -> bool:
    start, end, said = match.start(), match.end(), match["n"]
    if _SHORTENED.fullmatch(said):
        return True
    if _PENCE.fullmatch(said):
        return not _NO_PENCE.search(text, max(0, start - 4), start)
    if (
        not _SUM.fullmatch(said)
        or (_LINES.fullmatch(said) and not _TAKEN.search(text, max(0, start - 4), start))
        or _NO_SUM.search(text, max(0, start - 12), start)
    ):
        return False
    if _BEFORE.search(text, max(0, start - 6), start) or _AFTER.match(text, end):
        return True
    if said.isdigit() and _AN_HOUR.search(text, max(0, start - 4), start):
        return True
    if _IN_WORDS.fullmatch(said):
        return not _COUNTABLE.match(text, end)
    if _ALONE.match(text, end) and _starts(text, start) and _TOLD.search(text, max(0, start - 20), start):
        return True
    plain = (said.isdigit() and 3 <= len(said) <= 5) or said[-1] in "wk"
    return bool((plain or said[-1] in "百千万") and _EDGE.match(text, end) and (plain or _starts(text, start)))


def _starts(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in ",。!?;、 "
