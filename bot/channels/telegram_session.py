"""Carries calls to the Bot API over a few kept-alive connections, and tells "never arrived" from "perhaps arrived".

aiogram's own session sends forms and parses every answer into its types; we need a few ids of an answer, so
`ask` returns plain JSON, which doubles the messages we can send a second.
"""

from collections.abc import AsyncGenerator
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramServerError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    TCPConnector,
)

CONNECT_SECONDS = 10
CALL_SECONDS = 30.0
CONNECTIONS = 100
_JSON = {"Content-Type": "application/json"}


class NotReached(TelegramNetworkError):
    """No connection came about, so the call was certainly not made."""


class KeepAliveSession(BaseSession):
    """`base` is the address of a self-hosted Bot API server or a proxy; empty for Telegram's own."""

    def __init__(self, base: str = "", timeout: float = CALL_SECONDS) -> None:
        super().__init__(api=TelegramAPIServer.from_base(base) if base else PRODUCTION, timeout=timeout)
        self._http: ClientSession | None = None
        self._closed = False

    async def ask(self, bot: Bot, method: TelegramMethod[Any], timeout: float | None = None) -> Any:
        """The result as plain JSON; raises aiogram's errors, and `NotReached`."""
        status, text = await self._post(bot, method, timeout)
        try:
            answer = self.json_loads(text)
        except ValueError:
            answer = None
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        return self._refused(bot, method, status, text)

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """What `await bot(method)` comes down to: the result in aiogram's types."""
        status, text = await self._post(bot, method, timeout)
        return cast(TelegramType, self._refused(bot, method, status, text))

    def _refused(self, bot: Bot, method: TelegramMethod[Any], status: int, text: str) -> Any:
        if status >= 500 and not text.lstrip().startswith("{"):
            # Telegram's front servers answer with an HTML page when what is behind them is down.
            raise TelegramServerError(method, f"HTTP {status}")
        return self.check_response(bot, method, status, text).result

    async def _post(self, bot: Bot, method: TelegramMethod[Any], timeout: float | None) -> tuple[int, str]:
        if self._closed:
            raise NotReached(method, "closed")
        url = self.api.api_url(bot.token, method.__api_method__)
        limit = ClientTimeout(total=timeout or self.timeout, sock_connect=CONNECT_SECONDS)
        # The chained error may quote the address, and with it the token: only its type goes on.
        try:
            async with self._pool().post(url, timeout=limit, **self._body(bot, method)) as answer:
                return answer.status, await answer.text(errors="replace")
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotReached(method, type(error).__name__) from None
        except (ClientError, TimeoutError, OSError) as error:
            raise TelegramNetworkError(method, type(error).__name__) from None

    def _pool(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(connector=TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300))
        return self._http

    def _body(self, bot: Bot, method: TelegramMethod[Any]) -> dict[str, Any]:
        files: dict[str, InputFile] = {}
        fields = self.prepare_value(method.model_dump(warnings=False, exclude_none=True), bot, files, _dumps_json=False)
        if not files:
            return {"data": self.json_dumps(fields).encode(), "headers": _JSON}
        form = FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else self.json_dumps(value))
        for name, file in files.items():
            form.add_field(name, file.read(bot), filename=file.filename or name)
        return {"data": form}

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        limit = ClientTimeout(total=timeout, sock_connect=CONNECT_SECONDS)
        async with self._pool().get(url, timeout=limit, headers=headers, raise_for_status=raise_for_status) as answer:
            async for chunk in answer.content.iter_chunked(chunk_size):
                yield chunk

    async def close(self) -> None:
        self._closed = True
        if self._http is not None:
            await self._http.close()
