"""A company in the hand, and one that lives behind an emulated Telegram."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.harness import House
from tests.hostile.live import Live, living


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


@pytest.fixture
def library() -> str:
    """Through which the company speaks with Telegram; some tests are run over each."""
    return "aiogram"


@pytest.fixture
async def live(tmp_path: Path, api: BotApi, library: str) -> AsyncIterator[Live]:
    async with living(tmp_path, api, HUIXIANG_TELEGRAM_LIBRARY=library) as live:
        yield live
