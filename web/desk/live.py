"""Live without reload: whenever something was committed, the open desks are told to look again.

Told is only *that* something changed. Each desk fetches what it shows by itself, with its own rights.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from domain.clock import Clock

PAUSE_SECONDS = 0.7
QUIET_SECONDS = 20.0


class Changes:
    """`committed` is called in the writer's thread; everything else lives on the event loop."""

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._quiet = quiet_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: set[asyncio.Event] = set()

    def committed(self, _channels: set[str]) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for fresh in self._open:
            fresh.set()

    async def stream(self, clock: Clock, still: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
        """Server-sent events for one desk, until `still` says that it was left. Bursts become one event."""
        self._loop = asyncio.get_running_loop()
        fresh = asyncio.Event()
        self._open.add(fresh)
        try:
            yield _event("now", clock)
            while await still():
                changed = await _within(self._quiet, fresh)
                fresh.clear()
                yield _event("changed" if changed else "now", clock)
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._open.discard(fresh)


async def _within(seconds: float, fresh: asyncio.Event) -> bool:
    """Whether it was set in time. Not `wait_for`: before Python 3.12 a cancellation that comes just then is lost."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await fresh.wait()
    return fresh.is_set()


def _event(name: str, clock: Clock) -> str:
    return f"event: {name}\ndata: {clock.now().isoformat()}\n\n"
