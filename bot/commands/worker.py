"""`huixiang worker`: takes turns, fires timers and sends, beside others on the same PostgreSQL."""

import uvloop

from bot.logs import set_up_logs
from bot.roles import Role
from bot.serving import work
from bot.settings import load_settings


def command() -> None:
    """处理消息、到点的提醒和发送，可以开多个。需要 PostgreSQL。"""
    settings = load_settings()
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    uvloop.run(work(settings, frozenset({Role.WORKER})))


COMMAND = command
