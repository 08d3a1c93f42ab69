"""Updates come in whole, once, in order, whatever fails: against the emulated Bot API."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_client import Call, Flooded
from bot.channels.telegram_ingest import Intake, Patience, Poller, diagnose
from bot.channels.telegram_library import connect
from domain.channel import Accept
from domain.errors import Busy, Invalid, NotFound, SettingsError
from domain.events import ButtonTapped, ChatClosed, ChatStarted, Incoming, MessageCame, Unreadable
from tests.botapi import BotApi, conflict, cut_before, server_error, too_many, unauthorized


class Inbox:
    """Keeps each (source, key) once, like the real one; `failures` times it refuses the whole batch."""

    def __init__(self, failures: int = 0) -> None:
        self.kept: dict[tuple[str, str], Incoming] = {}
        self.batches: list[int] = []
        self.failures = failures
        self.refused = 0
        self._changed = asyncio.Event()

    async def accept(self, batch: Sequence[Incoming]) -> None:
        if self.failures:
            self.failures -= 1
            self.refused += 1
            raise Busy
        self.batches.append(len(batch))
        for incoming in batch:
            self.kept.setdefault((incoming.source, incoming.key), incoming)
        self._changed.set()

    @property
    def events(self) -> list[object]:
        return [incoming.event for incoming in self.kept.values()]

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, MessageCame)]

    async def holds(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.kept) < count:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


Running = Callable[..., AbstractAsyncContextManager[TelegramChannel]]


@pytest.fixture
def running(api: BotApi, library: str) -> Running:
    """Starts a channel over each library in turn, and stops it."""

    @asynccontextmanager
    async def run(accept: Accept, **settings: Any) -> AsyncIterator[TelegramChannel]:
        quick = Patience(first=0.01, longest=0.05)
        channel = TelegramChannel(connect(library, api.token, api.base), Path, patience=quick, **settings)
        await channel.start(accept)
        try:
            yield channel
        finally:
            await channel.stop()

    return run


async def unwell(channel: TelegramChannel, word: str) -> None:
    async with asyncio.timeout(5):
        while word not in (await channel.health()).detail:
            await asyncio.sleep(0.005)


async def healthy(channel: TelegramChannel) -> None:
    async with asyncio.timeout(5):
        while not (await channel.health()).ok:
            await asyncio.sleep(0.005)


async def test_what_waited_comes_in_one_batch_and_then_one_by_one(api: BotApi, inbox: Inbox, running: Running) -> None:
    user = api.user(7)
    user.start("ord_1")
    user.say("厨房没擦")
    async with running(inbox.accept):
        await inbox.holds(2)
        assert inbox.batches == [2]
        user.sticker()
        await inbox.holds(3)
    assert isinstance(inbox.events[0], ChatStarted)
    assert inbox.texts == ["厨房没擦", ""]


async def test_more_than_a_page_comes_in_order(api: BotApi, inbox: Inbox, running: Running) -> None:
    user = api.user(7)
    for number in range(250):
        user.say(str(number))
    async with running(inbox.accept):
        await inbox.holds(250)
    assert inbox.texts == [str(number) for number in range(250)]
    assert inbox.batches == [100, 100, 50]


async def test_nothing_is_confirmed_before_it_is_stored(api: BotApi, running: Running) -> None:
    inbox = Inbox(failures=3)
    api.user(7).say("在吗")
    async with running(inbox.accept):
        await inbox.holds(1)
    assert inbox.refused == 3
    assert inbox.texts == ["在吗"]


async def test_a_process_that_dies_before_storing_loses_nothing(api: BotApi, inbox: Inbox, running: Running) -> None:
    dying = Inbox(failures=1_000)
    api.user(7).say("第一句")
    api.user(8).say("第二句")
    async with running(dying.accept):
        await api.until(lambda: dying.refused > 1)
    async with running(inbox.accept):
        await inbox.holds(2)
    assert inbox.texts == ["第一句", "第二句"]


async def test_a_process_that_dies_after_storing_doubles_nothing(api: BotApi, inbox: Inbox, running: Running) -> None:
    async def stored_then_died(batch: Sequence[Incoming]) -> None:
        await inbox.accept(batch)
        raise ConnectionError("the process is gone before the offset moved")

    api.user(7).say("在吗")
    async with running(stored_then_died):
        await inbox.holds(1)
    api.user(7).say("还在吗")
    async with running(inbox.accept):
        await inbox.holds(2)
    assert inbox.texts == ["在吗", "还在吗"]


async def test_malformed_updates_among_good_ones_stop_nobody(api: BotApi, inbox: Inbox, running: Running) -> None:
    api.user(7).say("一")
    api.raw_update({"message": {"message_id": "x"}})
    api.raw_update({"update_id": "不是数字", "message": 3})
    api.raw_update({"callback_query": "什么"})
    api.user(7).say("二")
    async with running(inbox.accept):
        await inbox.holds(5)
        await api.until(lambda: not api.world.updates.pending)
    assert [type(event) for event in inbox.events] == [MessageCame, Unreadable, Unreadable, Unreadable, MessageCame]


async def test_an_update_that_cannot_even_be_confirmed_is_kept_once(
    api: BotApi, inbox: Inbox, running: Running
) -> None:
    api.raw_update({"update_id": "不是数字"})
    async with running(inbox.accept) as channel:
        await unwell(channel, "receiving")
        api.user(7).say("二")
        await inbox.holds(2)
    assert inbox.texts == ["二"]


async def test_ids_that_start_anew_after_a_quiet_week_lose_nothing(inbox: Inbox) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "王"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": person, "text": "在吗"}
    pages = [[{"update_id": 900, "message": message}], [], [{"update_id": 5, "message": {**message, "date": 2}}]]
    offsets: list[int | None] = []

    class Pages:
        async def ask(self, call: Call, timeout: int = 30) -> Any:
            if call.method != "getUpdates":
                return {"url": ""}
            offsets.append(call.fields.get("offset"))
            return pages[len(offsets) - 1] if len(offsets) <= len(pages) else await asyncio.Event().wait()

    poller = Poller(Pages(), Intake(4242, inbox.accept, lambda query: None), lambda trouble: None, Patience())
    running = asyncio.create_task(poller.run())
    await inbox.holds(2)
    await asyncio.sleep(0)
    poller.stop()
    await running
    assert offsets == [None, 901, None, 6]


async def test_lower_ids_than_before_are_taken_as_well(api: BotApi, inbox: Inbox, running: Running) -> None:
    async with running(inbox.accept):
        api.user(7).say("之前")
        await api.until(lambda: bool(inbox.texts) and api.world.updates.polled and not api.world.updates.pending)
        api.world.updates.skip_to(5)
        for text in ("之后一", "之后二"):
            api.user(7).say(text)
            await api.until(lambda: not api.world.updates.pending)
    assert inbox.texts == ["之前", "之后一", "之后二"]


async def test_the_parts_of_an_album_share_a_group(api: BotApi, inbox: Inbox, png: bytes, running: Running) -> None:
    api.user(7).send_album([png] * 3, caption="三处都没擦")
    api.user(7).send_photo(png)
    async with running(inbox.accept):
        await inbox.holds(4)
    groups = [incoming.group for incoming in inbox.kept.values()]
    assert groups[0]
    assert groups == [groups[0]] * 3 + [""]
    assert inbox.texts == ["三处都没擦", "", "", ""]


async def test_edits_come_as_edits(api: BotApi, inbox: Inbox, running: Running) -> None:
    user = api.user(7)
    said = user.say("厨房")
    user.edit(said, "卫生间")
    async with running(inbox.accept):
        await inbox.holds(2)
    edits = [(event.text, event.edited) for event in inbox.events if isinstance(event, MessageCame)]
    assert edits == [("厨房", False), ("卫生间", True)]


async def test_a_press_is_answered_after_it_is_stored_and_an_old_one_harms_nothing(
    api: BotApi, inbox: Inbox, running: Running
) -> None:
    user = api.user(7)
    user.start()
    keyboard = {"inline_keyboard": [[{"text": "接单", "callback_data": "t9.0"}]]}
    shown = api.world.speak(user.chat, {"text": "新投诉", "reply_markup": keyboard})["message_id"]
    async with running(inbox.accept):
        query = user.tap(shown, "接单")
        await api.until(lambda: api.world.queries[query].answered)
        api.world.query_seconds = 0
        user.tap(shown, "接单")
        await inbox.holds(3)
        user.say("还在")
        await inbox.holds(4)
    taps = [event for event in inbox.events if isinstance(event, ButtonTapped)]
    assert [(tap.button, tap.label) for tap in taps] == [("t9.0", "接单")] * 2


async def test_a_slow_answer_to_a_press_does_not_hold_up_messages(api: BotApi, inbox: Inbox, running: Running) -> None:
    user = api.user(7)
    user.start()
    keyboard = {"inline_keyboard": [[{"text": "接单", "callback_data": "t9.0"}]]}
    shown = api.world.speak(user.chat, {"text": "新投诉", "reply_markup": keyboard})["message_id"]
    api.fault("answerCallbackQuery", server_error(), times=100)
    async with running(inbox.accept):
        for _ in range(20):
            user.tap(shown, 0)
        user.say("在吗")
        await inbox.holds(22)


async def test_blocking_the_bot_closes_the_chat(api: BotApi, inbox: Inbox, running: Running) -> None:
    user = api.user(7)
    user.start()
    user.block()
    async with running(inbox.accept):
        await inbox.holds(2)
    assert isinstance(inbox.events[1], ChatClosed)


async def test_a_second_poller_is_explained_and_waited_for(api: BotApi, inbox: Inbox, running: Running) -> None:
    api.fault("getUpdates", conflict("terminated by other getUpdates request; make sure that…"), times=3)
    async with running(inbox.accept) as channel:
        await unwell(channel, "another process is polling with the same token")
        api.user(7).say("在吗")
        await inbox.holds(1)
        await healthy(channel)
    assert inbox.texts == ["在吗"]


async def test_two_channels_on_one_token_lose_and_double_nothing(api: BotApi, inbox: Inbox, running: Running) -> None:
    async with running(inbox.accept), running(inbox.accept):
        for number in range(20):
            api.user(7).say(str(number))
            await inbox.holds(number + 1)
    assert inbox.texts == [str(number) for number in range(20)]


async def test_polling_removes_a_webhook_but_not_what_waits(api: BotApi, inbox: Inbox, running: Running) -> None:
    api.world.webhook = {"url": "https://old.example.com/hook"}
    api.user(7).say("之前的")
    async with running(inbox.accept):
        await inbox.holds(1)
    assert api.called("deleteWebhook")[0].flag("drop_pending_updates") is False


async def test_a_webhook_set_meanwhile_is_explained_and_costs_nothing(
    api: BotApi, inbox: Inbox, running: Running
) -> None:
    async with running(inbox.accept) as channel:
        await api.until(lambda: api.world.updates.polled)
        api.world.webhook = {"url": "https://elsewhere.example.com/hook"}
        api.world.updates.interrupt("Conflict")
        await unwell(channel, "a webhook was set for this bot by someone else")
        api.user(7).say("其间的")
        api.world.webhook = {"url": ""}
        await inbox.holds(1)
        await healthy(channel)
    assert inbox.texts == ["其间的"]
    assert not api.called("deleteWebhook")


async def test_a_pause_that_telegram_asks_for_is_kept() -> None:
    assert diagnose(Flooded(35), 0.5) == (35, "Telegram asks for a pause")
    assert diagnose(Flooded(1), 30)[0] == 30


@pytest.mark.parametrize("error", [too_many(1), server_error(), cut_before()])
async def test_a_failed_poll_is_tried_again(api: BotApi, inbox: Inbox, error: Any, running: Running) -> None:
    api.fault("getUpdates", error)
    api.user(7).say("在吗")
    async with running(inbox.accept):
        await inbox.holds(1)


async def test_a_wrong_token_shows_in_health_and_not_in_the_log(
    api: BotApi, inbox: Inbox, capsys: pytest.CaptureFixture[str], running: Running
) -> None:
    api.fault("*", unauthorized(), times=5)
    async with running(inbox.accept) as channel:
        await unwell(channel, "does not know this token")
        assert not (await channel.health()).ok
    shown = capsys.readouterr()
    assert "does not know this token" in shown.out + shown.err
    assert api.token.split(":")[1] not in shown.out + shown.err


async def test_stop_returns_at_once_while_polling(api: BotApi, inbox: Inbox, running: Running) -> None:
    async with asyncio.timeout(2):
        async with running(inbox.accept):
            await api.until(lambda: api.world.updates.polled)


async def test_stop_lets_the_batch_being_stored_finish(api: BotApi, inbox: Inbox, running: Running) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def slow(batch: Sequence[Incoming]) -> None:
        entered.set()
        await go_on.wait()
        await inbox.accept(batch)

    api.user(7).say("在吗")
    async with running(slow) as channel:
        await entered.wait()
        stopping = asyncio.create_task(channel.stop())
        await asyncio.sleep(0)
        go_on.set()
        await stopping
    assert inbox.texts == ["在吗"]


async def test_healthy_and_linkable_once_introduced(api: BotApi, inbox: Inbox, running: Running) -> None:
    async with running(inbox.accept) as channel:
        async with asyncio.timeout(5):
            while not channel.link("x"):
                await asyncio.sleep(0.005)
        assert channel.link("ord_1") == "https://t.me/huixiang_test_bot?start=ord_1"
        assert channel.link("") == "https://t.me/huixiang_test_bot"
        await healthy(channel)


async def test_a_voice_is_fetched_up_to_20_mb(api: BotApi, inbox: Inbox, running: Running) -> None:
    user = api.user(7)
    user.send_voice(b"OggS" + bytes(3_000_000))
    user.send_voice(bytes(20 * 1024 * 1024 + 1))
    async with running(inbox.accept) as channel:
        await inbox.holds(2)
        small, large = [event.attachments[0] for event in inbox.events if isinstance(event, MessageCame)]
        assert (small.kind, small.remote, small.size) == ("voice", True, 3_000_004)
        assert await channel.fetch(small.file) == b"OggS" + bytes(3_000_000)
        with pytest.raises(Invalid):
            await channel.fetch(large.file)
        with pytest.raises(NotFound):
            await channel.fetch("AgAC-unknown")
        api.fault("getFile", server_error())
        with pytest.raises(Busy):
            await channel.fetch(small.file)


@asynccontextmanager
async def mounted(channel: Callable[[], TelegramChannel]) -> AsyncIterator[str]:
    """The channel's webhook behind a real HTTP server; yields its address."""

    async def handle(request: web.BaseRequest) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        return web.Response(status=await channel().webhook(secret, await request.read()))

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/telegram"
    await runner.cleanup()


async def test_webhook_mode_end_to_end_survives_a_full_inbox(api: BotApi, running: Running) -> None:
    inbox, channels = Inbox(failures=2), list[TelegramChannel]()
    api.user(7).say("设置之前")
    async with (
        mounted(lambda: channels[0]) as url,
        running(inbox.accept, mode="webhook", webhook_url=url, secret="s_1") as channel,
    ):
        channels.append(channel)
        await inbox.holds(1)
        api.user(7).say("设置之后")
        await inbox.holds(2)
        await api.until(lambda: not api.world.updates.pending)
        await healthy(channel)
    assert inbox.texts == ["设置之前", "设置之后"]
    assert inbox.refused == 2
    assert api.called("setWebhook")[0].flag("drop_pending_updates") is False


async def test_a_webhook_taken_away_by_a_stray_poller_is_set_again_and_nothing_is_lost(
    api: BotApi, inbox: Inbox, running: Running
) -> None:
    channels = list[TelegramChannel]()
    async with (
        mounted(lambda: channels[0]) as url,
        running(inbox.accept, mode="webhook", webhook_url=url, secret="s_1", look=0.02) as channel,
    ):
        channels.append(channel)
        await healthy(channel)
        api.world.webhook = {"url": ""}
        api.user(7).say("其间的")
        await inbox.holds(1)
        await healthy(channel)
    assert inbox.texts == ["其间的"]
    assert [call.flag("drop_pending_updates") for call in api.called("setWebhook")] == [False, False]


async def test_the_webhook_of_another_address_is_told_of_and_not_fought_over(
    api: BotApi, inbox: Inbox, running: Running
) -> None:
    async with running(inbox.accept, **HOOK, look=0.02) as channel:
        await healthy(channel)
        api.world.webhook = {"url": "https://elsewhere.example.com/telegram"}
        await unwell(channel, "another address is set")
        assert len(api.called("setWebhook")) == 1
        api.world.webhook = {"url": HOOK["webhook_url"]}
        await healthy(channel)


async def test_an_address_where_telegram_cannot_post_is_told_of_until_it_can(
    api: BotApi, inbox: Inbox, running: Running
) -> None:
    nobody = {"mode": "webhook", "webhook_url": "http://127.0.0.1:9/telegram", "secret": "s_1"}
    async with running(inbox.accept, **nobody, look=0.02) as channel:
        await healthy(channel)
        api.user(7).say("在吗")
        await unwell(channel, "Telegram cannot post to the webhook")
        api.world.updates.pending.clear()
        await healthy(channel)


HOOK = {"mode": "webhook", "webhook_url": "https://example.com/telegram", "secret": "s_1"}


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        ("s_1", b'{"update_id": 1}', 200),
        ("", b'{"update_id": 1}', 401),
        ("s_2", b'{"update_id": 1}', 401),
        ("密码", b'{"update_id": 1}', 401),
        ("s_1", b"{", 200),
        ("s_1", b"\xff\xfe", 200),
        ("s_1", b"[" * 100_000, 200),
        ("s_1", b"null", 200),
    ],
)
async def test_webhook_checks_the_secret_and_keeps_what_it_cannot_read(
    api: BotApi, inbox: Inbox, secret: str, body: bytes, status: int, running: Running
) -> None:
    async with running(inbox.accept, **HOOK) as channel:
        assert await channel.webhook(secret, body) == status
    unreadable = status == 200 and b"update_id" not in body
    assert [type(event) for event in inbox.events] == [Unreadable] * unreadable


async def test_webhook_says_503_when_nothing_can_be_stored(api: BotApi, running: Running) -> None:
    inbox = Inbox(failures=1)
    async with running(inbox.accept, **HOOK) as channel:
        assert await channel.webhook("s_1", b"{") == 503
        assert await channel.webhook("s_1", b"{") == 200
    assert await channel.webhook("s_1", b"{") == 503


@pytest.mark.parametrize(
    "settings",
    [
        {"webhook_url": "", "secret": "s_1"},
        {"webhook_url": "https://example.com/t", "secret": ""},
        {"webhook_url": "https://example.com/t", "secret": "有 空格"},
    ],
)
def test_settings_that_cannot_work_are_named(api: BotApi, library: str, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="HUIXIANG_"):
        TelegramChannel(connect(library, api.token), Path, mode="webhook", **settings)
