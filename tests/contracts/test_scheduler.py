"""What drives time keeps the same promises, whether it is APScheduler in one process or procrastinate in several."""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.clock import SystemClock
from handlers.engine import Engine
from scheduler.distributed import Distributed
from scheduler.driver import Chore
from storage.database import Database
from storage.tables import metadata
from tests import databases
from tests.contracts.timing import Firm, until
from tests.contracts.victim import QUICK, Idle

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 4
"""How long a process may take to end, with all of its parts."""
SELDOM = replace(QUICK, sweep=60)


@pytest.fixture(params=databases.KINDS)
async def firm(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Firm]:
    firm = Firm(tmp_path, request.param)
    yield firm
    await firm.close()


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Firm]:
    firm = Firm(tmp_path, databases.POSTGRES)
    yield firm
    await firm.close()


async def join_all(firm: Firm, *chores: Chore) -> None:
    """As many processes as there may be."""
    for _ in range(2 if firm.on == databases.POSTGRES else 1):
        await firm.join(*chores)


async def test_a_timer_due_soon_is_fired_once_and_in_time(firm: Firm) -> None:
    await join_all(firm)
    due = await firm.processes[0].set_timer("case:1", 0.6)
    await until(lambda: bool(firm.fired))
    await asyncio.sleep(0.2)
    ((about, at),) = firm.fired
    assert about == "case:1"
    assert 0 <= (at - due).total_seconds() < 2


async def test_what_fell_due_while_nobody_was_there_is_fired_once_each_in_order(firm: Firm) -> None:
    for number in (3, 1, 2):
        firm.set_unheard(f"case:{number}", number - 100)
    await join_all(firm)
    await until(lambda: len(firm.fired) >= 3)
    assert firm.about == ["case:1", "case:2", "case:3"]


async def test_a_lost_wake_costs_a_sweep_at_the_most(firm: Firm) -> None:
    await join_all(firm)
    firm.set_unheard("case:1", -1)
    begun = time.monotonic()
    await until(lambda: firm.about == ["case:1"])
    assert time.monotonic() - begun < 5 * QUICK.sweep


async def test_a_chore_is_done_once_each_time_in_however_many_processes_and_again_though_it_failed(firm: Firm) -> None:
    seconds, done = 1 if firm.on == databases.POSTGRES else 0.2, list[float]()

    async def chore() -> None:
        done.append(time.monotonic())
        if len(done) == 1:
            raise OSError

    begun = time.monotonic()
    await join_all(firm, Chore("chore", seconds, chore))
    await until(lambda: len(done) >= 2 * len(firm.processes))
    assert len(done) <= (time.monotonic() - begun) / seconds + 2


# What only procrastinate promises.


class HardOfHearing(Distributed):
    """The first cancellation goes by, as one does that comes just when a connection is there."""

    async def _work(self) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)


async def test_who_is_told_to_end_while_starting_ends_all_the_same(cluster: Firm) -> None:
    (url, world, clock) = (cluster.house.database.url, cluster.house.world, SystemClock())
    database = Database(url)
    driver = HardOfHearing(url, Engine(database, world, clock), clock, (), QUICK)
    await driver.start()
    await asyncio.sleep(0.1)
    ending = asyncio.create_task(driver.stop())
    done, _ = await asyncio.wait([ending], timeout=STOP_SECONDS)
    ending.cancel()
    database.close()
    assert done == {ending}


async def test_what_a_killed_process_had_begun_is_done_by_another(cluster: Firm) -> None:
    url, states = cluster.house.database.url, list[tuple[str, int]]()
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contracts.victim", url, stdout=asyncio.subprocess.DEVNULL, cwd=ROOT
    )
    try:
        await until(lambda: cluster.jobs("huixiang.chore") == [("doing", 0)])
    finally:
        victim.kill()
        await victim.wait()

    async def chore() -> None:
        states.extend(cluster.jobs("huixiang.chore"))

    await cluster.join(Chore("chore", 60, chore))
    await until(lambda: ("doing", 1) in states)
    await until(lambda: cluster.jobs("huixiang.chore") == [])


async def test_between_two_sweeps_a_job_wakes_the_engines_at_the_moment_and_no_turn_adds_another(cluster: Firm) -> None:
    process = await cluster.join(pace=SELDOM)
    for number in range(20):
        await process.set_timer(f"case:{number}", 600 + number)
    assert cluster.jobs() == []
    due = await process.set_timer("case:now", 1.5)
    for number in range(20):
        await process.set_timer(f"order:{number}", 5 + number)
    assert cluster.jobs() == [("todo", 0)]
    await until(lambda: bool(cluster.fired))
    ((about, at),) = cluster.fired
    assert about == "case:now"
    assert 0 <= (at - due).total_seconds() < 2


async def test_who_stops_gives_back_the_wake_it_waits_with(cluster: Firm) -> None:
    process = await cluster.join(pace=replace(SELDOM, lead=30))
    await process.set_timer("case:1", 31)
    await until(lambda: cluster.jobs() == [("doing", 0)])
    begun = time.monotonic()
    await process.driver.stop()
    assert time.monotonic() - begun < STOP_SECONDS
    assert cluster.jobs() == [("todo", 1)]


async def test_a_server_that_was_gone_is_found_again(caplog: pytest.LogCaptureFixture) -> None:
    own = databases.Server(databases.binaries())
    own.start()
    database = Database(own.url("postgres"))
    database.create_all(metadata)
    database.close()
    done: list[float] = []

    async def chore() -> None:
        done.append(time.monotonic())

    driver = Distributed(own.url("postgres"), Idle(), SystemClock(), [Chore("chore", 1, chore)], QUICK)
    try:
        with capture_logs() as told:
            await driver.start()
            await until(lambda: bool(done))
            await asyncio.to_thread(own.stop)
            await until(lambda: any(line["event"] == "scheduler_waits" for line in told))
            await asyncio.to_thread(own.start)
            before = len(done)
            await until(lambda: len(done) > before)
            await asyncio.to_thread(own.stop)
            begun = time.monotonic()
            await driver.stop()
            assert time.monotonic() - begun < STOP_SECONDS
    finally:
        own.remove()
    gc.collect()
    assert [line for line in told if line["log_level"] == "error"] == []
    assert [record for record in caplog.records if record.name == "asyncio"] == []
