"""The demo's time machine: from one due moment to the next, so that everything on the way happens at its own."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from bot.core import CLOCK_OFFSET
from domain.clock import SystemClock
from handlers.delivery import Delivery
from handlers.engine import Engine
from handlers.round import Round
from handlers.upcoming import next_moment
from storage import facts

MOST_ROUNDS = 20
PATIENCE_SECONDS = 2.0


class TimeMachine:
    """Moves the clock ahead, for all, and remembers how far. Never back: what happened stays before what comes."""

    def __init__(self, engine: Engine, clock: SystemClock, delivery: Delivery) -> None:
        self._engine = engine
        self._clock = clock
        self._delivery = delivery
        self._moving = asyncio.Lock()

    async def forward(self, by: timedelta) -> None:
        """So much further, whatever time it is when those who came first are through."""
        async with self._moving:
            await self._travel(self._clock.now() + by)

    async def until(self, goal: datetime) -> None:
        """To this moment; nowhere when it is past, as for the second of two clicks."""
        async with self._moving:
            await self._travel(goal)

    async def _travel(self, goal: datetime) -> None:
        await self._happen()
        while (now := self._clock.now()) < goal:
            due = await self._engine.call(partial(next_moment, now=now))
            await self._move(goal if due is None else min(goal, due))
            await self._happen()

    async def _move(self, to: datetime) -> None:
        offset = self._clock.offset + max(to - self._clock.now(), timedelta(0))
        await self._engine.call(lambda tx: facts.write(tx, CLOCK_OFFSET, str(offset.total_seconds())))
        self._clock.offset = offset

    async def _happen(self) -> None:
        """What is due now is handled, and what it says is sent; a channel that is slow is not waited for for long."""
        for _ in range(MOST_ROUNDS):
            if not await self._engine.call_round(_is_due):
                break
        await self._delivery.flush(PATIENCE_SECONDS)


def _is_due(round_: Round) -> bool:
    """Asked as the round begins, which then handles it."""
    due = round_.next_due()
    return due is not None and due <= round_.now
