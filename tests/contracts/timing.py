"""Processes of one company that only keep time: real engines on a real database, timers that are written down."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from domain.clock import SystemClock
from domain.events import TimerFired
from handlers.area import Area
from handlers.engine import Engine
from handlers.turn import Turn
from scheduler.distributed import Distributed
from scheduler.driver import Chore, Driver, Pace
from scheduler.embedded import Ticker
from storage import timers
from storage.database import Database, Tx
from storage.listening import Ear
from tests.contracts.victim import QUICK
from tests.harness import House

SOON = 15.0


class Process:
    """An engine and what wakes it; on PostgreSQL with an ear for the bell, as every process of a cluster has."""

    def __init__(self, house: House, chores: Sequence[Chore], pace: Pace) -> None:
        self.clock = SystemClock()
        self.database = Database(house.database.url)
        self.engine = Engine(self.database, house.world, self.clock)
        self.ear = Ear(self.database.url, self.engine.heard) if self.database.shared else None
        self.driver: Driver = (
            Distributed(self.database.url, self.engine, self.clock, chores, pace)
            if self.database.shared
            else Ticker(self.engine, self.clock, chores, tick=0.2)
        )

    async def start(self) -> None:
        self.engine.start()
        if self.ear is not None:
            self.ear.start()
        await self.driver.start()

    async def stop(self) -> None:
        await self.driver.stop()
        if self.ear is not None:
            await asyncio.to_thread(self.ear.stop)
        await self.engine.stop()
        self.database.close()

    async def set_timer(self, about: str, seconds: float) -> datetime:
        due = self.clock.now() + timedelta(seconds=seconds)
        await self.engine.call(lambda tx: timers.set_timer(tx, "probe", about, due))
        return due


class Firm:
    """`fired` is what was handled, in its order: what each timer was about, and when that was."""

    def __init__(self, folder: Path, on: str) -> None:
        self.on = on
        self.fired: list[tuple[str, datetime]] = []
        self.clock = SystemClock()
        area = Area(timers={"probe": self._handled})
        self.house = House(folder, reader=Mute(), on=on, registry=area)
        self.processes: list[Process] = []

    def _handled(self, _turn: Turn, timer: TimerFired) -> None:
        self.fired.append((timer.about, self.clock.now()))

    @property
    def about(self) -> list[str]:
        return [about for about, _ in self.fired]

    async def join(self, *chores: Chore, pace: Pace = QUICK) -> Process:
        process = Process(self.house, chores, pace)
        self.processes.append(process)
        await process.start()
        return process

    async def close(self) -> None:
        for process in self.processes:
            await process.stop()
        self.house.close()

    def set_unheard(self, about: str, seconds: float) -> None:
        """A timer that nobody hears of, as from a process that died after its commit."""
        due = self.clock.now() + timedelta(seconds=seconds)
        with self.house.writing() as tx:
            _set(tx, about, due)

    def jobs(self, name: str = "huixiang.wake") -> list[tuple[str, int]]:
        """The state of each job of procrastinate with this name, and how often it was tried before."""
        asked = "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
        with psycopg.connect(self.house.database.url, autocommit=True) as connection:
            return [(status, attempts) for status, attempts in connection.execute(asked, (name,))]


def _set(tx: Tx, about: str, due: datetime) -> None:
    timers.set_timer(tx, "probe", about, due)


class Mute:
    """Reads nothing: nobody says anything here."""

    def understand(self, *_args: Any) -> Any:
        raise AssertionError("nobody speaks here")


async def until(holds: Callable[[], bool], seconds: float = SOON) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)
