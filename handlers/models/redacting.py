"""Personal data leave a text before it leaves us: each becomes a placeholder of the same meaning, and comes back after.

What looks like personal data is taken for it: a placeholder too many costs the reader little, a number that got out
cannot be called back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.complaint import NUMBER

PHONE, ID, MAIL, ORDER, PLACE, PLATE, NAME, CONTACT, DIGITS = (
    "电话", "证件", "邮箱", "单号", "地址", "车牌", "姓名", "账号", "号码",
)  # fmt: skip
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文劉陳楊趙黃吳孫馬羅鄭謝韓"
    "馮許蘇盧蔣賈葉鍾陸龍錢湯賀龔"
)
TITLES = (
    "先生|女士|小姐|太太|阿姨|师傅|師傅|老师|老師|经理|經理|主管|店长|医生|大姐|大哥|大妈|大爷|叔叔|姐|哥|叔|嫂|"
    "总(?![是共算之体价额得])"
)
_BREAK = "在到从去住是我你他她它们的了把被将就说给叫让于和与及来这那有个家上下里没不很又还再也都只要想您咱请问"
_WORD = rf"(?:(?![{_BREAK}])[\u4e00-\u9fff])"
_COUNT = "[0-9A-Za-z一二三四五六七八九十百]"
_DOOR = rf"{_COUNT}{{1,6}}(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|房|號|棟|樓)"
_STREET = rf"{_WORD}{{2,4}}(?:路|大道|大街|街|巷|胡同|弄堂)"
_HOME = rf"{_WORD}{{2,6}}(?:小区|社区|花园|花苑|新村|公寓|大厦|家园|雅苑|名邸|公馆|小區|花園)"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (MAIL, re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")),
    (ID, re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|[A-Z]\d{9})(?![0-9A-Za-z])")),
    (PHONE, NUMBER),
    (PHONE, re.compile(r"(?<!\d)(?:09\d{2}-?\d{3}-?\d{3}|[2-9]\d{3}[- ]\d{4}|400[- ]?\d{3}[- ]?\d{4})(?!\d)")),
    (PHONE, re.compile(r"[零〇一二三四五六七八九幺两]{7,}")),
    (PLATE, re.compile(r"[京沪津渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]·?[0-9A-Z]{5,6}")),
    (ORDER, re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,4}-?\d{3,}(?:-\d+)*(?![0-9A-Za-z])")),
    (ORDER, re.compile(r"(?<=单号)[:：是 ]{0,3}[0-9A-Za-z-]{4,}")),
    (CONTACT, re.compile(r"(?<=微信|QQ|qq|信号|扣扣)[号:：是 ]{0,3}[A-Za-z0-9_-]{5,}")),
    (DIGITS, re.compile(r"\d{7,}")),
    (PLACE, re.compile(rf"(?:{_WORD}{{2,6}}[省市区县])?(?:{_STREET}|{_HOME})(?:{_DOOR})*(?:\d{{2,4}}室?)?")),
    (PLACE, re.compile(rf"(?<![0-9A-Za-z])(?=[0-9A-Za-z])(?:{_DOOR}){{2,}}(?:\d{{2,4}})?")),
    (PLACE, re.compile(r"\d+(?:号楼|栋|幢|单元)\d*|\d{3,4}室")),
    (NAME, re.compile(rf"(?:(?<=我叫)|(?<=名叫)|(?<=名字是))[{SURNAMES}][\u4e00-\u9fff]{{1,2}}")),
    (NAME, re.compile(rf"[{SURNAMES}][\u4e00-\u9fff]?(?=(?:{TITLES}))")),
    (NAME, re.compile(rf"(?<=[小老阿])[{SURNAMES}](?=[，,。！!？?\s也都说来没把不就昨今在是又]|$)")),
)
_PLACEHOLDER = re.compile(r"〔\w+?\d+〕")


@dataclass(frozen=True, slots=True)
class Redacted:
    """`text` may leave; `originals` stay here and say what each placeholder stands for."""

    text: str
    originals: Mapping[str, str]

    def restore(self, quote: str) -> str:
        """A piece of the text as it was written."""
        return _PLACEHOLDER.sub(lambda found: self.originals.get(found.group(), found.group()), quote)


def redact(text: str, known: Iterable[tuple[str, str]] = ()) -> Redacted:
    """`known` are (kind, words) we have on file. The same words get the same placeholder wherever they stand."""
    clean = text.replace("〔", "（").replace("〕", "）")
    given: dict[tuple[str, str], str] = {}
    longest = sorted(((kind, word) for kind, word in known if len(word) > 1), key=lambda one: -len(one[1]))
    patterns = [(kind, re.compile(re.escape(word))) for kind, word in longest]
    for kind, pattern in (*patterns, *PATTERNS):
        clean = _replace(clean, kind, pattern, given)
    return Redacted(clean, {placeholder: word for (_, word), placeholder in given.items()})


def _replace(text: str, kind: str, pattern: re.Pattern[str], given: dict[tuple[str, str], str]) -> str:
    """Only between placeholders: what was hidden once is not hidden again."""

    def hide(found: re.Match[str]) -> str:
        key = (kind, found.group())
        if key not in given:
            given[key] = f"〔{kind}{sum(known == kind for known, _ in given) + 1}〕"
        return given[key]

    pieces = re.split(rf"({_PLACEHOLDER.pattern})", text)
    return "".join(piece if _PLACEHOLDER.fullmatch(piece) else pattern.sub(hide, piece) for piece in pieces)
