"""The emulator as a test holds it: start it, make people, break things, read what the bot called."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.botapi.call import Call
from tests.botapi.control import Control
from tests.botapi.errors import ApiError
from tests.botapi.server import Server
from tests.botapi.updates import Json
from tests.botapi.users import Group, User
from tests.botapi.webhook import Poster
from tests.botapi.world import DEFAULT_TOKEN, Chat, World


class BotApi:
    """`async with BotApi() as api:` serves `api.base` on a free port until the block ends."""

    def __init__(self, token: str = DEFAULT_TOKEN, port: int = 0, host: str = "127.0.0.1", first_id: int = 0) -> None:
        self.world = World(token, first_id=first_id)
        self._place = (host, port)
        self._runner: web.ServerRunner | None = None
        self._poster: asyncio.Task[None] | None = None
        self.base = ""

    @property
    def token(self) -> str:
        return self.world.token

    async def __aenter__(self) -> Self:
        server = Server(self.world, Control(self).act)
        self._runner = web.ServerRunner(web.Server(server.handle, access_log=None), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, *self._place)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        self._place = (host, port)
        self._poster = asyncio.create_task(Poster(self.world).run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._poster is not None:
            self._poster.cancel()
            await asyncio.wait([self._poster])
        if self._runner is not None:
            await self._runner.cleanup()

    def user(self, user_id: int, name: str = "王女士") -> User:
        """A person; the bot can write to them only after they `start()` or `say()` something."""
        return User(self.world, user_id, name)

    def group(self, chat_id: int, title: str = "主管群", supergroup: bool = False) -> Group:
        """A group that the bot is already in; `chat_id` is negative."""
        chat = self.world.chats.setdefault(chat_id, Chat(chat_id, "supergroup" if supergroup else "group", title))
        return Group(self.world, chat)

    def raw_update(self, update: Json) -> int:
        """Queue any JSON object as an update, however wrong."""
        return self.world.updates.push_raw(update)

    def fault(self, method: str, error: ApiError, times: int = 1, after: int = 0) -> None:
        """The next `times` calls of this method (`*`: of any) fail so, once `after` more have gone well."""
        self.world.faults[method.lower()].extend([*[None] * after, *[error] * times])

    def slow(self, seconds: float) -> None:
        """Every call takes this much longer."""
        self.world.delay = seconds

    def limit(self, on: bool = True) -> None:
        """Switch Telegram's flood limits on or off."""
        self.world.limits.on = on

    @property
    def calls(self) -> list[Call]:
        return list(self.world.calls)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.world.calls if call.method == method.lower()]

    async def until(self, holds: Callable[[], bool], timeout: float = 5.0) -> None:
        """Wait until something holds; looked at after every call and every posted update."""
        await self.world.until(holds, timeout)
