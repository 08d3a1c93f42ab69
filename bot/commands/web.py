"""`huixiang web`: the pages, the desk and the API, beside workers on the same PostgreSQL."""

from bot.commands.serve import Port
from bot.roles import Role
from bot.starting import start


def command(port: Port = None) -> None:
    """网页聊天、工作台和接口，可以开多个；消息由 huixiang worker 处理。需要 PostgreSQL。"""
    start([Role.WEB], port)


COMMAND = command
