"""`huixiang poll`: fetches messages from Telegram for the workers on the same PostgreSQL."""

from bot.roles import Role
from bot.starting import start


def command() -> None:
    """从 Telegram 收消息；多开的作后备，一个停了另一个接上。需要 PostgreSQL。"""
    start([Role.POLL])


COMMAND = command
