"""What a process of a cluster looks after by itself, each second, in memory: the database is not asked.

For what is due in a few seconds a job would come no sooner. And whoever knows of something overdue, or waits for what
another process may have done, does not wait for the next sweep.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from domain.clock import Clock
from scheduler.driver import Pace, Wakeable

LATE = timedelta(seconds=1)
LOOK_SECONDS = 1.0


class Watched(Wakeable, Protocol):
    @property
    def last_round(self) -> datetime | None: ...

    @property
    def waits(self) -> bool:
        """Whether somebody here waits for the end of an event."""
        ...


class Lookout:
    """What was nearer than the lead of `pace` when the engine last looked is ours; for the rest a job was planned."""

    def __init__(self, engine: Watched, clock: Clock, pace: Pace, look: float = LOOK_SECONDS) -> None:
        self._engine = engine
        self._clock = clock
        self._lead = timedelta(seconds=pace.lead)
        self._look = look
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="lookout")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            wait = self._until_ours()
            await asyncio.sleep(wait if 0 < wait < self._look else self._look)
            if self._engine.waits or self._until_ours() <= 0:
                self._engine.wake()

    def _until_ours(self) -> float:
        """Seconds until the engine should look although nobody woke it."""
        due, last = self._engine.next_due, self._engine.last_round
        if due is None or last is None:
            return self._look
        planned = due - last >= self._lead
        return (due + (LATE if planned else timedelta(0)) - self._clock.now()) / timedelta(seconds=1)
