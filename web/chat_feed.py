"""Which lines a page still lacks. Nothing is ever left out; what a page already has is not sent twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.events import Address
from handlers import history
from handlers.history import Line
from storage.database import Tx

PAGE = 60


@dataclass(slots=True)
class Cursor:
    """The last line of each direction."""

    after_in: int = 0
    after_out: int = 0

    def pass_by(self, lines: Sequence[Line]) -> None:
        for line in lines:
            side, _, number = line.key.partition("-")
            if side == "in":
                self.after_in = max(self.after_in, int(number))
            else:
                self.after_out = max(self.after_out, int(number))


class Feed:
    """What one page of one chat was given. `seen` is how far it had got before."""

    def __init__(self, address: Address, seen: Cursor) -> None:
        self._address = address
        self._cursor = seen
        self._given: set[str] = set()

    def first(self, tx: Tx) -> list[Line]:
        """The latest lines, and for a page that was away whatever else it missed.

        It gets the latest even then: a message that was held back may be older than what the page has.
        """
        latest = history.page(tx, self._address, limit=PAGE)
        if not (self._cursor.after_in or self._cursor.after_out):
            return latest
        return list({line.key: line for line in (*latest, *self._since(tx, self._cursor.after_out))}.values())

    def new(self, tx: Tx, due: int | None) -> list[Line]:
        """What came since. `due` is the oldest message that was just sent; it may lie before the cursor."""
        after_out = self._cursor.after_out if due is None else min(self._cursor.after_out, due - 1)
        return [line for line in self._since(tx, after_out) if line.key not in self._given]

    def older(self, tx: Tx, before: int) -> list[Line]:
        return history.page(tx, self._address, before=before, limit=PAGE)

    def give(self, lines: Sequence[Line]) -> None:
        """The page has these now."""
        self._given.update(line.key for line in lines)
        self._cursor.pass_by(lines)

    def _since(self, tx: Tx, after_out: int) -> list[Line]:
        return history.since(tx, self._address, after_in=self._cursor.after_in, after_out=after_out)
