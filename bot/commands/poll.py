"""`huixiang poll`: fetches messages from Telegram for the workers on the same PostgreSQL."""

import uvloop

from bot.logs import set_up_logs
from bot.roles import Role
from bot.serving import work
from bot.settings import load_settings


def command() -> None:
    """从 Telegram 收消息；多开的作后备，一个停了另一个接上。需要 PostgreSQL。"""
    settings = load_settings()
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    uvloop.run(work(settings, frozenset({Role.POLL})))


COMMAND = command
