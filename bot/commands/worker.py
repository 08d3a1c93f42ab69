"""`huixiang worker`: takes turns, fires timers and sends, beside others on the same PostgreSQL."""

from bot.roles import Role
from bot.starting import start


def command() -> None:
    """处理消息、到点的提醒和发送，可以开多个。需要 PostgreSQL。"""
    start([Role.WORKER])


COMMAND = command
