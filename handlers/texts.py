"""The texts people read: found by key and language, filled in, never written in code."""

import string
import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from domain.errors import HuixiangError

DEFAULT_LOCALE = "zh-CN"
MOST_WAYS = 1000
AROUND_A_PLACE = " .,:;!?()[]#~。，、：；！？（）～"
"""Questions whose answers are kept ready: some have labels made for one customer."""
WEEKDAYS = {"zh-CN": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class Texts:
    """`tables` maps locale → file name → entry → what it says.

    An entry is a text, a list of texts (said in turn), or a table with `text`, `choices` (id → label) and `also`
    (id → other ways to type it). A key reads `file.entry`.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, Mapping[str, Any]]], zone: str = "Asia/Shanghai") -> None:
        self.tables = tables
        self.zone = ZoneInfo(zone)
        self._ways: dict[Any, dict[str, str]] = {}

    def render(self, key: str, args: Mapping[str, Any], locale: str, turn: int = 0) -> str:
        """The text with its gaps filled. `turn` chooses among several ways to say it. Raises `KeyError`."""
        entry = self._entry(key, locale)
        text = entry.get("text", "") if isinstance(entry, Mapping) else entry
        if isinstance(text, list):
            text = text[turn % len(text)]
        return fill(str(text), args, self.zone, locale).strip()

    def label(self, key: str, choice: str, locale: str) -> str:
        """What the button of a choice says."""
        entry = self._entry(key, locale)
        if isinstance(entry, Mapping) and choice in entry.get("choices", {}):
            return str(entry["choices"][choice])
        return str(self._entry(f"choices.{choice}", locale))

    def typed(self, key: str, choices: Mapping[str, str], text: str, locale: str) -> str:
        """The id of the choice somebody typed instead of tapping, or "". `choices` maps ids to labels.

        "1" and "2。" name the first and the second; "-1" and "1.5" are sums.
        """
        ways = self._ways_to_type(key, choices, locale)
        plain = _plain(text)
        if plain.isdecimal() and not text.strip(AROUND_A_PLACE).isdigit():
            return ""
        return ways.get(plain) or ways.get(self._without_courtesy(plain, locale)) or ""

    def named(self, key: str, choices: Mapping[str, str], text: str, locale: str) -> str:
        """As `typed`, of words that hold at any moment: nobody counts those, so that "5." or "6!" names none."""
        number = self._without_courtesy(_plain(text), locale).isdecimal()
        return "" if number else self.typed(key, choices, text, locale)

    def _ways_to_type(self, key: str, choices: Mapping[str, str], locale: str) -> dict[str, str]:
        """Plain words → choice; of two that share a way, the first. The same questions are asked again and again."""
        about = (key, locale, *choices.items())
        known = self._ways.get(about)
        if known is None:
            if len(self._ways) >= MOST_WAYS:
                self._ways.clear()
            known = self._ways[about] = self._listed_ways(key, choices, locale)
        return known

    def _listed_ways(self, key: str, choices: Mapping[str, str], locale: str) -> dict[str, str]:
        entry = self._entry(key, locale)
        also = entry.get("also", {}) if isinstance(entry, Mapping) else {}
        ways: dict[str, str] = {}
        for number, (choice, label) in enumerate(choices.items(), start=1):
            for way in (_plain(label), _plain(choice), str(number), *map(_plain, also.get(choice, ()))):
                if way:
                    ways.setdefault(way, choice)
        return ways

    def _without_courtesy(self, words: str, locale: str) -> str:
        """ "没有了，谢谢" says no more than "没有了"."""
        for courtesy in map(_plain, self.options("choices.courtesy", locale)):
            words = words.removesuffix(courtesy)
        return _plain(words)

    def options(self, key: str, locale: str) -> list[str]:
        """Quick answers that belong to a question: words, not ids."""
        entry = self._entry(key, locale)
        return list(entry.get("options", ())) if isinstance(entry, Mapping) else []

    def has(self, key: str, locale: str = DEFAULT_LOCALE) -> bool:
        try:
            self._entry(key, locale)
        except KeyError:
            return False
        return True

    def _entry(self, key: str, locale: str) -> Any:
        file, _, name = key.partition(".")
        for language in dict.fromkeys((locale, DEFAULT_LOCALE)):
            entry = self.tables.get(language, {}).get(file, {}).get(name)
            if entry is not None:
                return entry
        raise KeyError(f"no text {key!r}")


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Without marks, capitals and wide forms: how texts are compared. Labels come up again with every message."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in whole if character.isalnum())


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """(literal, the gap after it, how to write it) as `str.format` would take the text apart."""
    return tuple((literal, gap, spec or "") for literal, gap, spec, _ in string.Formatter().parse(text))


def refusal(texts: Texts, error: HuixiangError, locale: str) -> str:
    """The sentence of an error. One that says no more than its kind is said in the reader's language."""
    usual, key = (type(error).__doc__ or "").strip(), f"errors.{error.code}"
    return texts.render(key, {}, locale) if error.message == usual and texts.has(key, locale) else error.message


def fill(text: str, args: Mapping[str, Any], zone: tzinfo, locale: str) -> str:
    """The text with its gaps filled; what fills one is data and never read as a gap. Raises `KeyError`."""
    written = []
    for literal, gap, spec in _pieces(text):
        written.append(literal)
        if gap is not None:
            written.append(_write(args[gap], spec, zone, locale))
    return "".join(written)


def _write(value: Any, spec: str, zone: tzinfo, locale: str) -> str:
    """Moments as `day`, `time` or `moment`, money as `yuan`, all else as Python writes it."""
    if isinstance(value, datetime):
        return write_moment(value.astimezone(zone), spec or "moment", locale)
    if spec == "yuan":
        return write_yuan(value)
    return "" if value is None else format(value, spec)


def write_moment(moment: datetime, how: str, locale: str) -> str:
    """`day` 11月22日 周日, `time` 14:00, `moment` both."""
    if how == "time":
        return f"{moment:%H:%M}"
    weekday = WEEKDAYS.get(locale, WEEKDAYS[DEFAULT_LOCALE])[moment.weekday()]
    day = f"{weekday} {moment.day}/{moment.month}" if locale == "en" else f"{moment.month}月{moment.day}日 周{weekday}"
    return day if how == "day" else f"{day} {moment:%H:%M}"


def write_yuan(fen: int) -> str:
    """¥20, ¥19.90."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{yuan}" + (f".{rest:02d}" if rest else "")
