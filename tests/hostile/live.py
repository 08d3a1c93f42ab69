"""The whole company in the test's own process: the real wiring, engine, delivery, Telegram adapter and web server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from bot.serving import Server, bind, config, url_of
from bot.settings import load_settings
from bot.wiring import Huixiang
from domain.clock import SystemClock
from domain.events import Incoming, StaffActed
from tests.botapi import BotApi, User

SOON = 20.0
API_KEY = "a key for tests, long enough"


class Live:
    """`api` is the Telegram it talks with, `url` where its web server listens."""

    def __init__(self, house: Huixiang, api: BotApi, url: str) -> None:
        self.house = house
        self.api = api
        self.url = url
        self._acts = 0

    async def act(self, action: str, **args: Any) -> dict[str, Any]:
        """As the company itself does, through the engine."""
        self._acts += 1
        event = StaffActed(action, None, args)
        handled = await self.house.core.engine.submit(Incoming("test", f"act{self._acts}", "test", event))
        assert handled.error is None, handled.error
        return handled.result or {}

    async def staff(self, user_id: int, role: str, name: str) -> User:
        """Somebody who came by an invitation, and has read the welcome."""
        invitation = await self.act("invite_staff", role=role, name=name)
        user = self.api.user(user_id, name)
        user.start(invitation["code"])
        await user.expect(timeout=SOON)
        return user

    def count(self, query: str, *params: Any) -> int:
        with self.house.core.database.read() as tx:
            return int(tx.driver.execute(query, params).fetchone()[0])

    async def settled(self) -> None:
        """Everything that was sent is taken, everything taken is handled, and everything owed is delivered."""
        waiting = (
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
            " + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))"
        )
        async with asyncio.timeout(SOON):
            while self.api.world.updates.pending or self.count(waiting):
                await asyncio.sleep(0.02)

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url, timeout=SOON) as http:
            return await http.post(path, json=body, headers={"X-API-Key": API_KEY, **headers})

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url, timeout=SOON) as http:
            return await http.get(path, headers={"X-API-Key": API_KEY})


class Page:
    """The chat page's side of the socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.token = ""
        self.lines: list[str] = []

    async def send(self, **frame: Any) -> None:
        await self._socket.send(json.dumps(frame))

    async def expect(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; lines that come before it are kept."""
        async with asyncio.timeout(SOON):
            while True:
                frame: dict[str, Any] = json.loads(await self._socket.recv())
                self.lines += [line["text"] for line in frame.get("lines", ())]
                if frame["t"] == kind:
                    return frame

    async def until(self, words: str) -> None:
        """Until a line with these words is here."""
        while not any(words in line for line in self.lines):
            await self.expect("lines")


@asynccontextmanager
async def opened(url: str, token: str = "") -> AsyncIterator[Page]:
    """The chat page of a new visitor, or of one who comes back with their token, after the welcome."""
    async with connect(f"{url.replace('http', 'ws', 1)}/chat/ws") as socket:
        page = Page(socket)
        await page.send(t="hello", token=token or None)
        page.token = (await page.expect("welcome"))["token"]
        yield page


def _until_ten(now: datetime) -> timedelta:
    """To the next morning at ten in Shanghai, when nothing waits for the end of the night."""
    return timedelta(hours=(26 - now.hour) % 24, minutes=-now.minute)


@asynccontextmanager
async def living(folder: Path, api: BotApi, **more: str) -> AsyncIterator[Live]:
    """Started and serving, and stopped at the end."""
    environment = {
        "HUIXIANG_DATA_DIR": str(folder),
        "HUIXIANG_PORT": "0",
        "HUIXIANG_API_KEY": API_KEY,
        "HUIXIANG_TELEGRAM_TOKEN": api.token,
        "HUIXIANG_TELEGRAM_API": api.base,
        "HUIXIANG_TELEGRAM_PER_SECOND": "1000",
        **more,
    }
    settings = load_settings(environment, env_file=folder / "none")
    with bind(settings) as listening:
        url = url_of(settings, listening)
        house = Huixiang(settings, url)
        assert isinstance(house.core.clock, SystemClock)
        house.core.clock.offset = _until_ten(house.core.clock.now())
        server = Server(config(house))
        await house.start()
        serving = asyncio.ensure_future(server.serve([listening]))
        try:
            yield Live(house, api, f"http://{settings.host}:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            await serving
            await house.stop()
