"""What the engine asks the database: everything when something may be waiting, and nothing when nothing can be."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import Address, Incoming, MessageCame, Sender
from handlers.engine import Engine
from handlers.round import TURNS, Round
from storage import timers
from tests.harness import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def engine(house: House) -> AsyncIterator[Engine]:
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    await engine.call(lambda tx: None)
    yield engine
    await engine.stop()


async def asked_after(engine: Engine) -> list[str]:
    """What a round asks behind a job that does nothing."""
    said: list[str] = []
    await engine.call(lambda tx: tx.driver.set_trace_callback(said.append))
    await engine.call(lambda tx: tx.driver.set_trace_callback(None))
    return [one for one in said if one.startswith("SELECT")]


async def test_a_round_that_brings_nothing_asks_for_nothing(engine: Engine) -> None:
    assert await asked_after(engine) == []


async def test_after_a_wake_it_looks_for_whatever_others_may_have_written(engine: Engine) -> None:
    engine.wake()
    assert any("FROM inbox" in one for one in await asked_after(engine))


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1)])
async def test_a_timer_that_a_job_set_is_fired_at_its_time_though_nobody_wakes_the_engine(
    house: House, engine: Engine, ahead: timedelta
) -> None:
    due = house.clock.now() + ahead
    await engine.call(lambda tx: timers.set_timer(tx, "coupon_expiry", "coupon:1", due, {}))
    assert bool(waiting(house)) == bool(ahead)
    house.clock.time += ahead
    await engine.call(lambda tx: None)
    assert waiting(house) == []


def waiting(house: House) -> list[str]:
    with house.tx() as tx:
        return [timer.about for timer in timers.due(tx, house.clock.now() + timedelta(days=1), 9)]


def test_while_the_first_are_handled_the_reader_knows_those_that_come_next(tmp_path: Path) -> None:
    named: list[set[str]] = []
    house = House(tmp_path, expect=lambda words: named.append({text for text, _ in words}))
    texts = [f"{number} 号楼怎么收费" for number in range(TURNS + 3)]
    with house.writing() as tx:
        round_ = Round(tx, house.world, house.clock.now())
        for number, text in enumerate(texts):
            address = Address("web", f"w{number}")
            said = MessageCame(address, text, (), Sender("王女士"), f"m{number}", "")
            round_.store(Incoming("test", f"{number}", str(address), said))
    house.run()
    assert named[:2] == [set(texts), set(texts[TURNS:])]
