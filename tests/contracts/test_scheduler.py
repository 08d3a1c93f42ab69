"""What drives time keeps the same promises, whether it is APScheduler in one process or procrastinate in several."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scheduler.driver import Chore
from tests import databases
from tests.contracts.timing import QUICK, Firm, until


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
    due = await firm.processes[0].set_timer("case:1", 1.2)
    await until(lambda: bool(firm.fired))
    await asyncio.sleep(0.3)
    ((about, at),) = firm.fired
    assert about == "case:1"
    assert 0 <= (at - due).total_seconds() < 0.5


async def test_what_fell_due_while_nobody_was_there_is_fired_once_each_in_order(firm: Firm) -> None:
    for number in (3, 1, 2):
        firm.set_unheard(f"case:{number}", number - 100)
    await join_all(firm)
    await until(lambda: len(firm.fired) >= 3)
    assert firm.about == ["case:1", "case:2", "case:3"]


async def test_a_lost_wake_costs_a_sweep_at_the_most(firm: Firm) -> None:
    await join_all(firm)
    await asyncio.sleep(0.5)
    firm.set_unheard("case:1", -1)
    begun = time.monotonic()
    await until(lambda: firm.about == ["case:1"])
    assert time.monotonic() - begun < QUICK.sweep + 1


async def test_a_chore_is_done_once_each_time_however_many_processes_there_are(firm: Firm) -> None:
    done: list[float] = []

    async def chore() -> None:
        done.append(time.monotonic())

    begun = time.monotonic()
    await join_all(firm, Chore("chore", 1, chore))
    await until(lambda: len(done) >= 3)
    assert len(done) <= time.monotonic() - begun + 1.5


async def test_a_chore_that_fails_is_done_again(firm: Firm) -> None:
    tries: list[int] = []

    async def chore() -> None:
        tries.append(len(tries))
        raise OSError

    await join_all(firm, Chore("chore", 1, chore))
    await until(lambda: len(tries) >= 2)
