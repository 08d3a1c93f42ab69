"""`huixiang doctor`: looks at everything a running company needs, and says what to do about what is wrong."""

import typer
from rich.console import Console

from bot.checks.examine import examine
from bot.checks.finding import Finding
from bot.settings import given_values, load_settings, unknown_names
from domain.errors import SettingsError


def doctor() -> None:
    """体检：配置、数据库、文字、磁盘、时钟、Telegram。有问题时退出码是 1。"""
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
    if not all(well):
        raise typer.Exit(1)


def _show(console: Console, finding: Finding) -> bool:
    console.print("✓" if finding.ok else "✗", style="green" if finding.ok else "bold red", end=" ")
    console.print(finding.what, markup=False)
    if finding.advice:
        console.print(f"  → {finding.advice}", markup=False, style="yellow")
    return finding.ok


COMMAND = doctor
