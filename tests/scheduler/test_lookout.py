"""A process of a cluster looks after a few things by itself, from memory; for the rest it is woken."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import SystemClock
from scheduler.driver import Pace
from scheduler.lookout import Lookout

PACE = Pace()


class Sleeper:
    """An engine that only knows what it saw when it last looked; `due` is in seconds from now."""

    def __init__(self, due: float | None = None, last: float = 0, waits: bool = False) -> None:
        now = datetime.now(UTC)
        self.next_due = None if due is None else now + timedelta(seconds=due)
        self.last_round: datetime | None = now + timedelta(seconds=last)
        self.waits = waits
        self.woken: list[float] = []

    def wake(self) -> None:
        self.woken.append(time.monotonic())


async def watched(engine: Sleeper, seconds: float, look: float = 0.1) -> list[float]:
    """When it was woken within so many seconds, in seconds from the beginning."""
    lookout, begun = Lookout(engine, SystemClock(), PACE, look), time.monotonic()
    await lookout.start()
    await asyncio.sleep(seconds)
    await lookout.stop()
    return [at - begun for at in engine.woken]


@pytest.mark.parametrize(
    ("due", "last"), [(None, 0), (600, 0), (-0.5, -10), (0.05, -10)], ids=["nothing", "later", "a job", "a job soon"]
)
async def test_it_is_quiet_while_nothing_is_its_own(due: float | None, last: float) -> None:
    assert await watched(Sleeper(due, last), 0.3) == []


async def test_what_was_near_when_the_engine_last_looked_is_waited_for_to_the_moment() -> None:
    (at,) = await watched(Sleeper(due=0.2, last=-1), 0.4, look=5)
    assert at > 0.18


async def test_who_knows_of_something_overdue_looks_again_and_again() -> None:
    assert len(await watched(Sleeper(due=-2, last=-10), 0.5)) >= 2


async def test_who_waits_for_the_end_of_an_event_looks_again_and_again() -> None:
    assert len(await watched(Sleeper(waits=True), 0.5)) >= 2
