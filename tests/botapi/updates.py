"""The queue of updates: kept until the bot confirms them, by the next offset or by its webhook's 2xx."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.botapi.errors import conflict

Json = dict[str, Any]
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
PAGE = 100


class Updates:
    def __init__(self, first_id: int, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._next = first_id
        self.pending: dict[int, Json] = {}
        self.arrived = asyncio.Event()
        self.polls = 0
        self._poll: asyncio.Future[None] | None = None

    def push(self, kind: str, payload: Json) -> int:
        """Queue one update of this kind; returns its id."""
        return self.push_raw({"update_id": self._next, kind: payload})

    def push_raw(self, update: Json) -> int:
        """Queue anything at all; it gets the next id unless it brings its own, which may be nonsense."""
        brought = update.get("update_id")
        if isinstance(brought, int):
            self._next = brought
        key = self._next
        self._next += 1
        self.pending[key] = update if "update_id" in update else {"update_id": key, **update}
        self.arrived.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        return key

    def skip_to(self, update_id: int) -> None:
        """Go on from another id, as Telegram does after a week of silence."""
        self._next = update_id

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """getUpdates: confirm what lies before `offset`, then wait up to `timeout` seconds for the rest."""
        self.polls += 1
        self.interrupt(OTHER_POLLER)
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        return list(self.pending.values())[: min(max(limit, 1), PAGE)]

    async def _wait(self, timeout: float) -> None:
        self._poll = poll = asyncio.get_running_loop().create_future()
        self._changed()
        try:
            async with asyncio.timeout(timeout):
                await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    def interrupt(self, reason: str) -> None:
        """End the long poll that is waiting with 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(reason))

    def _confirm(self, offset: int) -> None:
        keys = list(self.pending)
        gone = keys[: max(0, len(keys) + offset)] if offset < 0 else [key for key in keys if key < offset]
        for key in gone:
            del self.pending[key]

    @property
    def polled(self) -> bool:
        """Somebody is waiting in getUpdates right now."""
        return self._poll is not None
