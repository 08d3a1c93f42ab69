"""A chat server on a free port, over a real database file, that a test can stop and start again."""

import asyncio
import json
import socket
import threading
import uuid
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import uvicorn
from sqlalchemy import create_engine
from websockets.sync.client import ClientConnection, connect

from domain.clock import SystemClock
from storage.database import Database
from storage.tables import metadata
from tests.web.chat_echo import EchoEngine
from web.app import create_app
from web.chat_identity import address_of
from web.hub import WebChannel
from web.services import Services

T = TypeVar("T")
SECRET = b"a secret for tests"
COMPANY = "净乐家政"


class ChatWorld:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.url = f"sqlite:///{folder / 'chat.db'}"
        metadata.create_all(create_engine(self.url))

    def start(self) -> Self:
        """A new process, as it were: everything but the files is made anew, on the same port as before."""
        self.database = Database(self.url)
        clock, self.hub = SystemClock(), WebChannel()
        self.engine = EchoEngine(self.database, clock, self.hub)
        services = Services(
            engine=self.engine, database=self.database, clock=clock, hub=self.hub,
            files_dir=self.folder / "files", secret=SECRET, company=COMPANY,
        )  # fmt: skip
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(create_app(services), log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, args=(listening,), daemon=True)
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def _serve(self, listening: socket.socket) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            serving = asyncio.ensure_future(self._server.serve([listening]))
            while not self._server.started and not serving.done():
                await asyncio.sleep(0.005)
            self._ready.set()
            await serving

        asyncio.run(serve())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self.database.close()

    def await_on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something where the server lives, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def say_later(self, token: str, words: str) -> int:
        """A message that is stored now but not due; its id."""
        return self.await_on_loop(self.engine.hold(address_of(token), words))

    def deliver(self, message_id: int, token: str) -> None:
        self.await_on_loop(self.engine.release(address_of(token), message_id))

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def page(self, token: str | None = None, **hello: Any) -> Iterator["Page"]:
        with connect(f"ws://127.0.0.1:{self.port}/chat/ws") as ws:
            page = Page(ws)
            page.send(t="hello", token=token, **hello)
            page.welcome = page.expect("welcome")
            page.keep(page.welcome["lines"])
            yield page


class Page:
    """What the browser's script does, in a few lines: keeps every line it was given, by key."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws
        self.welcome: dict[str, Any] = {}
        self.lines: dict[str, dict[str, Any]] = {}
        self.received: list[str] = []

    @property
    def token(self) -> str:
        return str(self.welcome["token"])

    @property
    def cursors(self) -> dict[str, int]:
        numbers = [key.split("-") for key in self.lines]
        return {f"after_{side}": max([int(n) for s, n in numbers if s == side], default=0) for side in ("in", "out")}

    def send(self, **frame: Any) -> None:
        self.ws.send(json.dumps(frame))

    def say(self, text: str, **more: Any) -> str:
        """Send a message; its id."""
        message_id = str(uuid.uuid4())
        self.send(t="send", id=message_id, text=text, **more)
        return message_id

    def keep(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            self.received.append(line["key"])
            self.lines[line["key"]] = line

    def next(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.ws.recv(timeout=5))
        if frame["t"] == "lines":
            self.keep(frame["lines"])
        return frame

    def expect(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; others are taken note of."""
        while True:
            frame = self.next()
            if frame["t"] == kind:
                return frame

    def until_line(self, text: str) -> dict[str, Any]:
        """Read until a line with these words is here."""
        while True:
            for line in self.lines.values():
                if text in line["text"]:
                    return line
            self.next()

    def texts(self) -> list[str]:
        return [line["text"] for line in sorted(self.lines.values(), key=lambda line: line["sort"])]
