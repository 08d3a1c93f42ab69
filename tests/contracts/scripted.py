"""A channel that does as it was told, and a company whose delivery speaks through it."""

import asyncio
import itertools
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.channel import Accept, Channel, Health, Limits, Outcome, Outgoing, Sent
from domain.clock import Clock
from domain.errors import NotFound
from handlers.delivery import Delivery
from handlers.engine import Engine
from storage.outbox import REPLY, Outbox
from tests.contracts.company import SOON
from tests.harness import Guest, House

ENDED = frozenset({"sent", "unknown", "dead"})


class ScriptedChannel:
    """`tried` is every (chat, text) in the order of the calls, `at` when. What was not scripted is taken at once; nothing
    is while it is not `open`."""

    name = "web"

    def __init__(self) -> None:
        self.limits = Limits(per_second=1000.0, per_chat_second=1000.0)
        self.tried: list[tuple[str, str]] = []
        self.at: list[float] = []
        self.script: defaultdict[str, deque[Outcome | Exception]] = defaultdict(deque)
        self.changed = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: Outgoing) -> Outcome:
        self.tried.append((message.chat, message.text))
        self.at.append(asyncio.get_running_loop().time())
        self.changed.set()
        await asyncio.sleep(0)
        await self.open.wait()
        planned = self.script[message.text].popleft() if self.script[message.text] else Sent(f"ref-{message.id}")
        if isinstance(planned, Exception):
            raise planned
        return planned

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.tried]

    async def start(self, accept: Accept) -> None:
        """Nobody writes to us here."""

    async def stop(self) -> None:
        """Nothing was begun."""

    async def fetch(self, file: str) -> bytes:
        raise NotFound(file=file)

    async def health(self) -> Health:
        return Health(ok=True)

    def link(self, code: str) -> str:
        return ""


class Office:
    """Real tables, the real engine and delivery; the house's clock stands until it is moved."""

    def __init__(self, house: House, folder: Path, clock: Clock | None = None) -> None:
        self.house = house
        self.clock = clock or house.clock
        self.channel = ScriptedChannel()
        self.folder = folder
        self._tokens = itertools.count(1)

    @asynccontextmanager
    async def delivering(self, in_flight: int = 1) -> AsyncIterator[Delivery]:
        """A process, from its start to its end."""
        self.engine = Engine(self.house.database, self.house.world, self.clock)
        channels: dict[str, Channel] = {self.channel.name: self.channel}
        delivery = Delivery(self.engine, channels, self.clock, self.folder, in_flight)
        self.engine.start()
        await delivery.start()
        try:
            yield delivery
        finally:
            await delivery.stop()
            await self.engine.stop()

    def owe(self, guest: Guest, *texts: str, **more: Any) -> list[int]:
        """Before anything is delivered: each text a row."""
        with self.house.writing() as tx:
            return [tx.add(Outbox, **self._row(guest.address.chat, text, **more)) for text in texts]

    async def say(self, guest: Guest, *texts: str, **more: Any) -> list[int]:
        """While delivering, as a turn would: committed, then told."""

        def work(round_: Any) -> list[int]:
            round_.channels.add(self.channel.name)
            return [round_.tx.add(Outbox, **self._row(guest.address.chat, text, **more)) for text in texts]

        return await self.engine.call_round(work)

    def _row(self, chat: str, text: str, urgency: int = REPLY) -> dict[str, Any]:
        now, token = self.clock.now(), f"token{next(self._tokens)}"
        row = {"event_id": 1, "channel": self.channel.name, "chat": chat, "token": token, "text": text}
        return {**row, "urgency": urgency, "not_before": now, "created_at": now}

    async def pass_time(self, seconds: float) -> None:
        """The clock moves, and the lanes look what they owe now."""
        self.house.clock.advance(timedelta(seconds=seconds))
        await self.engine.call_round(lambda round_: round_.channels.add(self.channel.name))

    def row(self, row_id: int) -> Outbox:
        with self.house.tx() as tx:
            found: Outbox = tx.get(Outbox, row_id)
            return found

    async def until(self, holds: Callable[[], bool]) -> None:
        """Looked at after every send and every few milliseconds: commits come without a sound."""
        async with asyncio.timeout(SOON):
            while not holds():
                self.channel.changed.clear()
                try:
                    await asyncio.wait_for(self.channel.changed.wait(), 0.005)
                except TimeoutError:
                    continue

    async def ended(self, *rows: int) -> list[str]:
        """How these ended, once they have."""
        await self.until(lambda: all(self.row(row).state in ENDED for row in rows))
        return [self.row(row).state for row in rows]
