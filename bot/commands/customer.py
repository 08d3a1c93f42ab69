"""`huixiang customer`: a customer's data handed out or deleted, when they asked by phone or letter."""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import errand
from bot.settings import Settings, load_settings
from domain.clock import SystemClock
from domain.errors import Invalid
from domain.events import Incoming, StaffActed
from handlers.people.collecting import collect
from handlers.people.formal import called
from storage.database import Database
from storage.people import Person

Who = Annotated[str, typer.Argument(metavar="WHO", help="登记的手机号，或这位客户的案件编号，例如 HX1024。")]
To = Annotated[Path | None, typer.Option("--to", help="写到这个文件；不写就打印出来。", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问。")]
PRIVATE = 0o600
NOBODY = 0


def export(who: Who, to: To = None) -> None:
    """导出一位客户的全部信息（JSON）。先核实来要的人是本人。"""
    settings = load_settings()
    answer = _act(settings, "export_data", who)
    copy = json.dumps(_copy(settings, int(answer["person"])), ensure_ascii=False, indent=2)
    if to is None:
        sys.stdout.write(f"{copy}\n")
        return
    _write(to, copy)
    Console(highlight=False).print(f"写好了：{to}。里面是个人信息，交给本人后请删掉。", markup=False)


def erase(who: Who, yes: Yes = False) -> None:
    """删除一位客户的全部信息，找不回来。先核实要求删除的是本人。"""
    if not yes and not typer.confirm(f"确定删除 {who} 的姓名、电话、地址和说过的话吗？找不回来。"):
        sys.stderr.write("什么都没有删。\n")
        raise typer.Exit(1)
    _act(load_settings(), "erase_data", who)
    Console(highlight=False).print("已经删除。订单的时间和金额留账；旧的备份里还有，请按承诺的期限清掉。")


def _act(settings: Settings, action: str, who: str) -> dict[str, Any]:
    """The event names a row: a number typed here, rightly or wrongly, is kept nowhere."""
    person = errand.look(settings, lambda tx: called(tx, who)) or NOBODY
    event = StaffActed(action, None, {"person": person})
    return errand.run_one(settings, Incoming("cli", secrets.token_hex(16), "customers", event))


def _copy(settings: Settings, person_id: int) -> dict[str, Any]:
    """Read at once, beside a serving process as well."""
    database = Database(settings.url)
    try:
        with database.read() as tx:
            return {"at": SystemClock().now().isoformat(), **collect(tx, tx.get(Person, person_id))}
    finally:
        database.close()


def _write(to: Path, copy: str) -> None:
    """For nobody else's eyes, and never over another file."""
    try:
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="utf-8") as file:
            file.write(f"{copy}\n")
    except FileExistsError:
        raise Invalid(f"{to} 已经有了，请换一个文件名。") from None
    except OSError as error:
        raise Invalid(f"写不了 {to}（{error.strerror}）。") from None


COMMAND = {"export": export, "erase": erase}
