"""The emulator refuses what Telegram refuses, with Telegram's words."""

import io
import json
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.botapi import BotApi, bad, cut_after, cut_before, server_error
from tests.botapi.conftest import Ask


@pytest.fixture
def chat(api: BotApi) -> int:
    api.user(7, "王女士").start()
    return 7


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n\x00 "}, "Bad Request: message text is empty"),
        ({"text": "汗" * 4097}, "Bad Request: message is too long"),
        ({"text": "😡" * 2049}, "Bad Request: message is too long"),
        ({"text": "x", "chat_id": 8}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ({"text": "x", "message_thread_id": 55}, "Bad Request: message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "Bad Request: message to be replied not found"),
        (
            {"text": "<b>油污", "parse_mode": "HTML"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "a <王>", "parse_mode": "HTML"},
            'Bad Request: can\'t parse entities: Unsupported start tag "王" at byte offset 2',
        ),
        (
            {"text": "好.", "parse_mode": "MarkdownV2"},
            "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "Bad Request: object expected as reply markup"),
    ],
)
async def test_a_bad_message_is_refused_in_telegrams_words(
    ask: Ask, chat: int, params: dict[str, Any], description: str
) -> None:
    answer = await ask("sendMessage", **{"chat_id": chat, **params})
    assert answer == {"ok": False, "error_code": 400, "description": description}


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "好"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": "好", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        (
            {"text": "看", "url": "http://localhost:8000/"},
            "inline keyboard button URL 'http://localhost:8000/' is invalid: Wrong HTTP URL",
        ),
        ("好", "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
    ],
)
async def test_a_bad_button_is_refused(ask: Ask, chat: int, button: object, reason: str) -> None:
    answer = await ask("sendMessage", chat_id=chat, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert answer["description"] == f"Bad Request: {reason}"


async def test_sixty_four_bytes_of_data_and_4096_units_pass(ask: Ask, chat: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "好", "callback_data": "d" * 64}]]}
    answer = await ask("sendMessage", chat_id=chat, text="😡" * 2048, reply_markup=keyboard)
    assert answer["ok"]


async def test_unknown_token_and_method(ask: Ask) -> None:
    assert (await ask("getMe", _token="1:wrong"))["error_code"] == 401
    assert (await ask("getMe", _token="nonsense"))["description"] == "Not Found"
    assert (await ask("flyAway"))["description"] == "Not Found: method not found"


async def test_a_blocked_bot_and_a_new_number_for_the_chat(api: BotApi, ask: Ask) -> None:
    boss = api.user(7, "主管")
    boss.start()
    boss.block()
    answer = await ask("sendMessage", chat_id=7, text="x")
    assert answer["description"] == "Forbidden: bot was blocked by the user"
    group = api.group(-5)
    bigger = group.migrate(boss)
    answer = await ask("sendMessage", chat_id=-5, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": bigger.chat.id}
    assert (await ask("sendMessage", chat_id=bigger.chat.id, text="x"))["ok"]
    bigger.kick_bot(boss)
    answer = await ask("sendMessage", chat_id=bigger.chat.id, text="x")
    assert answer["description"] == "Forbidden: bot was kicked from the supergroup chat"


async def test_editing_and_deleting(ask: Ask, chat: int) -> None:
    number = (await ask("sendMessage", chat_id=chat, text="旧"))["result"]["message_id"]
    target = {"chat_id": chat, "message_id": number}
    assert "message is not modified" in (await ask("editMessageText", **target, text="旧"))["description"]
    assert (await ask("editMessageText", **target, text="新"))["result"]["text"] == "新"
    assert "message is not modified" in (await ask("editMessageReplyMarkup", **target))["description"]
    answer = await ask("editMessageText", chat_id=chat, message_id=1, text="不是我的")
    assert answer["description"] == "Bad Request: message can't be edited"
    assert (await ask("deleteMessage", **target))["result"] is True
    assert (await ask("deleteMessage", **target))["description"] == "Bad Request: message to delete not found"
    assert (await ask("editMessageText", **target, text="x"))["description"] == "Bad Request: message to edit not found"


async def test_an_old_press_cannot_be_answered(api: BotApi, ask: Ask, chat: int) -> None:
    user = api.user(chat)
    keyboard = {"inline_keyboard": [[{"text": "接单", "callback_data": "t.0"}]]}
    await ask("sendMessage", chat_id=chat, text="x", reply_markup=keyboard)
    query = user.tap(user.inbox[0], "接单")
    assert (await ask("answerCallbackQuery", callback_query_id=query))["result"] is True
    api.world.query_seconds = 0
    answer = await ask("answerCallbackQuery", callback_query_id=query)
    assert answer["description"].startswith("Bad Request: query is too old")


async def test_files_that_are_no_pictures_or_too_large(api: BotApi, ask: Ask, chat: int) -> None:
    async with aiohttp.ClientSession() as http:

        async def photo(data: bytes, field: str = "photo", **params: str) -> str:
            form = aiohttp.FormData({"chat_id": str(chat), **params})
            form.add_field(field, io.BytesIO(data), filename="a.jpg", content_type="image/jpeg")
            async with http.post(f"{api.base}/bot{api.token}/sendPhoto", data=form) as answer:
                return str((await answer.json()).get("description"))

        assert await photo(png(20, 20)) == "None"
        assert await photo(b"<html>") == "Bad Request: IMAGE_PROCESS_FAILED"
        assert await photo(png(50_000, 1)) == "Bad Request: PHOTO_INVALID_DIMENSIONS"
        assert await photo(b"") == "Bad Request: file must be non-empty"
        assert "too big for a photo" in await photo(bytes(10 * 1024 * 1024 + 1))
        assert await photo(png(9, 9), caption="汗" * 1025) == "Bad Request: message caption is too long"
        assert await photo(png(9, 9), field="other") == "Bad Request: there is no photo in the request"
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        async with http.post(f"{api.base}/bot{api.token}/sendPhoto", data=b"--y\r\nrubbish", headers=broken) as answer:
            assert answer.status == 400
    assert "wrong file identifier" in (await ask("sendPhoto", chat_id=chat, photo="AgAC"))["description"]


async def test_an_album_has_two_to_ten_parts(api: BotApi, ask: Ask, chat: int) -> None:
    sent = api.user(chat).send_photo(png(30, 30))["photo"][-1]["file_id"]
    item = {"type": "photo", "media": sent}
    assert (await ask("sendMediaGroup", chat_id=chat, media=[]))["ok"] is False
    assert "too many" in (await ask("sendMediaGroup", chat_id=chat, media=[item] * 11))["description"]
    album = (await ask("sendMediaGroup", chat_id=chat, media=json.dumps([item] * 3)))["result"]
    assert len({part["media_group_id"] for part in album}) == 1
    assert [part["message_id"] for part in album] == [album[0]["message_id"] + number for number in range(3)]


async def test_downloads_up_to_20_mb(api: BotApi, ask: Ask, chat: int) -> None:
    user = api.user(chat)
    small = user.send_voice(b"OggS" + bytes(10))["voice"]["file_id"]
    large = user.send_voice(bytes(20 * 1024 * 1024 + 1))["voice"]["file_id"]
    path = (await ask("getFile", file_id=small))["result"]["file_path"]
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{api.base}/file/bot{api.token}/{path}") as answer:
            assert await answer.read() == b"OggS" + bytes(10)
        async with http.get(f"{api.base}/file/bot{api.token}/nowhere") as answer:
            assert answer.status == 404
    assert (await ask("getFile", file_id=large))["description"] == "Bad Request: file is too big"
    assert (await ask("getFile", file_id="x"))["description"] == "Bad Request: invalid file_id"


async def test_flood_limits_per_chat_group_and_bot(api: BotApi, ask: Ask, chat: int) -> None:
    api.limit()
    api.world.limits.now = lambda: 1000.0
    answers = [await ask("sendMessage", chat_id=chat, text="x") for _ in range(4)]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[-1]["parameters"] == {"retry_after": 1}
    assert answers[-1]["description"] == "Too Many Requests: retry after 1"
    api.group(-5)
    group = [await ask("sendMessage", chat_id=-5, text="x") for _ in range(21)]
    assert [answer["ok"] for answer in group] == [True] * 20 + [False]
    for number in range(100, 120):
        api.user(number).start()
    everyone = [await ask("sendMessage", chat_id=number, text="x") for number in range(100, 120)]
    assert not everyone[-1]["ok"]


async def test_injected_faults_happen_as_often_as_asked(api: BotApi, ask: Ask, chat: int) -> None:
    api.fault("sendMessage", server_error(), times=2)
    codes = [(await ask("sendMessage", chat_id=chat, text="x")).get("error_code") for _ in range(3)]
    assert codes == [502, 502, None]
    api.fault("*", bad("anything"))
    assert (await ask("getMe"))["description"] == "Bad Request: anything"
    api.fault("sendMessage", cut_before())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await ask("sendMessage", chat_id=chat, text="不会到")
    api.fault("sendMessage", cut_after())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await ask("sendMessage", chat_id=chat, text="会到")
    assert [message.text for message in api.user(chat).inbox] == ["x", "会到"]


async def test_commands_are_checked(ask: Ask) -> None:
    assert (await ask("setMyCommands", commands=[{"command": "帮助", "description": "x"}]))["ok"] is False
    assert (await ask("setMyCommands", commands=[{"command": "help", "description": "帮助"}]))["ok"]
    assert (await ask("getMyCommands"))["result"] == [{"command": "help", "description": "帮助"}]
