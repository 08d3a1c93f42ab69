"""`huixiang chat`: the company in a terminal, all roles in one window."""

import asyncio
import secrets
import sys
from typing import Annotated

import typer
from rich.console import Console

from bot.channels.console import NAMES, ConsoleChannel
from bot.core import Core, build_core
from bot.lock import lock_alone
from bot.logs import set_up_logs
from bot.reading.late import LateReader
from bot.settings import Settings, load_settings
from domain.channel import Channel
from domain.errors import Invalid
from domain.events import Address, ChatStarted, Incoming, StaffActed
from handlers.delivery import Delivery
from scheduler.embedded import Ticker

STAFF = {"cleaner": "李秀兰", "supervisor": "陈主管", "manager": "林经理", "owner": "周总"}
HELP = "直接打字；数字选按钮；/as cleaner 换成保洁师（customer、cleaner、supervisor、manager、owner）；/quit 结束。"
Role = Annotated[str, typer.Option("--as", help="以谁的身份开始：customer、cleaner、supervisor、manager、owner。")]


def chat(role: Role = "customer") -> None:
    """在终端里聊天，可以随时切换角色。服务正在运行时请直接用网页。"""
    if role not in NAMES:
        raise Invalid(f"不认识角色 {role}，可以用：{'、'.join(NAMES)}。")
    settings = load_settings()
    with lock_alone(settings):
        set_up_logs("error", settings.log_format, settings.secrets)
        asyncio.run(_talk(settings, role))


async def _talk(settings: Settings, role: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    terminal = ConsoleChannel(sys.stdin, console, role)
    channels: dict[str, Channel] = {terminal.name: terminal}
    core = build_core(settings, channels, LateReader(settings.model_file))
    delivery, ticker = Delivery(core.engine, channels, core.clock, settings.data_dir), Ticker(core.engine, core.clock)
    core.engine.start()
    await _enrol(core)
    await delivery.start()
    await ticker.start()
    console.print(HELP, style="dim")
    await terminal.start(core.engine.accept)
    await terminal.left.wait()
    await _drain(core)
    for part in (ticker, terminal, delivery, core.engine):
        await part.stop()
    core.database.close()


async def _drain(core: Core) -> None:
    """Let the answers to the last words be spoken: a pipe ends sooner than a person."""
    await core.engine.call_round(lambda round_: None)
    await asyncio.sleep(0.2)


async def _enrol(core: Core) -> None:
    """Who sits at the machine with the database may be anybody: each staff chat joins by an invitation."""
    for role, name in STAFF.items():
        address = Address("console", role)
        invitation = StaffActed("invite_staff", None, {"role": role, "name": name})
        ended = await core.engine.submit(Incoming("console", f"invite:{role}", "staff", invitation))
        if not ended.duplicate and ended.result:
            started = ChatStarted(address, str(ended.result["code"]))
            await core.engine.submit(Incoming("console", secrets.token_hex(16), str(address), started))


COMMAND = chat
