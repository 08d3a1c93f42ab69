"""The Bot API through aiogram: its bot, its addresses and its errors, over our own connections."""

import json
from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.channels.telegram_client import (
    CALL_SECONDS,
    Barred,
    Call,
    CallFailed,
    Collided,
    Flooded,
    MovedTo,
    Rejected,
    TooLarge,
    Troubled,
    Unanswered,
    UnknownToken,
)
from bot.channels.telegram_http import Http, body_of, uploads_of


class RawMethod(TelegramMethod[Any]):
    """What aiogram knows of a call of ours. Its result stays as it came, so that each update can be read alone."""

    __returning__ = Any
    __api_method__ = "raw"


class AiogramClient:
    """`base` is the address of a self-hosted Bot API server or a proxy; empty for Telegram's own."""

    def __init__(self, token: str, base: str = "") -> None:
        self._session = KeepAliveSession(TelegramAPIServer.from_base(base) if base else PRODUCTION)
        self._bot = Bot(token, session=self._session)

    @property
    def bot_id(self) -> int:
        return self._bot.id

    async def ask(self, call: Call, timeout: int = CALL_SECONDS) -> Any:
        try:
            return await self._session.ask(self._bot, call, timeout)
        except AiogramError as error:
            raise _meaning(error) from None

    async def download(self, path: str) -> bytes:
        content = BytesIO()
        await self._bot.download_file(path, content)
        return content.getvalue()

    async def close(self) -> None:
        await self._session.close()


class KeepAliveSession(BaseSession):
    """`ask` leaves out aiogram's own objects for each call and answer; they cost more than the call."""

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api)
        self._http = Http(api.base)

    async def ask(self, bot: Bot, call: Call, timeout: int) -> Any:
        body = body_of(call.fields, await uploads_of(call))
        status, content = await self._http.post(self.api.api_url(bot.token, call.method), body, timeout)
        try:
            answer = json.loads(content)
        except ValueError:
            raise Unanswered("no json") from None
        if answer.get("ok") is True:
            return answer.get("result")
        text = json.dumps({**answer, "description": str(answer.get("description", ""))})
        return self.check_response(bot, RawMethod(), status, text).result

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """aiogram's own calls are not made here: ours go by `ask`."""
        raise NotImplementedError(method.__api_method__)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """In one piece: nothing we take is larger than a photo."""
        yield (await self._http.get(url))[1]

    async def close(self) -> None:
        self._http.close()


def _meaning(error: AiogramError) -> CallFailed:
    match error:
        case TelegramRetryAfter():
            return Flooded(error.retry_after)
        case TelegramMigrateToChat():
            return MovedTo(error.migrate_to_chat_id)
        case TelegramForbiddenError():
            return Barred(error.message)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return UnknownToken(error.message)
        case TelegramConflictError():
            return Collided(error.message)
        case TelegramEntityTooLarge():
            return TooLarge(error.message)
        case TelegramServerError():
            return Troubled(error.message)
        case TelegramAPIError():
            return Rejected(error.message)
        case _:
            return Unanswered(type(error).__name__)


CLIENT = AiogramClient
