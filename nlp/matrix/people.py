"""People: 刘阿姨 with her surname, 客服小唐, 住家阿姨, 我妈; and 保洁 when it is not the worker but the work."""

import re

from nlp.cutter import Cut
from nlp.findings import Findings

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦"
    "江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文毕鲁廉柳祝耿焦骆葛詹樊庞关甘殷施陶洪翟安倪严牛温季俞章鲍辛管冉岳左"
)
_TITLES = frozenset(
    (
        "阿姨",
        "师傅",
        "大姐",
        "姐",
        "大哥",
        "哥",
        "嫂",
        "大嫂",
        "经理",
        "老师",
        "女士",
        "先生",
        "店长",
        "主管",
        "小姐",
        "妈",
    )
).union(
    (
        "婶",
        "总",
        "叔",
        "大妈",
        "大叔",
        "大爷",
        "医生",
        "律师",
        "姨",
        "护士",
        "队长",
        "组长",
        "老板",
        "太太",
        "阿姐",
        "姐姐",
    )
)
_WHOSE = frozenset("我她他俺咱")
NICK = frozenset("小老阿")
_SERVICE = re.compile(
    "(?:做|日常|深度|开荒|退租|清洁|家庭|普通|高级|放松|婚房|搬家|年终|新房|办公室|套餐|订|约|下单|次|做完|上门|回|定期|基础"
    "|精细|商业|节前)的?(?:了|个|一次)?$"
)
_SERVICE_OF = re.compile("服务|公司|单|券|费|套餐|平台|项目|效果|质量|工作|卡|一次|完|结束|验收|时间|流程|标准|内容")
_GREETED = re.compile("们?好|[您你]好")
_AND_MORE = frozenset("们")


def is_nickname(cut: Cut, at: int) -> bool:
    """小唐, as one word or cut in two."""
    word = cut[at][0]
    if len(word) == 2:
        return word[0] in NICK and word[1] in _SURNAMES
    return word in NICK and at + 1 < len(cut) and cut[at + 1][0] in _SURNAMES


def is_somebody(found: Findings, word: str, start: int, end: int) -> bool:
    """Not the work that bears the worker's name, and not the people whom the message greets."""
    if word == "保洁":
        return not (_SERVICE.search(found.text, max(0, start - 6), start) or _SERVICE_OF.match(found.text, end))
    return not (word in ("领导", "老师", "客服", "老板", "亲") and _GREETED.match(found.text, end))


def name_end(cut: Cut, at: int, end: int) -> tuple[int, int]:
    """The next word and the end of somebody whose name or title follows the job: 客服小唐, 保洁阿姨, 家长们."""
    while at < len(cut):
        word, _, stop = cut[at]
        if is_nickname(cut, at):
            at, end = at + (1 if len(word) == 2 else 2), (stop if len(word) == 2 else cut[at + 1][2])
        elif word in _SURNAMES and at + 1 < len(cut) and cut[at + 1][0] in _TITLES:
            at, end = at + 2, cut[at + 1][2]
        elif word in _TITLES or word in _AND_MORE:
            at, end = at + 1, stop
        else:
            break
    return at, end


def name_start(cut: Cut, at: int, roles: frozenset[str], family: frozenset[str]) -> int:
    """Where somebody begins, whose title stands at `at`: with the surname, what they do, or whose they are."""
    word, start, _ = cut[at]
    while at > 0:
        before = cut[at - 1][0]
        if not (before in roles or (before in _SURNAMES and word in _TITLES) or (before in _WHOSE and word in family)):
            break
        at -= 1
        word, start, _ = cut[at]
        if before in _WHOSE or before in _SURNAMES:
            break
    return start
