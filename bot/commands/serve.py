"""`huixiang serve`: the whole company, until it is told to stop."""

import sys
from typing import Annotated

import typer
import uvloop

from bot.console import show_ready
from bot.demo.people import settle
from bot.logs import set_up_logs
from bot.serving import serve
from bot.settings import given_values, load_settings, unknown_names
from bot.wiring import Huixiang

Port = Annotated[int | None, typer.Option(help="端口，覆盖 HUIXIANG_PORT。", min=0, max=65535)]


def command(port: Port = None) -> None:
    """启动服务：网页聊天、工作台、接口，以及配置了令牌的 Telegram。"""
    settings = load_settings()
    for sentence in unknown_names(given_values()):
        sys.stderr.write(f"提醒：{sentence}\n")
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    uvloop.run(serve(settings, _greet))


async def _greet(house: Huixiang) -> None:
    if house.settings.demo:
        show_ready(house, *await settle(house.core))
    else:
        show_ready(house)


COMMAND = command
