"""Which library is chosen, and that the other one stays out of the process."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.channels import telegram_library
from bot.channels.telegram_library import INSTALL, connect
from bot.checks.services import telegram
from bot.settings import load_settings
from domain.errors import SettingsError
from tests.botapi import BotApi, server_error

TOKEN = "42:" + "A" * 35
ASKING = """
import asyncio, sys
from bot.channels.telegram_client import Call, CallFailed
from bot.channels.telegram_library import connect
from bot.logs import set_up_logs

async def main(library, token, base):
    set_up_logs("debug", "json")
    client = connect(library, token, base)
    print(client.bot_id, (await client.ask(Call("getMe")))["username"])
    try:
        await client.ask(Call("sendMessage", {"chat_id": 7, "text": "暗号琉璃孔雀"}))
    except CallFailed as error:
        print(type(error).__name__)
    await client.close()

asyncio.run(main(*sys.argv[1:]))
print(*sorted({"aiogram", "telegram"} & sys.modules.keys()))
"""


@pytest.mark.parametrize(("name", "module"), [("aiogram", "aiogram"), ("ptb", "telegram")])
async def test_only_the_chosen_library_is_loaded_and_none_prints_the_token(name: str, module: str) -> None:
    async with BotApi() as api:
        api.fault("sendMessage", server_error())
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ASKING, name, api.token, api.base,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said = (await process.communicate())[0].decode()
    assert said.splitlines() == ["4242424242 huixiang_test_bot", "Troubled", module]


def test_a_library_that_is_not_installed_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(telegram_library.LIBRARIES, "ptb", "a_library_that_nobody_has")
    with pytest.raises(SettingsError) as caught:
        connect("ptb", TOKEN)
    assert caught.value.message.startswith("HUIXIANG_TELEGRAM_LIBRARY=ptb")
    assert INSTALL in caught.value.message


async def test_doctor_says_which_library_and_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with BotApi() as api:
        given = {"TOKEN": api.token, "API": api.base, "LIBRARY": "ptb"}
        settings = load_settings({f"HUIXIANG_TELEGRAM_{name}": value for name, value in given.items()}, Path("none"))
        (well,) = await asyncio.to_thread(lambda: list(telegram(settings)))
        monkeypatch.setitem(telegram_library.LIBRARIES, "ptb", "a_library_that_nobody_has")
        missing, _ = await asyncio.to_thread(lambda: list(telegram(settings)))
    assert (well.ok, well.what) == (True, "Telegram 机器人 @huixiang_test_bot，方式 polling，用 ptb")
    assert (missing.ok, INSTALL in missing.advice) == (False, True)


async def test_doctor_compares_the_webhook_with_where_we_are() -> None:
    async with BotApi() as api:
        given = {"TELEGRAM_TOKEN": api.token, "TELEGRAM_API": api.base, "TELEGRAM_MODE": "webhook"}
        given |= {"PUBLIC_URL": "https://chat.example.cn", "WEBHOOK_SECRET": "geheim_webhook_secret_1"}
        settings = load_settings({f"HUIXIANG_{name}": value for name, value in given.items()}, Path("none"))

        async def said(info: dict[str, object], mode: str = "webhook") -> list[str]:
            api.world.webhook = info
            chosen = settings.model_copy(update={"telegram_mode": mode})
            return [one.what for one in await asyncio.to_thread(lambda: list(telegram(chosen))) if not one.ok]

        ours, others = "https://chat.example.cn/hooks/telegram", "https://old.example.cn/secret"
        assert await said({"url": ours}) == []
        assert await said({"url": ""}) == ["Telegram 那边没有设 webhook，消息送不过来"]
        assert await said({"url": others}) == ["Telegram 把消息送到了别处（old.example.cn）"]
        assert await said({"url": others}, "polling") == [
            "有别的程序给机器人设了 webhook（old.example.cn），我们取不到消息"
        ]
        api.world.updates.pending[1] = {}
        assert await said({"url": ours, "last_error_message": "502"}) == ["Telegram 有 1 条消息没送进来：502"]


@pytest.mark.parametrize("token", ["nonsense", "42:", ":abc", "42:a b", "42:a\r\nHost: x"])
def test_a_token_that_cannot_be_one_is_named(library: str, token: str) -> None:
    with pytest.raises(SettingsError, match="HUIXIANG_TELEGRAM_TOKEN"):
        connect(library, token)
