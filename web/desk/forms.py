"""What a form of the desk sends, read field by field. A wrong one is named in words."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from domain.errors import Invalid
from flows.sums import MOST_FEN
from web.desk.texts import DeskTexts

MOST_FIELDS = 60
MOST_BYTES = 64 * 1024
LONGEST = 2000
FREE_WORDS = ("text", "said", "note")
"""The fields people write sentences in."""
AMOUNT = re.compile(r"[¥￥]?\s*(\d{1,8}(?:\.\d{1,2})?)\s*元?")


class Form:
    """`zone` is the one that times were typed in."""

    def __init__(self, body: bytes, texts: DeskTexts, zone: str) -> None:
        self.texts = texts
        self._zone = ZoneInfo(zone)
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            raise Invalid from None
        self._values = dict(pairs)

    def raw(self, name: str) -> str:
        return self._values.get(name, "").strip()

    @property
    def written(self) -> str:
        """The sentences in it, as they were typed: what a page of an error gives back."""
        return next(filter(None, map(self.raw, FREE_WORDS)), "")

    def number(self, name: str) -> int:
        """A row's id."""
        value = self.raw(name)
        if not (value.isascii() and value.isdecimal()) or len(value) > 15:
            raise self._wrong("wrong_field", name)
        return int(value)

    def whole(self, name: str, least: int, most: int) -> int:
        """A count within bounds."""
        value = self.number(name)
        if not least <= value <= most:
            raise self._wrong("beyond_field", name, least=least, most=most)
        return value

    def words(self, name: str, most: int = LONGEST) -> str:
        """Something must be said."""
        value = self.maybe(name, most)
        if not value:
            raise self._wrong("missing_field", name)
        return value

    def maybe(self, name: str, most: int = LONGEST) -> str:
        """May be left empty. Without control characters."""
        value = "".join(one for one in self.raw(name) if one.isprintable() or one == "\n").strip()
        if len(value) > most:
            raise self._wrong("long_field", name, most=most)
        return value

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        value = self.raw(name)
        if value not in set(allowed):
            raise self._wrong("missing_field", name)
        return value

    def fen(self, name: str) -> int:
        """An amount typed in yuan: 50, 49.90."""
        typed = AMOUNT.fullmatch(self.raw(name))
        fen = int(Decimal(typed[1]) * 100) if typed is not None else 0
        if not 0 < fen <= MOST_FEN:
            raise self._wrong("wrong_field", name)
        return fen

    def moment(self, name: str) -> str:
        """ISO 8601 with zone, from what a date-and-time field sends."""
        try:
            typed = datetime.fromisoformat(self.raw(name))
        except ValueError:
            raise self._wrong("wrong_field", name) from None
        return (typed if typed.tzinfo else typed.replace(tzinfo=self._zone)).isoformat()

    def _wrong(self, key: str, name: str, **args: object) -> Invalid:
        label = self.texts.own("field", name)
        return Invalid(self.texts(key, field=label, **args), field=name)
