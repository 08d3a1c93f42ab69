"""Chooses the library. Neither is imported before it is asked for: aiogram alone takes seconds and 100 MB."""

import importlib
import re

from bot.channels.telegram_client import Client
from domain.errors import SettingsError

INSTALL = ".venv/bin/pip install -c constraints.txt -e '.[ptb]'"
_TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]+")


def connect(library: str, token: str, base: str = "") -> Client:
    """`library` is aiogram or ptb; `base` is empty for Telegram's own servers. Raises `SettingsError`."""
    if not _TOKEN.fullmatch(token):
        raise SettingsError("HUIXIANG_TELEGRAM_TOKEN: 123456:ABC… as @BotFather gave it is expected")
    try:
        module = importlib.import_module(f"bot.channels.telegram_{library}")
    except ModuleNotFoundError:
        raise SettingsError(missing(library)) from None
    client: Client = module.CLIENT(token, base)
    return client


def missing(library: str) -> str:
    return f"HUIXIANG_TELEGRAM_LIBRARY={library} 用的库还没有安装，请运行：{INSTALL}"
