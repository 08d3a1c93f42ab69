"""The desk's news: one word for a burst, and an end the moment its page goes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import pytest

from domain.clock import ManualClock
from tests.harness import START
from web.desk.live import Changes


def listening(changes: Changes) -> AsyncGenerator[str, None]:
    async def here() -> bool:
        return True

    return cast(AsyncGenerator[str, None], changes.stream(ManualClock(START), here))


async def test_a_burst_is_one_change() -> None:
    changes = Changes()
    async with aclosing(listening(changes)) as news:
        assert (await anext(news)).startswith("event: now")
        for _ in range(5):
            changes.committed({"web"})
        assert (await anext(news)).startswith("event: changed")


async def test_quiet_is_told_too() -> None:
    async with aclosing(listening(Changes(quiet_seconds=0.01))) as news:
        await anext(news)
        assert (await anext(news)).startswith("event: now")


@pytest.mark.parametrize("steps", range(4))
async def test_a_page_that_goes_just_as_news_come_ends_its_stream(steps: int) -> None:
    """Whatever step of the loop it falls into, the cancellation is not lost beside the news."""
    changes = Changes()
    async with aclosing(listening(changes)) as news:
        await anext(news)
        waiting = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0)
        changes.committed({"web"})
        for _ in range(steps):
            await asyncio.sleep(0)
        if waiting.cancel():
            with pytest.raises(asyncio.CancelledError):
                await waiting
