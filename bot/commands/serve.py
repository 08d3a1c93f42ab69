"""`huixiang serve`: the whole company, until it is told to stop."""

from typing import Annotated

import typer

from bot.roles import ALL
from bot.starting import start

Port = Annotated[int | None, typer.Option(help="端口，覆盖 HUIXIANG_PORT。", min=0, max=65535)]


def command(port: Port = None) -> None:
    """启动服务：网页聊天、工作台、接口，以及配置了令牌的 Telegram。"""
    start(ALL, port)


COMMAND = command
