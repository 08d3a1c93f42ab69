"""No faster than a channel allows: per bot, per chat, per group."""

import asyncio
import time
from contextlib import suppress

from aiolimiter import AsyncLimiter

from domain.channel import Limits

BURST_SECONDS = 3.0
MOST_CHATS = 10_000


class Pace:
    """Leaky buckets. A chat may get a few messages at once, then one a second."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bot = AsyncLimiter(max(1.0, limits.per_second), 1.0) if limits.per_second else None
        self._chats: dict[str, AsyncLimiter] = {}
        self._stopped_until = 0.0
        self._closing = asyncio.Event()

    async def wait(self, chat: str) -> None:
        """Returns when one more message may go to this chat."""
        if self._bot is None:
            return
        await self._chat(chat).acquire()
        await self._bot.acquire()

    @property
    def paused(self) -> bool:
        """The whole bot was asked to pause, and that is not over."""
        return self._stopped_until > time.monotonic()

    async def resumed(self) -> None:
        """Returns when no pause is on, or nobody needs to wait any more."""
        while self.paused and not self._closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._stopped_until - time.monotonic()):
                    await self._closing.wait()

    def close(self) -> None:
        """Nothing more will be sent."""
        self._closing.set()

    def stop_for(self, seconds: float) -> None:
        """The whole bot was asked to pause."""
        self._stopped_until = max(self._stopped_until, time.monotonic() + seconds)

    def _chat(self, chat: str) -> AsyncLimiter:
        known = self._chats.get(chat)
        if known is None:
            if len(self._chats) >= MOST_CHATS:
                self._chats.clear()
            known = self._chats[chat] = self._bucket(chat)
        return known

    def _bucket(self, chat: str) -> AsyncLimiter:
        if chat.startswith("-"):
            return AsyncLimiter(self.limits.per_group_minute, 60.0)
        return AsyncLimiter(self.limits.per_chat_second * BURST_SECONDS, BURST_SECONDS)


class Place:
    """One of those that may be in the air, taken already; it is left once, in the end or before."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places
        self._early: asyncio.TimerHandle | None = None

    def leave_after(self, seconds: float) -> None:
        self._early = asyncio.get_running_loop().call_later(seconds, self.leave)

    def leave(self) -> None:
        if self._early is not None:
            self._early.cancel()
        if self._places is not None:
            self._places.release()
            self._places = None
