"""`huixiang import orders`: a table of orders, whole or not at all unless told otherwise."""

import secrets
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot import errand
from bot.company import load_company
from bot.orders_file import Row, check_orders
from bot.settings import Settings, load_settings
from bot.table_file import read_table
from domain.events import Incoming, OrderPosted

File = Annotated[Path, typer.Argument(help="CSV 文件：UTF-8 或 GBK 都可以。", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入。")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="跳过有问题的行，导入其余的。")]


def orders(file: File, dry_run: DryRun = False, skip_bad: SkipBad = False) -> None:
    """导入订单。同一个订单号再导入一次，只更新有变化的内容。"""
    settings, console = load_settings(), Console(highlight=False)
    zone = ZoneInfo(load_company(settings.company_dir, settings.timezone).hours.timezone)
    rows = check_orders(read_table(file), zone)
    bad = [row for row in rows if row.wrong]
    for row in bad:
        _print_wrong(console, row)
    good = [row for row in rows if not row.wrong]
    if dry_run:
        console.print(f"检查完：{len(good)} 行可以导入，{len(bad)} 行有问题。没有写入任何内容。")
    elif bad and not skip_bad:
        console.print(f"{len(bad)} 行有问题，所以一行都没有导入。改好再来，或加 --skip-bad 先导入其余 {len(good)} 行。")
    else:
        refused = _import(settings, console, good)
        console.print(f"导入完：{len(good) - refused} 行成功，{refused + len(bad)} 行没有导入。")
        bad += [row for row in good if row.wrong]
    if bad:
        raise typer.Exit(1)


def _import(settings: Settings, console: Console, rows: list[Row]) -> int:
    """How many were refused. Each run has its own keys: an order posted again changes only what differs."""
    run = secrets.token_hex(8)
    incomings = [
        Incoming("csv", f"{run}:{row.line}", f"order:{row.number}", OrderPosted(row.order, origin="csv"))
        for row in rows
    ]
    ended = errand.run(settings, incomings) if rows else []
    for row, one in zip(rows, ended, strict=True):
        if one.error is not None:
            row.wrong.append(one.error.message)
            _print_wrong(console, row)
    return sum(one.error is not None for one in ended)


def _print_wrong(console: Console, row: Row) -> None:
    for sentence in row.wrong:
        console.print(f"第 {row.line} 行", style="red", end=" ")
        console.print(f"{row.number}：{sentence}" if row.number else sentence, markup=False)


COMMAND = {"orders": orders}
