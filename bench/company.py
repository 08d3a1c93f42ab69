"""A company with a few people and their cases, made by real turns; and the same many times over, by copying its rows.

Copies are what real ones would be: each row with ids, numbers and addresses of its own, all the rest the same.
"""

import contextlib
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core import Core, build_core
from bot.settings import load_settings
from domain.events import Address, Incoming, MessageCame, Sender
from domain.roles import Role
from domain.understanding import Reader
from handlers.round import Round
from nlp.reader import Reader as OwnReader
from storage.conversations import Conversation
from storage.database import Database, Tx
from storage.people import Person

STAFF = (Role.SUPERVISOR, Role.SUPERVISOR, Role.MANAGER, Role.OWNER)
PEOPLE = 50
FIRST_CHAT = 5_000_000
STORY = ("厨房油污根本没擦干净，我要求返工", "昨天下午，灶台和油烟机", "没错")
"""What each of them writes."""


class Company:
    """A database with today's tables, and turns taken on it one by one in this process."""

    def __init__(self, folder: Path, url: str = "", reader: Reader | None = None) -> None:
        given = {"HUIXIANG_DATA_DIR": str(folder), "HUIXIANG_DATABASE_URL": url}
        settings = load_settings(given, folder / "none.env")
        self.core: Core = build_core(settings, {}, reader or OwnReader.load())
        self._numbers = itertools.count(1)

    @property
    def database(self) -> Database:
        return self.core.database

    def says(self, chat: int, text: str) -> None:
        """Somebody writes over Telegram, and is answered: stored and handled in one transaction."""
        incoming = self.incoming(chat, text, str(next(self._numbers)))
        with self.database.write() as tx:
            round_ = Round(tx, self.core.world, self.core.clock.now())
            round_.store(incoming)
            round_.fire_and_handle()

    def incoming(self, chat: int, text: str, key: str) -> Incoming:
        address = Address("telegram", str(chat))
        event = MessageCame(address, text, (), Sender("客户"), key)
        return Incoming("telegram", key, str(address), event)

    def settle(self, people: int = PEOPLE) -> None:
        """Staff, and people who have told their story."""
        now = self.core.clock.now()
        with self.database.write() as tx:
            for number, role in enumerate(STAFF, 1):
                _employ(tx, f"{role}{number}", role, now)
        for chat in range(FIRST_CHAT, FIRST_CHAT + people):
            for text in STORY:
                self.says(chat, text)

    def close(self) -> None:
        self.database.close()


@contextlib.contextmanager
def settled(folder: Path, url: str = "") -> Iterator[Company]:
    company = Company(folder, url)
    try:
        company.settle()
        yield company
    finally:
        company.close()


def _employ(tx: Tx, chat: str, role: Role, now: datetime) -> None:
    person: dict[str, Any] = {"name": chat, "role": role.value, "created_at": now - timedelta(days=1)}
    person_id = tx.add(Person, **person)
    tx.add(Conversation, channel="web", chat=chat, person_id=person_id, last_in_at=now, created_at=now)
