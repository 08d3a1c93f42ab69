"""Things: what they are made of, the part that is meant, and whether the word is a thing of the event at all."""

import re

from nlp.cutter import Cut

_AT_WORK = re.compile("(?:拿|用|使|拎|提|端|玩|看|刷|打|掏|叼|按)(?:着|了|个|我|块|把|同一[块个]|一[块把个瓶]|的是?)?$")
_HANDED = re.compile("(?:带|配|领|租|发|借|租给我|给我)(?:来)?(?:的|了个?|我的?)[^,。]{0,4}$")
_FAILS = re.compile(
    "[^,。!?]{0,2}?(?:没[电带了见有]|不见|坏|不(?:会|能|转|好|够|亮|出)|漏|断|裂|吸不|打不"
    "|插电|失灵|都不|丢|被|刷完|就剩|磨|松|见底|碎|掉了|刮|摔|黑得|用的?太)"
)
_UNSURE = frozenset("花地锁包车药米菜肉酒烟树刀书画箱琴鱼水鞋床灯锅碗墙伞窗桌柜貂炕灶")
_OBJECT_OF = frozenset("的把个件块只条张瓶盆台扇家辆支幅本棵束偷擦洗拖扫浇丢摔修拆抹刷盏口套双吸坐")
_OPENS = frozenset(("", *",。!、 的室房厅台间卫卧关里家"))
_STANDS = re.compile("[^的了过]?(?:没|不|上|里|被|都|也|烂|坏|丢|碎|脏|还|底|全|就|缝|顶|死)|[,。!、]|$")
_NOT_ITSELF = re.compile("密码|照片|师傅|的?钱|费|券")
_VERBS = re.compile("[了过着钱掉干得费年月好到\\d一两三四五六七八九十百千几多死住完]")
"""What follows 花, 锁, 包, 表 when they are no things: 花了三百, 包月."""


def is_meant(text: str, word: str, start: int, end: int, tool: bool) -> bool:
    """Whether a word names a thing of the event. A tool does when it fails or was handed out, not when it is used."""
    if tool:
        used = _AT_WORK.search(text, max(0, start - 5), start)
        return not used and bool(_FAILS.match(text, end) or _HANDED.search(text, max(0, start - 9), start))
    if _NOT_ITSELF.match(text, end):
        return False
    if len(word) > 1 or word not in _UNSURE:
        return True
    if _VERBS.match(text, end):
        return False
    before = text[start - 1 : start]
    return before in _OBJECT_OF or (before in _OPENS and word not in "地花包" and bool(_STANDS.match(text, end)))


def thing_end(cut: Cut, at: int, end: int, parts: frozenset[str]) -> tuple[int, int]:
    """The next word and the end of a thing with its part: 油烟机滤网, 马桶圈."""
    while at < len(cut) and cut[at][0] in parts:
        at, end = at + 1, cut[at][2]
    return at, end


def thing_start(cut: Cut, at: int, materials: frozenset[str]) -> int:
    """Where a thing begins with its material or brand: 真皮沙发, 实木的床头柜."""
    start = cut[at][1]
    while at > 0:
        bridge = 2 if cut[at - 1][0] == "的" and at > 1 and len(cut[at - 2][0]) > 1 else 1
        if cut[at - bridge][0] not in materials:
            break
        at -= bridge
        start = cut[at][1]
    return start
