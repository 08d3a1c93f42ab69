"""APScheduler as an in-memory ticker: it wakes the engine, and forgets everything when the process ends.

A tick each second is the safety net; a wake at the next due moment makes timers punctual.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.clock import Clock
from scheduler.driver import Chore, Wakeable, Work

log = structlog.get_logger()
TICK_SECONDS = 1.0


class Ticker:
    """Of each chore, one run at a time."""

    def __init__(
        self, engine: Wakeable, clock: Clock, chores: Sequence[Chore] = (), tick: float = TICK_SECONDS
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._chores = chores
        self._tick = tick
        self._alarm: asyncio.TimerHandle | None = None
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    async def start(self) -> None:
        self._add(self._on_tick, self._tick)
        for chore in self._chores:
            self._add(_guarded(chore), chore.seconds)
        self._scheduler.start()

    async def stop(self) -> None:
        self._scheduler.shutdown(wait=False)
        if self._alarm is not None:
            self._alarm.cancel()

    def _add(self, work: Work, seconds: float) -> None:
        """A tick that comes late is one tick, however late."""
        self._scheduler.add_job(
            work, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    async def _on_tick(self) -> None:
        self._engine.wake()
        self._set_alarm()

    def _set_alarm(self) -> None:
        """Between two ticks: wake at the very moment something falls due."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = self._engine.next_due
        if due is None:
            return
        wait = (due - self._clock.now()) / timedelta(seconds=1)
        if 0 < wait < self._tick:
            self._alarm = asyncio.get_running_loop().call_later(wait, self._engine.wake)


def _guarded(chore: Chore) -> Work:
    async def run() -> None:
        try:
            await chore.work()
        except Exception as error:
            log.error("chore_failed", chore=chore.name, error=type(error).__name__)

    return run
