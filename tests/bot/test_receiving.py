"""Who receives tells the others how it goes: a channel that is deaf is no matter of one process's log."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.metrics import Metrics
from bot.receiving import Polling, Receiving, Reported
from domain.channel import Health
from handlers import auditor
from handlers.engine import Engine
from handlers.troubles import note, troubles
from tests.harness import House
from web.hub import WebChannel

DEAF = Health(ok=False, detail="receiving: another process is polling")
WELL = Health(ok=True)


class Line(WebChannel):
    """A channel that is as well as it is told to be."""

    name = "telegram"

    def __init__(self, state: Health = WELL) -> None:
        super().__init__()
        self.state = state

    async def health(self) -> Health:
        return self.state


async def nothing(batch: object) -> None:
    pass


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@asynccontextmanager
async def reporting(house: House, line: Line) -> AsyncIterator[None]:
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    part = Reported(Receiving(line, nothing), engine, look=0.005)
    await part.start()
    yield
    await part.stop()
    await engine.stop()


async def until_known(house: House, *details: str) -> None:
    async with asyncio.timeout(5):
        while True:
            with house.tx() as tx:
                if [trouble.detail for trouble in troubles(tx, house.clock.now())] == list(details):
                    return
            await asyncio.sleep(0.005)


async def test_trouble_with_receiving_is_known_to_all_until_it_is_over(house: House) -> None:
    line = Line(DEAF)
    async with reporting(house, line):
        await until_known(house, DEAF.detail)
        line.state = WELL
        await until_known(house)


def test_it_counts_from_when_it_began_and_is_forgotten_when_nobody_says_it_again(house: House) -> None:
    began = house.clock.now()
    for minutes in range(5):
        with house.writing() as tx:
            note(tx, "telegram", "deaf", began + timedelta(minutes=minutes))
    with house.tx() as tx:
        (trouble,) = troubles(tx, began + timedelta(minutes=5))
        assert trouble.since == began
        assert not troubles(tx, began + timedelta(minutes=7))


def test_the_auditor_and_the_figures_tell_of_it(house: House) -> None:
    now = house.clock.now()
    with house.writing() as tx:
        note(tx, "telegram", "deaf", now)
        assert auditor.look(tx, now).well, "a moment is no finding"
        note(tx, "telegram", "deaf", now + timedelta(minutes=2))
        assert auditor.look(tx, now + timedelta(minutes=3)).found == {"channels": 1}
    metrics = Metrics()
    metrics.follow(house.database, house.clock)
    assert b'huixiang_channel_trouble_seconds{channel="telegram"}' in metrics.written()


async def test_whoever_polls_answers_for_the_channel_it_polls_with() -> None:
    polling = Polling(lambda: Line(DEAF), nothing, beside=Line())
    assert (await polling.health()).ok, "it is somebody else's turn"
    await polling.start()
    assert await polling.health() == DEAF
    await polling.stop()
    assert (await polling.health()).ok
