"""The emulator started for one test, and a bare client for it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi

Ask = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


@pytest.fixture
async def ask(api: BotApi) -> AsyncIterator[Ask]:
    """`await ask("sendMessage", chat_id=1, text="…")` → Telegram's JSON answer; `_token` for another token."""
    async with aiohttp.ClientSession() as http:

        async def call(method: str, *, _token: str = "", **params: Any) -> dict[str, Any]:
            async with http.post(f"{api.base}/bot{_token or api.token}/{method}", json=params) as answer:
                body: dict[str, Any] = await answer.json()
                assert body["ok"] is (answer.status == 200)
                return body

        yield call
