"""Chooses the library. Neither is imported before it is asked for: aiogram alone takes seconds and 100 MB."""

import importlib
import importlib.util
import re

from bot.channels.telegram_client import Client
from domain.errors import SettingsError

LIBRARIES = {"aiogram": "aiogram", "ptb": "telegram"}
"""The names of the setting, and how they are imported."""
INSTALL = ".venv/bin/pip install -c constraints.txt -e '.[ptb]'"
_TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]+")


def connect(library: str, token: str, base: str = "") -> Client:
    """`base` is the address of a Bot API server or proxy, empty for Telegram's own. Raises `SettingsError`."""
    if not _TOKEN.fullmatch(token):
        raise SettingsError("HUIXIANG_TELEGRAM_TOKEN 不对：应该是 @BotFather 给的令牌，形如 123456:ABC-DEF…。")
    if not installed(library):
        raise SettingsError(f"HUIXIANG_TELEGRAM_LIBRARY={library} 用的库还没有安装，请运行：{INSTALL}")
    module = importlib.import_module(f"bot.channels.telegram_{library}")
    client: Client = module.CLIENT(token, base)
    return client


def installed(library: str) -> bool:
    return importlib.util.find_spec(LIBRARIES[library]) is not None
