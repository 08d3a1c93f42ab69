"""A duty: something that one process of the cluster does at a time, and another takes over when that one is gone."""

import asyncio
from contextlib import suppress
from typing import Protocol

import structlog

log = structlog.get_logger()
LOOK_SECONDS = 2.0


class Lock(Protocol):
    """What `storage.advisory.AdvisoryLock` is to us. Each call may take as long as the server does."""

    def take(self) -> bool: ...

    def is_held(self) -> bool: ...

    def release(self) -> None: ...


class Part(Protocol):
    """May be started again after it was stopped."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Duty:
    """`part` runs while the lock is ours. Whoever does not have it asks for it every two seconds."""

    def __init__(self, name: str, part: Part, lock: Lock, look: float = LOOK_SECONDS) -> None:
        self.name = name
        self.held = False
        self._part = part
        self._lock = lock
        self._look = look
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"duty:{self.name}")

    async def stop(self) -> None:
        """Finish what was begun, then let the next have it."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._leave()

    async def _run(self) -> None:
        while True:
            try:
                await self._ask()
            except Exception as error:
                log.warning("duty_waits", duty=self.name, error=type(error).__name__)
            await asyncio.sleep(self._look)

    async def _ask(self) -> None:
        if self.held:
            if not await asyncio.to_thread(self._lock.is_held):
                log.warning("duty_lost", duty=self.name)
                await self._leave()
        elif await asyncio.to_thread(self._lock.take):
            await self._enter()

    async def _enter(self) -> None:
        self.held = True
        log.info("duty_taken", duty=self.name)
        try:
            await self._part.start()
        except BaseException:
            await self._leave()
            raise

    async def _leave(self) -> None:
        was, self.held = self.held, False
        try:
            if was:
                await self._part.stop()
        finally:
            await asyncio.to_thread(self._lock.release)
