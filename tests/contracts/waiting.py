"""Waiting for what nobody tells of: looked at every few milliseconds."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.contracts.company import SOON


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SOON):
        while not await holds():
            await asyncio.sleep(0.003)
