"""Channels as parts of a process: they bring in what people say from `start` to `stop`."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

import structlog

from domain.channel import Accept, Channel, Health
from domain.errors import HuixiangError
from handlers import troubles
from handlers.engine import Engine

log = structlog.get_logger()
LOOK_SECONDS = 10.0


class Receiving:
    """A channel that is there as long as the process."""

    def __init__(self, channel: Channel, accept: Accept) -> None:
        self.name = channel.name
        self._channel = channel
        self._accept = accept

    async def start(self) -> None:
        await self._channel.start(self._accept)

    async def stop(self) -> None:
        await self._channel.stop()

    async def health(self) -> Health:
        return await self._channel.health()


class Polling:
    """A channel that is made anew each time it is this process's turn; None when there is nothing to poll.

    `beside` is the same channel as this process sends with; its health is that of both.
    """

    def __init__(self, make: Callable[[], Channel | None], accept: Accept, beside: Channel) -> None:
        self.name = beside.name
        self._make = make
        self._accept = accept
        self._beside = beside
        self._channel: Channel | None = None

    async def start(self) -> None:
        self._channel = self._make()
        if self._channel is not None:
            await self._channel.start(self._accept)

    async def stop(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.stop()

    async def health(self) -> Health:
        polled = Health(ok=True) if self._channel is None else await self._channel.health()
        return await self._beside.health() if polled.ok else polled


class Part(Protocol):
    """A part that receives, and can tell how it is."""

    name: str

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def health(self) -> Health: ...


class Reported:
    """A part that receives, and says in the rows how it is: to doctor, the auditor and every other process."""

    def __init__(self, part: Part, engine: Engine, look: float = LOOK_SECONDS) -> None:
        self._part = part
        self._engine = engine
        self._look = look
        self._well: bool | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._part.start()
        self._well = None
        self._task = asyncio.create_task(self._run(), name=f"reporting:{self._part.name}")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._part.stop()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._look)
            try:
                await self._report()
            except HuixiangError as error:
                log.warning("channel_unreported", channel=self._part.name, error=type(error).__name__)

    async def _report(self) -> None:
        """That all is well is said once; that it is not, as long as it lasts."""
        health = await self._part.health()
        if health.ok and self._well:
            return
        now = self._engine.clock.now()
        detail = "" if health.ok else health.detail
        await self._engine.call(partial(troubles.note, channel=self._part.name, detail=detail, now=now))
        self._well = health.ok
