"""The emulator's queue of updates: offsets, conflicts, webhook, people, and the same control over HTTP."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.botapi import BotApi
from tests.botapi.conftest import Ask


async def test_updates_stay_until_a_higher_offset_confirms_them(api: BotApi, ask: Ask) -> None:
    user = api.user(7)
    user.say("一")
    user.say("二")
    first = (await ask("getUpdates"))["result"]
    assert [update["message"]["text"] for update in first] == ["一", "二"]
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert (await ask("getUpdates"))["result"] == first
    rest = (await ask("getUpdates", offset=first[1]["update_id"]))["result"]
    assert rest == first[1:]
    assert (await ask("getUpdates", offset=first[1]["update_id"] + 1))["result"] == []


async def test_a_page_has_at_most_100_and_a_negative_offset_takes_the_last(api: BotApi, ask: Ask) -> None:
    user = api.user(7)
    for number in range(130):
        user.say(str(number))
    assert len((await ask("getUpdates", limit=1000))["result"]) == 100
    assert [one["message"]["text"] for one in (await ask("getUpdates", offset=-1))["result"]] == ["129"]
    assert len(api.world.updates.pending) == 1


async def test_a_long_poll_returns_when_something_comes(api: BotApi, ask: Ask) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=30))
    while not api.world.updates.polled:
        await asyncio.sleep(0)
    api.user(7).say("在吗")
    assert (await poll)["result"][0]["message"]["text"] == "在吗"


async def test_a_second_poller_ends_the_first(api: BotApi, ask: Ask) -> None:
    first = asyncio.create_task(ask("getUpdates", timeout=30))
    while not api.world.updates.polled:
        await asyncio.sleep(0)
    second = asyncio.create_task(ask("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]
    api.user(7).say("在吗")
    assert len((await second)["result"]) == 1


@pytest.fixture
async def hook() -> AsyncIterator["Hook"]:
    hook = Hook()
    runner = web.ServerRunner(web.Server(hook.handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    hook.url = f"http://{host}:{port}/hook"
    yield hook
    await runner.cleanup()


class Hook:
    """A webhook that takes what its `statuses` say, then everything."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.got: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.got.append(await request.json())
        return web.Response(status=status)


async def test_the_webhook_gets_every_update_in_order_until_it_takes_it(api: BotApi, ask: Ask, hook: Hook) -> None:
    hook.statuses = [503, 500]
    api.user(7).say("设置之前")
    assert (await ask("setWebhook", url=hook.url, secret_token="s-1"))["result"] is True
    api.user(7).say("设置之后")
    await api.until(lambda: len(hook.got) == 2)
    assert [update["message"]["text"] for update in hook.got] == ["设置之前", "设置之后"]
    assert hook.secrets == {"s-1"}
    info = (await ask("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == (hook.url, 0)
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_polling_and_webhook_exclude_each_other(api: BotApi, ask: Ask, hook: Hook) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=30))
    while not api.world.updates.polled:
        await asyncio.sleep(0)
    await ask("setWebhook", url=hook.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert "webhook is active" in (await ask("getUpdates"))["description"]
    await ask("deleteWebhook")
    assert (await ask("getUpdates"))["result"] == []


async def test_a_webhook_must_be_https_and_its_secret_plain(ask: Ask) -> None:
    answer = await ask("setWebhook", url="http://example.com/hook")
    assert answer["description"] == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    answer = await ask("setWebhook", url="https://example.com/hook", secret_token="密码")
    assert answer["description"] == "Bad Request: secret token contains unallowed characters"


async def test_ids_may_start_anew_and_raw_updates_may_be_anything(api: BotApi, ask: Ask) -> None:
    api.user(7).say("一")
    api.world.updates.skip_to(5)
    api.user(7).say("二")
    api.raw_update({"message": "不是对象"})
    updates = (await ask("getUpdates"))["result"]
    assert [update["update_id"] for update in updates[1:]] == [5, 6]
    assert updates[2]["message"] == "不是对象"


async def test_a_person_sees_taps_edits_and_waits(api: BotApi, ask: Ask) -> None:
    user = api.user(7)
    said = user.say("厨房没擦干净")
    keyboard = {
        "inline_keyboard": [[{"text": "是的", "callback_data": "t.0"}, {"text": "不是", "callback_data": "t.1"}]]
    }
    await ask("sendMessage", chat_id=7, text="您是说厨房吗？", reply_markup=keyboard)
    message = await user.expect("厨房")
    assert message.labels == ["是的", "不是"]
    user.tap(message, "不是")
    user.edit(said, "卫生间没擦干净")
    user.reply(message, "是卫生间")
    updates = (await ask("getUpdates"))["result"]
    assert updates[1]["callback_query"]["data"] == "t.1"
    assert updates[2]["edited_message"]["text"] == "卫生间没擦干净"
    assert updates[3]["message"]["reply_to_message"]["message_id"] == message.id
    with pytest.raises(AssertionError, match="no message"):
        await user.expect(timeout=0.01)


async def test_another_process_drives_it_over_http(api: BotApi, ask: Ask) -> None:
    async with aiohttp.ClientSession() as http:

        async def control(action: str, **args: Any) -> Any:
            async with http.post(f"{api.base}/control/{action}", json=args) as answer:
                assert answer.status == 200
                return (await answer.json())["result"]

        await control("say", user=7, name="王女士", text="在吗")
        await control("send_voice", user=7, data=base64.b64encode(b"OggS").decode())
        await ask("sendMessage", chat_id=7, text="您好")
        assert (await control("expect", user=7, containing="您好"))["text"] == "您好"
        await control("fault", method="getMe", code=429, description="Too Many Requests: retry after 3",
                      parameters={"retry_after": 3})  # fmt: skip
        assert (await ask("getMe"))["parameters"] == {"retry_after": 3}
        await control("raw_update", update={"message": 1})
        stats = await control("stats")
        assert (stats["pending"], stats["polled"]) == (3, False)
        assert [call["method"] for call in await control("calls")] == ["sendmessage", "getme"]
        assert (await ask("getUpdates"))["result"][0]["message"]["from"]["first_name"] == "王女士"


async def test_load_counts_answers_and_their_time(api: BotApi, ask: Ask) -> None:
    async def echo() -> None:
        offset = 0
        while True:
            for update in (await ask("getUpdates", offset=offset, timeout=5))["result"]:
                offset = update["update_id"] + 1
                await ask("sendMessage", chat_id=update["message"]["chat"]["id"], text="收到")

    bot = asyncio.create_task(echo())
    async with aiohttp.ClientSession() as http:
        for rate in (0, 400):
            body = {"messages": 20, "people": 4, "rate": rate}
            async with http.post(f"{api.base}/control/load", json=body) as answer:
                report = (await answer.json())["result"]
            assert report["answered"] == 20
            assert 0 < report["p50_ms"] <= report["p99_ms"]
    bot.cancel()
