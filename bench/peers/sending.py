"""Sends one message many times by one way, and prints the CPU milliseconds a send. Settings: WAY, TOKEN, BASE."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import telegram
import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_library import connect
from domain.channel import Button, Outgoing, Sent

TEXT = "已经登记，单号 HX0001，我们会在 30 分钟内联系您。"
LABELS = {"是的": "t9.0", "不是": "t9.1"}
WARM, COUNT, AT_ONCE = 300, 3000, 8
Send = Callable[[], Awaitable[object]]


def by_aiogram(token: str, base: str) -> Send:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    keys = [InlineKeyboardButton(text=label, callback_data=data) for label, data in LABELS.items()]
    return lambda: bot.send_message(7, TEXT, reply_markup=InlineKeyboardMarkup(inline_keyboard=[keys]))


def by_ptb(token: str, base: str) -> Send:
    bot = telegram.Bot(token, base_url=f"{base}/bot")
    keys = [telegram.InlineKeyboardButton(label, callback_data=data) for label, data in LABELS.items()]
    return lambda: bot.send_message(7, TEXT, reply_markup=telegram.InlineKeyboardMarkup([keys]))


def by_us(library: str) -> Callable[[str, str], Send]:
    def by_library(token: str, base: str) -> Send:
        channel = TelegramChannel(connect(library, token, base), Path)
        buttons = (tuple(Button(label, data) for label, data in LABELS.items()),)

        async def send() -> None:
            outcome = await channel.send(Outgoing(id=1, chat="7", text=TEXT, buttons=buttons))
            if not isinstance(outcome, Sent):
                raise SystemExit(f"not sent: {outcome}")

        return send

    return by_library


WAYS: dict[str, Callable[[str, str], Send]] = {
    "aiogram": by_aiogram,
    "python-telegram-bot": by_ptb,
    "回响 over aiogram": by_us("aiogram"),
    "回响 over python-telegram-bot": by_us("ptb"),
}


async def repeat(send: Send, count: int) -> None:
    async def some() -> None:
        for _ in range(count // AT_ONCE):
            await send()

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))


async def main() -> None:
    send = WAYS[os.environ["WAY"]](os.environ["TOKEN"], os.environ["BASE"])
    await repeat(send, WARM)
    before = time.process_time()
    await repeat(send, COUNT)
    sys.stdout.write(f"{(time.process_time() - before) / COUNT * 1000:.4f}\n")
    sys.stdout.flush()
    # Connections of the peers are left to the end of the process.
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(main())
