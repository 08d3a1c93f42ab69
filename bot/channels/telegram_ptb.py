"""The Bot API through python-telegram-bot: its bot, its raw requests and its errors, over our own connections.

Its updater, limiter, conversations and persistence are not used: our rows are all that.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from telegram import Bot, InputFile, InputMediaDocument, InputMediaPhoto
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData

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
from bot.channels.telegram_http import Http, Upload, body_of, uploads_of

OFFICIAL = "https://api.telegram.org"
MEDIA: dict[str, type[InputMediaPhoto | InputMediaDocument]] = {
    "photo": InputMediaPhoto,
    "document": InputMediaDocument,
}


class PtbClient:
    """`base` is the address of a self-hosted Bot API server or a proxy; empty for Telegram's own."""

    def __init__(self, token: str, base: str = "") -> None:
        # Without it every RetryAfter warns that its type is going to change.
        os.environ["PTB_TIMEDELTA"] = "true"
        base = base or OFFICIAL
        self._request = KeepAliveRequest(base)
        self.bot_id = int(token.partition(":")[0])
        self._bot = Bot(token, f"{base}/bot", f"{base}/file/bot", self._request, self._request)

    async def ask(self, call: Call, timeout: int = CALL_SECONDS) -> Any:
        fields = _fields(call, await uploads_of(call))
        try:
            # In small letters, which Telegram takes as well: the library warns of names that it has a method for.
            return await self._bot.do_api_request(call.method.lower(), fields, read_timeout=timeout)
        except TelegramError as error:
            raise _meaning(error) from None
        except (KeyError, AttributeError, TypeError) as error:
            # It takes for granted that an answer has the parts it should have.
            raise Unanswered(type(error).__name__) from None

    async def download(self, path: str) -> bytes:
        try:
            return await self._request.retrieve(f"{self._bot.base_file_url}/{path}")
        except TelegramError as error:
            raise _meaning(error) from None

    async def close(self) -> None:
        await self._request.shutdown()


class KeepAliveRequest(BaseRequest):
    """What goes wrong on the way is raised as a `CallFailed`, which the library wraps in a `NetworkError`."""

    def __init__(self, origin: str) -> None:
        self._http = Http(origin)

    @property
    def read_timeout(self) -> float:
        return CALL_SECONDS

    async def initialize(self) -> None:
        """Connections come with the calls."""

    async def shutdown(self) -> None:
        self._http.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if method == "GET" or request_data is None:
            return await self._http.get(url)
        parts = request_data.multipart_data.items()
        files = {name: (file, content) for name, (file, content, _) in parts if isinstance(content, bytes)}
        return await self._http.post(url, body_of(request_data.json_parameters, files), read_timeout)


def _fields(call: Call, uploads: Mapping[str, Upload]) -> dict[str, Any]:
    """As the library wants them: files are fields too, and an album's items are of its own types."""
    fields = {**call.fields, **{name: InputFile(content, file) for name, (file, content) in uploads.items()}}
    if "media" in fields:
        fields["media"] = [MEDIA[item["type"]](item["media"], item.get("caption")) for item in fields["media"]]
    return fields


def _meaning(error: TelegramError) -> CallFailed:
    if isinstance(error.__cause__, CallFailed):
        return error.__cause__
    match error:
        case RetryAfter():
            pause = error.retry_after
            return Flooded(pause.total_seconds() if isinstance(pause, timedelta) else pause)
        case ChatMigrated():
            return MovedTo(error.new_chat_id)
        case Forbidden():
            return Barred(error.message)
        case InvalidToken():
            return UnknownToken(error.message)
        case Conflict():
            return Collided(error.message)
        case BadRequest():
            return Rejected(error.message)
        case NetworkError() if "too large" in error.message.lower():
            return TooLarge(error.message)
        case NetworkError():
            return Troubled(error.message)
        case _:
            return Unanswered(type(error).__name__)


CLIENT = PtbClient
