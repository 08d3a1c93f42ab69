"""`huixiang demo`: a believable month, lived through by real events under a clock that runs fast."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.core import build_core
from bot.demo.month import DAYS, Month
from bot.demo.stage import Stage
from bot.lock import lock_for
from bot.logs import set_up_logs
from bot.reading.late import LateReader
from bot.settings import Settings, load_settings
from domain.clock import ManualClock
from domain.errors import SettingsError

Seed = Annotated[int, typer.Option(help="同一个数字，演出同一个月。")]


def demo(seed: Seed = 7) -> None:
    """填满一家公司：三家门店、六十位客户、一个月的订单、评价和投诉。

    原来的数据库会改名保留。
    """
    settings, console = load_settings(), Console(highlight=False)
    set_up_logs("error", settings.log_format, settings.secrets)
    if settings.on_postgres:
        raise SettingsError("huixiang demo 会换掉整个数据库，只用于 SQLite：请先不填 HUIXIANG_DATABASE_URL。")
    with lock_for(settings):
        kept = put_aside(settings.database_file)
        if kept is not None:
            console.print(f"原来的数据库改名为 {kept.name}，没有删除。", markup=False)
        with console.status("正在演出一个月……"):
            live(settings, seed)
    console.print("演示数据好了。运行 make run 打开。")


def live(settings: Settings, seed: int) -> None:
    """The month up to now."""
    now = datetime.now(UTC).replace(microsecond=0)
    clock = ManualClock(now - timedelta(days=DAYS))
    core = build_core(settings, {}, LateReader(settings.model_file), clock)
    try:
        Month(Stage(core.database, core.world, clock), now, ZoneInfo(core.company.hours.timezone), seed).play()
    finally:
        core.database.close()


def put_aside(file: Path) -> Path | None:
    """Rename the database with its journals, so that nothing of a company is lost; None when there is none."""
    if not file.exists():
        return None
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    for ending in ("-wal", "-shm"):
        journal = file.with_name(file.name + ending)
        if journal.exists():
            journal.rename(journal.with_name(f"{file.name}.{stamp}{ending}"))
    return file.rename(file.with_name(f"{file.name}.{stamp}"))


COMMAND = demo
