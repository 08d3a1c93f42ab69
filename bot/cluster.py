"""Several processes on one PostgreSQL: how they wake each other, and who of them does what there is one of.

Imported only with PostgreSQL. Rows are the truth: whoever hears nothing finds it at the next look.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from bot import duties
from domain.channel import Outcome, Outgoing, Sent
from handlers.delivery import Delivery
from handlers.engine import Engine
from scheduler.duty import Duty, Part
from storage import bell
from storage.advisory import AdvisoryLock
from storage.database import Database
from storage.listening import Ear
from web.hub import WebChannel

UNKNOCKED_SECONDS = 20.0


class Relay(WebChannel):
    """The web chat where messages are sent from: the pages of a chat may be open at any process."""

    def __init__(self, hub: WebChannel, engine: Engine) -> None:
        super().__init__(hub.public_url)
        self._engine = engine

    async def send(self, message: Outgoing) -> Outcome:
        await self._engine.call(partial(bell.ring, page=[message.chat, message.id]))
        return Sent(ref=f"out-{message.id}")

    async def stop(self) -> None:
        """The pages are the hub's."""


class Neighbours:
    """Hears the others, and passes on to each part of this process what concerns it.

    Now and then pages look for themselves: a bell that rang while the server was gone was heard by nobody.
    """

    def __init__(self, url: str, engine: Engine, senders: Sequence[Delivery], hub: WebChannel) -> None:
        self._engine = engine
        self._senders = senders
        self._hub = hub
        self._loop: asyncio.AbstractEventLoop | None = None
        self._knock: asyncio.TimerHandle | None = None
        self._ear = Ear(url, self._heard)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ear.start()
        self._knock_at_pages()

    async def stop(self) -> None:
        if self._knock is not None:
            self._knock.cancel()
        await asyncio.to_thread(self._ear.stop)

    def _knock_at_pages(self) -> None:
        self._hub.knock_everywhere()
        self._knock = asyncio.get_running_loop().call_later(UNKNOCKED_SECONDS, self._knock_at_pages)

    def _heard(self, said: dict[str, Any]) -> None:
        """In the ear's thread."""
        if "page" not in said:
            self._engine.heard(said)
            for sender in self._senders:
                sender.heard(said)
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._show, said)

    def _show(self, said: dict[str, Any]) -> None:
        if "page" in said:
            self._hub.show(*said["page"])
        elif not said:
            self._hub.knock_everywhere()


class Clerk:
    """The writer that sends are claimed and marked with: it waits for no turn, and no turn for it.

    A message's mark is committed before the next may go; behind the turns of a round it would wait for all of them.
    """

    def __init__(self, url: str, engine: Engine) -> None:
        self.engine = Engine(Database(url), engine.world, engine.clock, handles=False)

    async def start(self) -> None:
        self.engine.start()

    async def stop(self) -> None:
        await self.engine.stop()
        self.engine.database.close()


class Together:
    """Several parts as one."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    async def start(self) -> None:
        for part in self._parts:
            await part.start()

    async def stop(self) -> None:
        await asyncio.gather(*(part.stop() for part in self._parts))


class Cluster:
    """What this process does beside the others. `parts` begin in their order and end in the other."""

    def __init__(self, url: str, engine: Engine, delivery: Delivery, hub: WebChannel) -> None:
        self._url = url
        self._senders = delivery.apart()
        self.duties: list[Duty] = []
        self.parts: list[tuple[str, Part]] = [
            ("neighbours", Neighbours(url, engine, list(self._senders.values()), hub))
        ]

    def works(self, clerk: Part, chores: Sequence[Part]) -> None:
        """For each channel one process sends; one, perhaps another, does the slow work."""
        self.parts.append(("clerk", clerk))
        for channel, sender in self._senders.items():
            self._share(duties.delivery(channel), sender)
        self._share(duties.CHORES, Together(chores))

    def polls(self, token: str, polling: Part) -> None:
        self._share(duties.poll(token), polling)

    def _share(self, name: str, part: Part) -> None:
        duty = Duty(name, part, AdvisoryLock(self._url, duties.lock_of(name)))
        self.duties.append(duty)
        self.parts.append((name, duty))
