"""Where, what and who: words of the field that jieba cut, looked up in the dictionary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.understanding import Words
from nlp.cutter import Cut
from nlp.findings import Findings

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
TITLES = (
    "阿姨",
    "师傅",
    "大姐",
    "姐",
    "大哥",
    "哥",
    "嫂",
    "经理",
    "老师",
    "女士",
    "先生",
    "店长",
    "主管",
    "小姐",
    "妈",
    "婶",
    "总",
)


@dataclass(frozen=True, slots=True)
class Nouns:
    """Places, things and people of the field, and the words that say what a thing is made of."""

    place: frozenset[str]
    objects: frozenset[str]
    actors: frozenset[str]
    materials: frozenset[str]

    @classmethod
    def of(cls, content: Mapping[str, str]) -> "Nouns":
        return cls(**{name: frozenset(content[name].split()) for name in cls.__slots__})

    def all(self) -> Iterable[str]:
        """What the cutter must know as words."""
        return self.place | self.objects | self.actors | self.materials


@dataclass(frozen=True, slots=True)
class Named:
    place: tuple[Words, ...] = ()
    objects: tuple[Words, ...] = ()
    actors: tuple[Words, ...] = ()


def find_nouns(found: Findings, nouns: Nouns, cut: Cut) -> Named:
    """Every place, thing and person named, each once, in the order of the text."""
    place: dict[str, Words] = {}
    objects: dict[str, Words] = {}
    actors: dict[str, Words] = {}
    made_from = -1
    for word, start, end in cut:
        if word in nouns.materials:
            made_from = start if made_from < 0 else made_from
            continue
        if word in nouns.objects:
            begin = made_from if made_from >= 0 else start
            objects.setdefault(word, found.words(begin, end))
        elif word in nouns.place:
            place.setdefault(word, found.words(start, end))
        elif word in nouns.actors:
            actors.setdefault(word, found.words(_with_surname(found.text, start, word), end))
        made_from = made_from if word == "的" else -1
    return Named(tuple(place.values()), tuple(objects.values()), tuple(actors.values()))


def _with_surname(text: str, start: int, word: str) -> int:
    """刘阿姨: the name belongs to the title after it."""
    named = start > 0 and text[start - 1] in SURNAMES and word in TITLES
    return start - 1 if named else start
