"""The bot's token is revoked, and renewed at @BotFather: what people wrote and what we owe waits for the new one."""

import asyncio
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.hostile.live import SOON, Live, living, opened

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
MESSAGE = "11111111-2222-4333-8444-555555555555"
NEW_TOKEN = "4242424242:AARenewedTokenOnlyForTests123456789"
PAUSE = 90.0
"""What met a token that Telegram does not know is tried again after a minute."""


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("library", ["aiogram", "ptb"])
async def test_nothing_is_lost_and_the_pages_go_on(tmp_path: Path, api: BotApi, library: str) -> None:
    async with living(tmp_path, api, HUIXIANG_TELEGRAM_LIBRARY=library) as live:
        supervisor = await live.staff(1, "supervisor", "陈主管")
        await live.settled()
        api.world.token = NEW_TOKEN
        api.world.updates.interrupt("the token is another")
        customer = api.user(2, "王女士")
        customer.say(COMPLAINT)
        async with opened(live.url) as page:
            await page.send(t="send", id=MESSAGE, text=COMPLAINT)
            await page.until("HX")
        await until_told(live)
        assert live.count("SELECT count(*) FROM outbox WHERE channel = 'telegram' AND state <> 'sent'") >= 1
    async with living(tmp_path, api, HUIXIANG_TELEGRAM_LIBRARY=library) as live:
        await customer.expect("HX", timeout=SOON)
        await supervisor.expect("HX", timeout=PAUSE)
        assert live.count("SELECT count(*) FROM cases") == 2
        assert live.count("SELECT count(*) FROM outbox WHERE state IN ('dead', 'unknown')") == 0
    assert sum("HX" in message.text for message in customer.inbox) == 1


async def until_told(live: Live) -> None:
    """A monitor sees it, and that people are served all the same."""
    async with asyncio.timeout(SOON):
        while (ready := (await live.get("/readyz")).json())["channels"]["telegram"]["ok"]:
            await asyncio.sleep(0.1)
    assert ready["ok"]
    assert ready["degraded"]
