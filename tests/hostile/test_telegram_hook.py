"""The webhook as anybody on the internet may use it, and as Telegram does: again, at once, and in another order."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import BotApi
from tests.hostile.live import SOON, Live, living

SECRET = "hook_secret-1"
TELEGRAMS_OWN = "149.154.167.220"
COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"


@pytest.fixture(params=["aiogram", "ptb"])
async def hooked(request: pytest.FixtureRequest, tmp_path: Path, api: BotApi) -> AsyncIterator[Live]:
    """Telegram itself cannot reach it: here the tests post."""
    more = {"TELEGRAM_MODE": "webhook", "PUBLIC_URL": "https://127.0.0.1:9", "WEBHOOK_SECRET": SECRET}
    named = {f"HUIXIANG_{name}": value for name, value in more.items()}
    async with living(tmp_path, api, HUIXIANG_TELEGRAM_LIBRARY=request.param, **named) as live:
        await api.until(lambda: bool(api.world.webhook["url"]), timeout=SOON)
        yield live


def taken(api: BotApi) -> list[dict[str, Any]]:
    """The updates that wait, which nobody else is to deliver."""
    updates = list(api.world.updates.pending.values())
    api.world.updates.pending.clear()
    return updates


async def status(live: Live, update: dict[str, Any], secret: str = SECRET, **headers: str) -> int:
    told = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    return (await live.post("/hooks/telegram", update, **told, **headers)).status_code


async def test_who_does_not_know_the_secret_is_nobody_wherever_they_say_they_come_from(hooked: Live) -> None:
    hooked.api.user(1).say(COMPLAINT)
    (update,) = taken(hooked.api)
    forged = {"X-Forwarded-For": TELEGRAMS_OWN, "X-Real-IP": TELEGRAMS_OWN}
    assert [await status(hooked, update, secret, **forged) for secret in ("", "hook_secret-2")] == [401] * 2
    assert hooked.count("SELECT count(*) FROM inbox") == 0
    assert await status(hooked, update, **{"X-Forwarded-For": "203.0.113.9"}) == 200
    assert hooked.count("SELECT count(*) FROM inbox") == 1


async def test_retries_at_once_and_out_of_order_are_each_handled_once(hooked: Live) -> None:
    user = hooked.api.user(1, "王女士")
    for text in (COMPLAINT, "客厅也没拖", "查进度"):
        user.say(text)
    first, second, third = taken(hooked.api)
    assert await status(hooked, first) == 200
    await user.expect("HX", timeout=SOON)
    again = [third, first, second, third, first, second, third, first]
    assert set(await asyncio.gather(*(status(hooked, update) for update in again))) == {200}
    await hooked.settled()

    assert hooked.count("SELECT count(*) FROM inbox WHERE source = 'telegram'") == 3
    assert hooked.count("SELECT count(*) FROM cases") == 1
