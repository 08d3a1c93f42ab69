"""A whole house behind a real web server on a free port: real engine, real texts, a clock that tests move."""

import asyncio
import http.cookies
import json
import socket
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

import httpx
import uvicorn

from domain.events import Incoming, StaffActed
from handlers.engine import Engine
from handlers.health import readiness
from handlers.people.passwords import hash_password
from storage.desk import Login
from tests.harness import Guest, House
from web.app import create_app
from web.hub import WebChannel
from web.office import Office
from web.services import Services

T = TypeVar("T")
API_KEY = "a key for tests, long enough"
PASSWORD = "念念不忘必有回响"


class HouseTime:
    """The demo's time machine, for a clock of tests."""

    def __init__(self, house: House, engine: Engine) -> None:
        self._house = house
        self._engine = engine

    async def forward(self, by: timedelta) -> None:
        await self.until(self._house.clock.now() + by)

    async def until(self, goal: datetime) -> None:
        self._house.clock.time = max(goal, self._house.clock.now())
        self._engine.wake()


class HouseServer:
    """Five people and the order A1. `house` is set up by hand before `start`; afterwards only the engine writes.

    `bot` is the name of a bot in Telegram, once there is one.
    """

    bot = ""

    def __init__(self, folder: Path, *, demo: bool = False, api_key: str = API_KEY) -> None:
        self.house = House(folder)
        self.folder = folder
        self._demo = demo
        self._api_key = api_key
        self._clients: list[httpx.Client] = []
        self.customer, self.cleaner = self.house.customer("王小明"), self.house.cleaner()
        self.lead, self.boss, self.owner = self.house.supervisor(), self.house.manager(), self.house.owner()
        self.house.order(self.customer, self.cleaner, number="A1")

    def login(self, guest: Guest, username: str) -> None:
        with self.house.writing() as tx:
            now, hashed = self.house.clock.now(), hash_password(PASSWORD)
            tx.add(Login, person_id=guest.person_id, username=username, password_hash=hashed, created_at=now)

    def start(self) -> Self:
        house, hub = self.house, WebChannel()
        self.engine = Engine(house.database, house.world, house.clock)
        self.engine.start()
        services = Services(
            engine=self.engine, database=house.database, clock=house.clock, hub=hub, files_dir=self.folder / "files",
            secret=b"a secret for tests", company=house.world.company.name, demo=self._demo,
            elsewhere=lambda code: {"telegram": f"https://t.me/{self.bot}?start={code}"} if self.bot else {},
        )  # fmt: skip
        office = Office(
            engine=self.engine, texts=house.world.texts, company=house.world.company, api_key=self._api_key,
            ready=lambda: readiness(self.engine, {hub.name: hub}, house.clock),
            demo_time=HouseTime(house, self.engine) if self._demo else None,
        )  # fmt: skip
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.http = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(services, office), log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(listening,), daemon=True)
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
            await self.engine.stop()

        asyncio.run(serve())

    def stop(self) -> None:
        for client in self._clients:
            client.close()
        self._server.should_exit = True
        self._thread.join(10)
        self.house.database.close()

    def on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def act(self, guest: Guest | None, action: str, **args: Any) -> dict[str, Any]:
        """As if somebody else had done it on another desk."""
        person = guest.person_id if guest is not None else None
        key = f"{next(self.house.numbers)}"
        handled = self.on_loop(self.engine.submit(Incoming("test", key, "test", StaffActed(action, person, args))))
        assert handled.error is None, handled.error
        return handled.result or {}

    def open_case(self, text: str = "厨房油污没有擦干净，要求返工", **more: Any) -> str:
        """Its number."""
        return str(self.act(None, "open_case", text=text, **more)["case"])

    def api(self, method: str, path: str, body: Any = None, *, key: str = API_KEY, once: str = "") -> httpx.Response:
        headers = {"X-API-Key": key} | ({"Idempotency-Key": once} if once else {})
        return httpx.request(method, self.http + path, json=body, headers=headers, timeout=20)

    def visitor(self) -> "DeskClient":
        """Somebody without a session."""
        client = httpx.Client(base_url=self.http, follow_redirects=False)
        self._clients.append(client)
        return DeskClient(client)

    def enter(self, username: str, password: str = PASSWORD) -> "DeskClient":
        desk = self.visitor()
        answer = desk.post("/desk/login", {"username": username, "password": password, "next": "/desk/cases"})
        assert answer.status_code == 303, answer.text
        return desk


@dataclass(frozen=True)
class Sent:
    """An answer as htmx gets it."""

    status: int
    text: str
    told: Mapping[str, Any]
    to: str


class DeskClient:
    """What a browser does at the desk, without one."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, form: Mapping[str, Any], **headers: str) -> httpx.Response:
        content = urlencode(form)
        return self.client.post(
            path, content=content, headers={"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    @property
    def csrf(self) -> str:
        return _hidden(self.get("/desk/cases/new").text, "csrf")

    def do(self, action: str, *, csrf: str | None = None, once: str = "n1", **form: Any) -> Sent:
        """Send a form of the desk as htmx does."""
        token = self.csrf if csrf is None else csrf
        answer = self.post(f"/desk/do/{action}", {"csrf": token, "once": once, **form}, **{"HX-Request": "true"})
        told = json.loads(answer.headers.get("HX-Trigger", "{}"))
        return Sent(answer.status_code, answer.text, told, answer.headers.get("HX-Redirect", ""))


def _hidden(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="')[1].split('"')[0]


def cookie(answer: httpx.Response) -> http.cookies.Morsel[str]:
    """The one cookie that was set."""
    jar = http.cookies.SimpleCookie(answer.headers["set-cookie"])
    return next(iter(jar.values()))
