"""`huixiang doctor`: looks at everything a running company needs, and says what to do about what is wrong."""

import secrets
import sys
from typing import Annotated

import typer
from rich.console import Console

from bot import errand
from bot.checks.examine import examine
from bot.checks.finding import Finding
from bot.settings import Settings, given_values, load_settings, unknown_names
from domain.errors import SettingsError
from domain.events import Incoming, StaffActed
from handlers.freeing import FREE

Free = Annotated[bool, typer.Option("--free", help="让卡住的马上再来一次：搁置的事、没发成的消息和通知。")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问。")]
FREED = {"events": "件搁置的事", "messages": "条没发成的消息", "webhooks": "条通知", "jobs": "件请模型做的事"}


def doctor(free: Free = False, yes: Yes = False) -> None:
    """体检：配置、数据库、文字、磁盘、时钟、Telegram，有什么卡住了。

    有问题时退出码是 1。
    """
    console = Console(highlight=False, soft_wrap=True)
    well = [_show(console, Finding(False, sentence, "请改名或删掉。")) for sentence in unknown_names(given_values())]
    try:
        settings = load_settings()
    except SettingsError as error:
        for sentence in error.message.splitlines():
            _show(console, Finding(False, sentence, "请改 .env 或环境变量。"))
        raise typer.Exit(1) from None
    well.append(_show(console, Finding(True, "配置正确")))
    well += [_show(console, finding) for finding in examine(settings)]
    if free:
        _free(console, settings, yes)
    elif not all(well):
        raise typer.Exit(1)


def _free(console: Console, settings: Settings, yes: bool) -> None:
    """Asks first: a customer may hear an answer to what they wrote days ago."""
    question = "让卡住的马上再来一次吗？隔了很久的，客户可能会忽然收到回复。"
    if not yes and not typer.confirm(question):
        sys.stderr.write("什么都没有动。\n")
        raise typer.Exit(1)
    answer = errand.run_one(settings, Incoming("cli", secrets.token_hex(16), "doctor", StaffActed(FREE, None)))
    freed = "、".join(f"{answer[name]} {what}" for name, what in FREED.items() if answer[name])
    console.print(f"已经放行：{freed}。" if freed else "没有卡住的，什么都不用放行。", markup=False)


def _show(console: Console, finding: Finding) -> bool:
    console.print("✓" if finding.ok else "✗", style="green" if finding.ok else "bold red", end=" ")
    console.print(finding.what, markup=False)
    if finding.advice:
        console.print(f"  → {finding.advice}", markup=False, style="yellow")
    return finding.ok


COMMAND = doctor
