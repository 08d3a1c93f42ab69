"""`huixiang web`: the pages, the desk and the API, beside workers on the same PostgreSQL."""

from typing import Annotated

import typer
import uvloop

from bot.console import show_ready
from bot.logs import set_up_logs
from bot.roles import Role
from bot.serving import serve
from bot.settings import load_settings
from bot.wiring import Huixiang

Port = Annotated[int | None, typer.Option(help="端口，覆盖 HUIXIANG_PORT。", min=0, max=65535)]


def command(port: Port = None) -> None:
    """网页聊天、工作台和接口，可以开多个；消息由 huixiang worker 处理。需要 PostgreSQL。"""
    settings = load_settings()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    uvloop.run(serve(settings, _greet, frozenset({Role.WEB})))


async def _greet(house: Huixiang) -> None:
    show_ready(house)


COMMAND = command
