"""The command line `huixiang`: one file per command under `bot/commands`, imported only when it is used."""

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from bot.logs import set_up_logs
from domain.errors import AlreadyRunning, Busy, HuixiangError, SettingsError, where

COMMANDS = (
    "serve", "web", "worker", "poll", "chat", "classify", "train", "evaluate", "import", "staff", "customer", "coupon",
    "doctor", "demo",
)  # fmt: skip
BROKEN = 3
CANNOT_START = 2
REFUSED = 1


class Commands(TyperGroup):
    """Finds a command's module by its name: `import` lives in `bot/commands/import_.py`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        name = "import_" if cmd_name == "import" else cmd_name
        return build(cmd_name, importlib.import_module(f"bot.commands.{name}").COMMAND)


def build(name: str, what: Callable[..., Any] | Mapping[str, Callable[..., Any]]) -> Any:
    """A function becomes a command; a mapping becomes a command with these under it."""
    app = _app(name)
    if isinstance(what, Mapping):
        app.callback(help="".join(_briefly(function) for function in what.values()))(_nothing)
        for one, function in what.items():
            app.command(one)(function)
    else:
        app.command(name)(what)
    return typer.main.get_command(app)


def _briefly(function: Callable[..., Any]) -> str:
    """The first words of what it says about itself."""
    return re.split("[：；。]", inspect.getdoc(function) or "")[0] + "。"


def main() -> None:
    """What a command prints is its answer, perhaps for another program: logs speak of errors only, and elsewhere."""
    set_up_logs("error", "auto")
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """The exit code. An error is a sentence, not a trace: 3 is a mistake of ours, 2 could not start and never will so,
    1 was refused. A database that does not answer is a 1: whoever restarts us may try again."""
    app = _app("huixiang", cls=Commands, help="回响：家政公司的客户聊天机器人。", no_args_is_help=True)
    app.callback()(_nothing)
    try:
        app(args)
    except HuixiangError as error:
        sys.stderr.write(f"{_sentence(error)}\n")
        return CANNOT_START if isinstance(error, SettingsError | AlreadyRunning) else REFUSED
    except SystemExit as end:
        return int(end.code or 0)
    except Exception as error:
        sys.stderr.write(f"程序出错了，请把这一行发给维护的人：{type(error).__name__} {where(error)}\n")
        return BROKEN
    return 0


def _sentence(error: HuixiangError) -> str:
    """Whoever is at the command line can do something about a database that takes nothing."""
    reason = error.details.get("reason", "")
    if isinstance(error, Busy) and reason:
        return f"数据库现在写不了（{reason}）：磁盘可能满了，或者别的程序占着它。处理好以后请再试一次。"
    return error.message


def _app(name: str, **more: Any) -> typer.Typer:
    """Without the pretty traces: they print local variables, and those hold tokens."""
    return typer.Typer(name=name, add_completion=False, pretty_exceptions_enable=False, **more)


def _nothing() -> None:
    """Typer wants a function for a command that only groups others."""


if __name__ == "__main__":
    main()
