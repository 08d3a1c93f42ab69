"""Messages go out whole, and every way it can go wrong has its honest outcome."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_compose import compose
from bot.channels.telegram_library import connect
from bot.channels.telegram_text import units
from domain.channel import Button, Gone, Moved, Outcome, Outgoing, Refused, Sent, TryLater, Unsure
from domain.errors import NotFound
from domain.events import Attachment
from tests.botapi import ApiError, BotApi, User, bad, cut_after, forbidden, server_error, too_many, unauthorized

TOKEN = "42:" + "A" * 35
YES_NO = ((Button("是的", "t9.0"), Button("不是", "t9.1")),)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


@pytest.fixture
async def channel(api: BotApi, library: str, tmp_path: Path) -> AsyncIterator[TelegramChannel]:
    made = TelegramChannel(connect(library, api.token, api.base), tmp_path.joinpath)
    yield made
    await made.stop()


@pytest.fixture
def user(api: BotApi) -> User:
    person = api.user(7, "王女士")
    person.start()
    return person


def message(text: str = "您好", **fields: Any) -> Outgoing:
    return Outgoing(**{"id": 1, "chat": "7", "text": text, **fields})


async def test_text_and_buttons_arrive_and_come_back(channel: TelegramChannel, user: User) -> None:
    outcome = await channel.send(message("您是说厨房吗？", buttons=YES_NO))
    shown = user.inbox[0]
    assert outcome == Sent(str(shown.id))
    assert (shown.text, shown.labels) == ("您是说厨房吗？", ["是的", "不是"])
    assert shown.button("不是")["callback_data"] == "t9.1"


@pytest.mark.parametrize("text", ["<b>王</i> & Co", "*加粗_ [x](", "a_b*c`d", "价格 <100 元", "&lt;"])
async def test_markup_in_texts_is_only_text(channel: TelegramChannel, user: User, text: str) -> None:
    assert isinstance(await channel.send(message(text)), Sent)
    assert user.inbox[0].text == text


async def test_what_cannot_be_encoded_is_left_out(channel: TelegramChannel, user: User) -> None:
    buttons = ((Button("好\ud83d", "t.0"),),)
    assert isinstance(await channel.send(message("油\x00污\ud83d", buttons=buttons)), Sent)
    assert (user.inbox[0].text, user.inbox[0].labels) == ("油污", ["好"])


async def test_a_long_text_is_split_with_the_buttons_under_the_last_part(channel: TelegramChannel, user: User) -> None:
    text = "这一句有十个字左右。" * 1000
    outcome = await channel.send(message(text, buttons=YES_NO))
    parts = user.inbox
    assert "".join(part.text for part in parts) == text
    assert all(units(part.text) <= 4096 and part.text.endswith("。") for part in parts)
    assert [bool(part.labels) for part in parts] == [False, False, True]
    assert outcome == Sent(str(parts[-1].id))


async def test_4096_emoji_pass(channel: TelegramChannel, user: User) -> None:
    assert isinstance(await channel.send(message("😡" * 4096)), Sent)
    assert "".join(part.text for part in user.inbox) == "😡" * 4096


async def test_an_answer_hangs_on_its_message_or_goes_without_when_that_is_gone(
    channel: TelegramChannel, user: User
) -> None:
    said = user.say("厨房没擦")
    await channel.send(message("已登记", reply_to=str(said["message_id"])))
    await channel.send(message("已登记", id=2, reply_to="99999"))
    await channel.send(message("已登记", id=3, reply_to="来自网页"))
    answered = [shown.raw.get("reply_to_message", {}).get("message_id") for shown in user.inbox]
    assert answered == [said["message_id"], None, None]


async def test_silent_messages_say_so(api: BotApi, channel: TelegramChannel, user: User) -> None:
    await channel.send(message(silent=True))
    await channel.send(message(id=2))
    assert [call.flag("disable_notification") for call in api.called("sendMessage")] == [True, False]


async def test_a_link_telegram_refuses_is_written_out(channel: TelegramChannel, user: User) -> None:
    buttons = ((Button("看案件", url="http://localhost:8000/desk/3"), Button("官网", url="https://example.com")),)
    assert isinstance(await channel.send(message("新投诉", buttons=buttons)), Sent)
    assert user.inbox[0].text == "新投诉\n看案件: http://localhost:8000/desk/3"
    assert user.inbox[0].labels == ["官网"]


def photo(name: str) -> Attachment:
    return Attachment("photo", name)


@pytest.fixture
def pictures(tmp_path: Path, png: bytes) -> list[Attachment]:
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(png)
    return [photo(f"{number}.png") for number in range(12)]


async def test_one_photo_carries_text_and_buttons(
    channel: TelegramChannel, user: User, pictures: list[Attachment]
) -> None:
    await channel.send(message("灶台", attachments=tuple(pictures[:1]), buttons=YES_NO))
    (shown,) = user.inbox
    assert (shown.text, shown.labels, "photo" in shown.raw) == ("灶台", ["是的", "不是"], True)


async def test_a_text_too_long_for_a_caption_follows_the_photo(
    channel: TelegramChannel, user: User, pictures: list[Attachment]
) -> None:
    await channel.send(message("字" * 1025, attachments=tuple(pictures[:1]), buttons=YES_NO))
    first, second = user.inbox
    assert (first.text, len(second.text)) == ("", 1025)
    assert (first.labels, second.labels) == ([], ["是的", "不是"])


async def test_several_photos_are_one_album(channel: TelegramChannel, user: User, pictures: list[Attachment]) -> None:
    outcome = await channel.send(message("三处", attachments=tuple(pictures[:3])))
    shown = user.inbox
    assert outcome == Sent(str(shown[-1].id))
    assert len({part.raw["media_group_id"] for part in shown}) == 1
    assert [part.text for part in shown] == ["三处", "", ""]


async def test_twelve_photos_with_buttons(channel: TelegramChannel, user: User, pictures: list[Attachment]) -> None:
    await channel.send(message("全部", attachments=tuple(pictures), buttons=YES_NO))
    shown = user.inbox
    assert len(shown) == 13
    assert ["photo" in part.raw for part in shown] == [True] * 12 + [False]
    assert (shown[-1].text, shown[-1].labels) == ("全部", ["是的", "不是"])


async def test_buttons_without_text_hang_on_the_last_photo(
    channel: TelegramChannel, user: User, pictures: list[Attachment]
) -> None:
    await channel.send(message("", attachments=tuple(pictures[:2]), buttons=YES_NO))
    assert [shown.labels for shown in user.inbox] == [[], ["是的", "不是"]]


async def test_voice_document_and_a_file_that_telegram_has(
    channel: TelegramChannel, user: User, tmp_path: Path
) -> None:
    (tmp_path / "a.ogg").write_bytes(b"OggS1234")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    theirs = user.send_voice()["voice"]["file_id"]
    for number, one in enumerate(
        [Attachment("voice", "a.ogg"), Attachment("document", "b.pdf"), Attachment("voice", theirs, remote=True)]
    ):
        assert isinstance(await channel.send(message("听一下", id=number, attachments=(one,))), Sent)
    kinds = [next(kind for kind in ("voice", "document") if kind in shown.raw) for shown in user.inbox]
    assert kinds == ["voice", "document", "voice"]
    assert user.inbox[1].raw["document"]["file_name"] == "b.pdf"
    assert user.inbox[2].raw["voice"]["file_id"] == theirs


async def test_a_picture_telegram_will_not_show_goes_as_a_file(
    channel: TelegramChannel, user: User, tmp_path: Path
) -> None:
    out = io.BytesIO()
    Image.new("1", (50_000, 1)).save(out, "PNG")
    (tmp_path / "long.png").write_bytes(out.getvalue())
    (tmp_path / "page.jpg").write_bytes(b"<html>")
    assert isinstance(await channel.send(message("长图", attachments=(photo("long.png"),), buttons=YES_NO)), Sent)
    both = (photo("long.png"), photo("page.jpg"))
    assert isinstance(await channel.send(message("两个", id=2, attachments=both)), Sent)
    shown = user.inbox
    assert ["document" in part.raw for part in shown] == [True] * 3
    assert (shown[0].text, shown[0].labels, shown[1].text) == ("长图", ["是的", "不是"], "两个")


def test_a_file_that_was_erased_costs_only_itself() -> None:
    def erased(file: str) -> Path:
        raise NotFound(file=file)

    (call,) = compose(message("照片如下", attachments=(photo("7"),)), erased)
    assert call.method == "sendMessage"


async def test_a_file_that_is_gone_costs_only_itself(channel: TelegramChannel, user: User) -> None:
    assert isinstance(await channel.send(message("照片如下", attachments=(photo("gone.jpg"),))), Sent)
    assert user.inbox[0].text == "照片如下"
    assert await channel.send(message("", attachments=(photo("gone.jpg"),))) == Refused("nothing to send")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (too_many(35), TryLater(35, "flood limit")),
        (bad("message thread not found"), Refused("message thread not found")),
        (forbidden("bot was blocked by the user"), Gone("forbidden: bot was blocked by the user")),
        (forbidden("user is deactivated"), Gone("forbidden: user is deactivated")),
        (bad("chat not found"), Gone("chat not found")),
        (bad("BUTTON_DATA_INVALID"), Refused("button_data_invalid")),
        (unauthorized(), TryLater(60, "Telegram does not know this token", whole_bot=True)),
        (server_error(), TryLater(5, "Telegram has trouble of its own")),
        (ApiError(413, "Request Entity Too Large"), Refused("file too large")),
        (cut_after(), Unsure("the connection broke after the message went out")),
    ],
)
async def test_each_failure_has_its_outcome(
    api: BotApi, channel: TelegramChannel, user: User, error: ApiError, outcome: Outcome
) -> None:
    api.fault("sendMessage", error)
    assert await channel.send(message()) == outcome
    assert isinstance(await channel.send(message(id=2)), Sent)


async def test_a_stranger_is_gone_and_a_blocker_too(api: BotApi, channel: TelegramChannel, user: User) -> None:
    assert isinstance(await channel.send(message(chat="8")), Gone)
    assert isinstance(await channel.send(message(chat="不是数字")), Gone)
    user.block()
    assert isinstance(await channel.send(message()), Gone)


async def test_a_group_that_moved_says_where(api: BotApi, channel: TelegramChannel, user: User) -> None:
    bigger = api.group(-5).migrate(user)
    outcome = await channel.send(message(chat="-5"))
    assert outcome == Moved(str(bigger.chat.id))
    assert isinstance(await channel.send(message(chat=outcome.chat)), Sent)


async def test_a_topic_that_was_deleted_does_not_keep_an_answer_back(
    api: BotApi, channel: TelegramChannel, user: User
) -> None:
    group = api.group(-1_000_000_000_005, supergroup=True)
    topic = group.open_topic()
    asked = user.within(group).say("新投诉在哪里看？")
    group.delete_topic(topic)
    del group.chat.messages[asked["message_id"]]
    outcome = await channel.send(message(chat=str(group.chat.id), reply_to=str(asked["message_id"])))
    assert isinstance(outcome, Sent)


async def test_too_much_data_on_a_button_is_refused(channel: TelegramChannel, user: User) -> None:
    outcome = await channel.send(message(buttons=((Button("好", "字" * 22),),)))
    assert outcome == Refused("button_data_invalid")


async def test_a_dead_server_is_surely_not_reached(api: BotApi, library: str) -> None:
    channel = TelegramChannel(connect(library, api.token, "http://127.0.0.1:9"), Path)
    outcome = await channel.send(message())
    assert outcome == TryLater(5, "Telegram cannot be reached", whole_bot=True)
    health = await channel.health()
    assert "Telegram cannot be reached" in health.detail
    await channel.stop()
    assert isinstance(await channel.send(message()), TryLater)


async def test_a_page_of_html_from_a_gateway_is_an_outage(api: BotApi, library: str) -> None:
    async def gateway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(gateway, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    channel = TelegramChannel(connect(library, api.token, f"http://{host}:{port}"), Path)
    assert await channel.send(message()) == TryLater(5, "Telegram has trouble of its own")
    await channel.stop()
    server.close()


@pytest.mark.parametrize("status", [b"200 OK", b"400 Bad", b"500 Sad"])
@pytest.mark.parametrize(
    "answer",
    [
        b"{}", b"[]", b"{", b'{"ok": false}', b'{"ok": false, "description": null}', b'{"ok": true, "result": 5}',
        b'{"ok": false, "description": 7, "parameters": []}', b'{"ok": 1, "result": null}',
    ],
)  # fmt: skip
async def test_an_answer_that_is_none_raises_nothing(library: str, status: bytes, answer: bytes) -> None:
    async def strange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(answer), answer))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(strange, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    channel = TelegramChannel(connect(library, TOKEN, f"http://{host}:{port}"), Path)
    assert isinstance(await channel.send(message()), Outcome)
    await channel.stop()
    server.close()


async def test_a_message_stopped_half_way_goes_on_where_it_stopped(
    api: BotApi, channel: TelegramChannel, user: User
) -> None:
    api.limit()
    text = "这一句有十个字左右。" * 1800
    outcome = await channel.send(message(text))
    assert isinstance(outcome, TryLater)
    assert outcome.seconds <= 2
    api.limit(False)
    assert isinstance(await channel.send(message(text)), Sent)
    assert "".join(part.text for part in user.inbox) == text


async def test_a_message_broken_half_way_is_unsure(api: BotApi, channel: TelegramChannel, user: User) -> None:
    api.fault("sendMessage", bad("anything"), after=1)
    outcome = await channel.send(message("这一句有十个字左右。" * 500))
    assert outcome == Unsure("1 of 2 parts arrived, then: anything")


async def test_stop_waits_for_what_is_being_sent(api: BotApi, channel: TelegramChannel, user: User) -> None:
    api.slow(0.1)
    sending = asyncio.create_task(channel.send(message()))
    await api.until(lambda: bool(api.calls))
    await channel.stop()
    assert isinstance(await sending, Sent)


async def test_a_hundred_chats_at_once(api: BotApi, channel: TelegramChannel) -> None:
    people = [api.user(number) for number in range(100, 200)]
    for person in people:
        person.start()
    outcomes = await asyncio.gather(
        *(channel.send(message(f"给 {person.id}", id=person.id, chat=str(person.id))) for person in people)
    )
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert [person.inbox[0].text for person in people] == [f"给 {person.id}" for person in people]


async def test_reasons_never_hold_the_token(api: BotApi, channel: TelegramChannel, user: User) -> None:
    secret = api.token.split(":")[1]
    for error in (cut_after(), unauthorized(), server_error(), bad("x"), ApiError(404, "Not Found")):
        api.fault("sendMessage", error)
        assert secret not in json.dumps(str(await channel.send(message())))
