"""The ticker wakes the engine: each tick, and at the very moment something falls due."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import ManualClock, SystemClock
from scheduler.driver import Chore
from scheduler.embedded import Ticker


class Sleeper:
    """An engine that only counts how often it is woken, and when."""

    def __init__(self, next_due: datetime | None = None) -> None:
        self.next_due = next_due
        self.woken: list[float] = []

    def wake(self) -> None:
        self.woken.append(time.monotonic())


async def until(true: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


async def test_it_wakes_the_engine_again_and_again() -> None:
    engine = Sleeper()
    ticker = Ticker(engine, SystemClock(), tick=0.02)
    await ticker.start()
    await until(lambda: len(engine.woken) >= 3)
    await ticker.stop()


async def test_it_is_silent_after_stop() -> None:
    engine = Sleeper()
    ticker = Ticker(engine, SystemClock(), tick=0.02)
    await ticker.start()
    await until(lambda: bool(engine.woken))
    await ticker.stop()
    before = len(engine.woken)
    await asyncio.sleep(0.1)
    assert len(engine.woken) == before


async def test_between_two_ticks_it_wakes_when_something_falls_due() -> None:
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    engine = Sleeper(clock.now() + timedelta(seconds=0.15))
    ticker = Ticker(engine, clock, tick=0.5)
    await ticker.start()
    await until(lambda: len(engine.woken) >= 2)
    await ticker.stop()
    assert engine.woken[1] - engine.woken[0] == pytest.approx(0.15, abs=0.1)


async def test_what_is_due_later_than_the_next_tick_is_left_to_it() -> None:
    engine = Sleeper(datetime(2030, 1, 1, tzinfo=UTC))
    ticker = Ticker(engine, ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), tick=0.1)
    await ticker.start()
    await until(lambda: len(engine.woken) >= 2)
    await ticker.stop()
    assert engine.woken[1] - engine.woken[0] > 0.05


async def test_a_failing_chore_is_run_again() -> None:
    runs: list[int] = []

    async def chore() -> None:
        runs.append(len(runs))
        raise OSError

    ticker = Ticker(Sleeper(), SystemClock(), chores=(Chore("failing", 0.02, chore),), tick=10)
    await ticker.start()
    await until(lambda: len(runs) >= 3)
    await ticker.stop()
