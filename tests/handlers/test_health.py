"""Whether the parts do their work."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.channel import Health
from handlers.engine import Engine
from handlers.health import readiness
from tests.harness import House
from web.hub import WebChannel


class Broken(WebChannel):
    """A channel whose platform cannot be reached."""

    async def health(self) -> Health:
        raise OSError("no route to host")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    house = House(tmp_path)
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    await engine.call(lambda tx: None)
    yield engine
    await engine.stop()


async def test_all_is_well(engine: Engine) -> None:
    ready = await readiness(engine, {"web": WebChannel()}, engine.clock)
    assert ready.ok
    assert ready.as_json()["channels"] == {"web": {"ok": True, "detail": "0 open"}}


async def test_a_channel_that_is_down_is_shown_and_the_others_go_on(engine: Engine) -> None:
    ready = await readiness(engine, {"web": Broken()}, engine.clock)
    assert ready.ok
    assert not ready.channels["web"].ok


async def test_a_stopped_writer_is_noticed(tmp_path: Path) -> None:
    house = House(tmp_path)
    engine = Engine(house.database, house.world, house.clock)
    ready = await readiness(engine, {}, house.clock)
    assert not ready.ok
    assert not ready.database.ok
    assert not ready.scheduler.ok
