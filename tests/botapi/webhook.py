"""Posts the queued updates to the bot's webhook: in order within a chat, at once between chats, until 2xx."""

import asyncio
import time
from collections import deque

import aiohttp

from tests.botapi.updates import Json
from tests.botapi.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
TIMEOUT = aiohttp.ClientTimeout(total=60)


class Poster:
    """`first_retry` seconds after a failure, doubling up to `last_retry`. Telegram itself waits longer."""

    def __init__(self, world: World, first_retry: float = 0.05, last_retry: float = 5.0) -> None:
        self._world = world
        self._retries = (first_retry, last_retry)
        self._lanes: dict[object, deque[int]] = {}
        self._taken: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Forever, until cancelled."""
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, asyncio.TaskGroup() as group:
            while True:
                await self._world.updates.arrived.wait()
                self._world.updates.arrived.clear()
                if self._world.webhook["url"]:
                    self._spread(session, group)

    def _spread(self, session: aiohttp.ClientSession, group: asyncio.TaskGroup) -> None:
        for key, update in self._world.updates.pending.items():
            if key in self._taken:
                continue
            self._taken.add(key)
            lane = _chat_of(update)
            if lane in self._lanes:
                self._lanes[lane].append(key)
            else:
                self._lanes[lane] = deque([key])
                group.create_task(self._drain(session, lane))

    async def _drain(self, session: aiohttp.ClientSession, lane: object) -> None:
        queue = self._lanes[lane]
        while queue:
            key = queue.popleft()
            if key in self._world.updates.pending:
                await self._post_until_taken(session, key)
            self._taken.discard(key)
        del self._lanes[lane]

    async def _post_until_taken(self, session: aiohttp.ClientSession, key: int) -> None:
        pause, longest = self._retries
        updates = self._world.updates
        while self._world.webhook["url"] and key in updates.pending:
            error = await self._post(session, updates.pending[key])
            if not error:
                updates.pending.pop(key, None)
                self._world.changed()
                return
            self._world.webhook.update(last_error_date=int(time.time()), last_error_message=error)
            self._world.changed()
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> str:
        """Empty when the webhook took it, else what went wrong in Telegram's words."""
        secret = self._world.webhook_secret
        headers = {SECRET_HEADER: secret} if secret else {}
        try:
            async with session.post(self._world.webhook["url"], json=update, headers=headers) as answer:
                await answer.read()
                return "" if answer.ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError):
            return "Connection refused"


def _chat_of(update: Json) -> object:
    for value in update.values():
        if isinstance(value, dict):
            chat = value.get("chat") or (value.get("message") or {}).get("chat") or {}
            return chat.get("id") if isinstance(chat, dict) else None
    return None
