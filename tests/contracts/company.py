"""The company's side of every stage: the real tables, an inbox that can be told to refuse, an outbox that speaks."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

from domain.channel import Channel, Outcome, Sent
from domain.clock import SystemClock
from domain.errors import Busy
from domain.events import Address, Attachment, Event, Incoming, MessageCame, dump_event
from handlers.sends import outgoing
from storage import inbox, outbox
from storage.database import Database, Tx
from storage.files import StoredFile
from storage.outbox import Outbox
from tests import databases
from web.chat_files import path_of, store

T = TypeVar("T")
SOON = 5.0


@dataclass(frozen=True)
class Stored:
    id: int


@dataclass(frozen=True)
class Told:
    """One message of ours and how the channel says it went."""

    row: int
    token: str
    outcome: Outcome

    def data(self, button: int) -> str:
        """What this button must bring back."""
        return f"{self.token}.{button}"


class Counter:
    """The part of a round that edges use: it stores, and nothing follows."""

    def __init__(self, company: "Company", tx: Tx) -> None:
        self._company = company
        self._tx = tx
        self.fresh: list[Incoming] = []

    def store(self, incoming: Incoming) -> Stored:
        self._company.offered.append(incoming)
        if self._company.refusals:
            self._company.refusals -= 1
            raise Busy
        now, body = self._company.clock.now(), dump_event(incoming.event)
        row = {"album": "", "body": body, "fingerprint": "", "state": "done", "received_at": now, "ready_at": now}
        found = inbox.insert_once(self._tx, source=incoming.source, key=incoming.key, lane=incoming.lane, **row)
        if found is not None:
            self.fresh.append(incoming)
            return Stored(found)
        known = inbox.known(self._tx, incoming.source, incoming.key)
        assert known is not None
        return Stored(known.id or 0)


class Company:
    """`offered` is every event a channel brought, each time it did; `stored` has each once.

    The next `refusals` of them meet a database that is busy. `on` is the kind of database.
    """

    def __init__(self, folder: Path, on: str) -> None:
        self.database = Database(databases.address(on, folder))
        self.clock = SystemClock()
        self.files_dir = folder / "files"
        self.offered: list[Incoming] = []
        self.stored: list[Incoming] = []
        self.refusals = 0
        self._changed = asyncio.Event()

    def close(self) -> None:
        self.database.close()
        databases.drop(self.database.url)

    async def accept(self, batch: Sequence[Incoming]) -> None:
        await self.call_round(lambda counter: [counter.store(one) for one in batch])

    async def call_round(self, work: Callable[[Counter], T]) -> T:
        try:
            with self.database.write() as tx:
                counter = Counter(self, tx)
                value = work(counter)
            self.stored += counter.fresh
            return value
        finally:
            self._changed.set()

    async def call(self, work: Callable[[Tx], T]) -> T:
        with self.database.write() as tx:
            return work(tx)

    def events(self, address: Address) -> list[Event]:
        """All that is stored of this chat, in order."""
        return [one.event for one in self.stored if one.lane == str(address)]

    def said(self, address: Address) -> list[str]:
        return [event.text for event in self.events(address) if isinstance(event, MessageCame)]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Looked at whenever something was offered."""
        async with asyncio.timeout(SOON):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def hears(self, address: Address, words: str) -> None:
        await self.until(lambda: words in self.said(address))

    async def next(self, address: Address, kind: type[T], count: int = 1) -> list[T]:
        """The events of this kind from this chat, once there are so many."""

        def found() -> list[T]:
            return [event for event in self.events(address) if isinstance(event, kind)]

        await self.until(lambda: len(found()) >= count)
        return found()

    async def tell(
        self,
        channel: Channel,
        address: Address,
        text: str,
        buttons: Sequence[Sequence[str]] = (),
        photos: Sequence[Attachment] = (),
    ) -> Told:
        """As delivery does it: owed, sent, marked. What the table cannot hold only the channel is given."""
        with self.database.write() as tx:
            row = tx.get(Outbox, self._owe(tx, address, text.encode(errors="ignore").decode(), buttons, photos))
        outcome = await channel.send(replace(outgoing(row), text=text))
        row_id = row.id or 0
        if isinstance(outcome, Sent):
            await self.call(lambda tx: outbox.mark(tx, row_id, "sent", ref=outcome.ref, at=self.clock.now()))
        return Told(row_id, row.token, outcome)

    def _owe(
        self, tx: Tx, address: Address, text: str, buttons: Sequence[Sequence[str]], photos: Sequence[Attachment]
    ) -> int:
        now = self.clock.now()
        return tx.add(
            Outbox,
            event_id=1,
            channel=address.channel,
            chat=address.chat,
            token=secrets.token_urlsafe(9),
            text=text,
            buttons=[[{"label": label, "act": "answer"} for label in row] for row in buttons],
            attachments=[asdict(photo) for photo in photos],
            state="sending",
            not_before=now,
            created_at=now,
        )

    def replied_to(self, address: Address, reply_to: str) -> int | None:
        """The row of ours that somebody answered with such a `reply_to`."""
        with self.database.read() as tx:
            row = outbox.replied_to(tx, address.channel, address.chat, reply_to)
        return row.id if row is not None else None

    def keep(self, content: bytes, mime: str) -> Attachment:
        """A picture of ours."""
        name = store(self.files_dir, content)
        row = {"name": name, "kind": "photo", "mime": mime, "size": len(content), "created_at": self.clock.now()}
        with self.database.write() as tx:
            return Attachment("photo", str(tx.add(StoredFile, **row)), len(content), mime)

    def path(self, file: str) -> Path:
        with self.database.read() as tx:
            return path_of(self.files_dir, tx.get(StoredFile, int(file)).name)
