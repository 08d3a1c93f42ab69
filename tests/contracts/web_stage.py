"""The web chat on stage: the real application under uvicorn, and pages that do what the browser's script does."""

import asyncio
import json
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bot.serving import Server
from domain.events import Attachment
from tests.contracts.company import SOON, Company
from tests.contracts.stages import Person, Shown, Stage
from web.app import create_app
from web.chat_identity import address_of, new_token
from web.hub import WebChannel
from web.services import Services


class Page(Person):
    """An open page. It connects again by itself, keeps each line by its key, and sends again what was not taken."""

    def __init__(self, stage: "WebStage") -> None:
        self.token = new_token()
        self.address = address_of(self.token)
        self._stage = stage
        self._code = ""
        self._here = asyncio.Event()
        self._here.set()
        self._ws: ClientConnection | None = None
        self._waiting: dict[str, dict[str, Any]] = {}
        self._paced = False
        self._last: dict[str, Any] = {}
        self._lines: dict[str, dict[str, Any]] = {}
        self._changed = asyncio.Event()
        self._living = asyncio.create_task(self._live())

    async def says(self, text: str) -> None:
        await self._do({"t": "send", "text": text})

    async def replies(self, text: str) -> None:
        await self._do({"t": "send", "text": text, "reply_to": self._ours()[-1]["key"]})

    async def taps(self, label: str) -> None:
        found = [one for line in self._ours() for row in line["buttons"] for one in row if one["label"] == label]
        await self._do({"t": "tap", "button": found[-1]["button"], "label": label})

    async def sends_photo(self, content: bytes, caption: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self._stage.http.post("/chat/files", content=content, headers=headers)
        assert answer.status_code == 201, answer.text
        await self._do({"t": "send", "text": caption, "files": [answer.json()["id"]]})

    async def opens(self, link: str) -> None:
        """In the tab at hand."""
        assert (await self._stage.http.get(link)).status_code == 200
        (self._code,) = parse_qs(urlsplit(link).query)["c"]
        await self._hang_up()

    async def repeats(self) -> None:
        await self._do(self._last)
        await self.until(lambda: not self._waiting)

    async def leaves(self) -> None:
        self._here.clear()
        await self._hang_up()
        await self.until(lambda: self._ws is None)

    async def returns(self) -> None:
        self._here.set()
        await self.until(lambda: self._ws is not None)

    async def heard(self, last: str) -> list[Shown]:
        await self.until(lambda: last in [line["text"] for line in self._ours()])
        return [await self._seen(line) for line in self._ours()]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    @property
    def welcomed(self) -> bool:
        return self._ws is not None

    async def close(self) -> None:
        self._living.cancel()
        await asyncio.wait([self._living])

    def _ours(self) -> list[dict[str, Any]]:
        return sorted((line for line in self._lines.values() if not line["mine"]), key=lambda line: line["sort"])

    async def _seen(self, line: dict[str, Any]) -> Shown:
        photos = [(await self._stage.http.get(file["url"])).content for file in line["files"]]
        labels = tuple(button["label"] for row in line["buttons"] for button in row)
        return Shown(line["text"], labels, tuple(photos))

    async def _do(self, frame: dict[str, Any]) -> None:
        """Under its id until it is taken, whatever happens to the connection."""
        self._last = frame = {"id": str(uuid.uuid4()), **frame}
        self._waiting[frame["id"]] = frame
        if not self._paced:
            await self._send(frame)

    async def _send(self, frame: dict[str, Any]) -> None:
        if self._ws is not None:
            with suppress(ConnectionClosed):
                await self._ws.send(json.dumps(frame))

    async def _hang_up(self) -> None:
        if self._ws is not None:
            await self._ws.close()

    async def _live(self) -> None:
        while True:
            await self._here.wait()
            await self._stage.up.wait()
            with suppress(ConnectionClosed, InvalidHandshake, OSError):
                await self._visit()
            self._ws = None
            self._changed.set()

    async def _visit(self) -> None:
        async with connect(f"{self._stage.url.replace('http', 'ws', 1)}/chat/ws", proxy=None, max_queue=None) as ws:
            await ws.send(json.dumps({"t": "hello", "token": self.token, "code": self._code, **self._cursors()}))
            async for raw in ws:
                await self._receive(ws, json.loads(raw))
                self._changed.set()

    def _cursors(self) -> dict[str, int]:
        numbers = [key.split("-") for key in self._lines]
        return {f"after_{side}": max([int(n) for s, n in numbers if s == side], default=0) for side in ("in", "out")}

    async def _receive(self, ws: ClientConnection, frame: dict[str, Any]) -> None:
        self._lines |= {line["key"]: line for line in frame.get("lines", [])}
        if frame["t"] == "welcome":
            self._ws, self._code, self._paced = ws, "", False
            for waiting in list(self._waiting.values()):
                await self._send(waiting)
        elif frame["t"] == "ack":
            self._waiting.pop(frame["id"], None)
            await self._next()
        elif frame["t"] == "refused":
            assert frame["retry"], frame
            self._paced = True
            await self._next()

    async def _next(self) -> None:
        """After a refusal one at a time, so that the order stays; the pause asked for would only make tests slow."""
        if self._paced and self._waiting:
            await self._send(next(iter(self._waiting.values())))
        self._paced = self._paced and bool(self._waiting)


class WebStage(Stage):
    lacks: ClassVar = {
        "unreachable": "a page that is closed pulls its messages when it is opened again",
        "breaks": "it is part of the process that would be asked: whoever gets an answer gets a good one",
    }
    channel: WebChannel

    def __init__(self, company: Company) -> None:
        self.company = company
        self.up = asyncio.Event()
        self._pages: dict[int, Page] = {}
        self._port = 0

    async def start(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.http = httpx.AsyncClient(base_url=self.url, trust_env=False)
        self.channel = WebChannel(self.url)
        await self.channel.start(self.company.accept)
        config = uvicorn.Config(
            create_app(self._services()), log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = Server(config)
        self._serving = asyncio.create_task(self._server.serve([listening]))
        while not self._server.started and not self._serving.done():
            await asyncio.sleep(0.002)
        self.up.set()

    def _services(self) -> Services:
        company = self.company
        return Services(
            engine=company, database=company.database, clock=company.clock, hub=self.channel,
            files_dir=company.files_dir, secret=b"a secret for tests", company="净乐家政", public_url=self.url,
        )  # fmt: skip

    async def stop(self) -> None:
        """In the order of the real process: the server, then the channel."""
        self.up.clear()
        self._server.should_exit = True
        await self._serving
        await self.channel.stop()
        await self.http.aclose()

    async def close(self) -> None:
        for page in self._pages.values():
            await page.close()
        await self.stop()

    async def person(self, number: int) -> Page:
        page = self._pages[number] = Page(self)
        await page.until(lambda: page.welcomed)
        return page

    async def content(self, photo: Attachment) -> bytes:
        return self.company.path(photo.file).read_bytes()
