"""Puts figures into docs/performance.md: `python -m docs.performance`, after

`python -m bench --json docs/performance.json`. Tables, sentences and drawings; a part that was not measured is said so.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.aims import AIMS, Aim
from bench.report import Found
from docs.drawing import Bar, bars, figure, lines, stacked
from nlp.learning.page import fill

HERE = Path(__file__).parent
FIGURES_FILE = HERE / "performance.json"
PAGE = HERE / "performance.md"
PICTURES = HERE / "pictures"
BOTS = {"huixiang": "回响，整件投诉", "aiogram": "aiogram，纯回声", "ptb": "python-telegram-bot，纯回声"}
SHADES = {"huixiang": 0, "aiogram": 2, "ptb": 3}
SETUPS = {
    "sqlite": "SQLite，一个进程",
    "one_worker": "PostgreSQL，poll + 1 worker",
    "two_workers": "PostgreSQL，poll + 2 worker",
}
KINDS = {"serve": "serve", "worker": "worker", "poll": "poll", "postgresql": "PostgreSQL", "emulator": "写消息的一方"}
TIMERS = {
    "huixiang_sqlite": ("回响，SQLite", 0),
    "huixiang_postgresql": ("回响，PostgreSQL", 0),
    "apscheduler": ("APScheduler，SQLite", 2),
    "procrastinate": ("procrastinate，原样", 3),
    "procrastinate_tuned": ("procrastinate，调快了", 3),
}
NOT_MEASURED = "（没有测）"


def main() -> None:
    found = json.loads(FIGURES_FILE.read_text("utf-8"))
    for name, drawing in drawings(found["parts"]).items():
        (PICTURES / name).write_text(drawing, "utf-8")
    for name, block in blocks(found).items():
        fill(PAGE, name, block)


def blocks(found: Found) -> dict[str, str]:
    """What the page says in figures, by the name of its place."""
    parts = found["parts"]
    return {
        "aims": aims(parts, "| | 目标 | 测得 | |", lambda aim: aim.name, ("到了", "没到", "没有测")),
        "bots": measured(parts, "turns", bots),
        "cores": measured(parts, "postgres", cores),
        "how": how(found),
        "english": aims(
            parts, "| | aim | found | |", lambda aim: aim.english, ("reached", "missed", "not measured")
        ),
    }  # fmt: skip


def drawings(parts: Mapping[str, Found]) -> dict[str, str]:
    """By the name of the file; only of what was measured."""
    drawn: dict[str, tuple[str, Callable[[Found], str]]] = {
        "turns.svg": ("turns", speeds),
        "waits.svg": ("turns", waits),
        "postgres.svg": ("postgres", processors),
        "timers.svg": ("timers", timers),
        "memory.svg": ("memory", memory),
    }
    return {name: draw(parts[part]) for name, (part, draw) in drawn.items() if _ran(parts, part)}


def aims(parts: Mapping[str, Found], head: str, name: Callable[[Aim], str], ends: tuple[str, str, str]) -> str:
    lines_ = [head, "| --- | ---: | ---: | --- |"]
    for aim in AIMS:
        value = aim.found(parts)
        told = "" if value is None else aim.told(value)
        end = ends[2] if value is None else ends[0] if aim.reached(value) else f"**{ends[1]}**"
        lines_.append(f"| {name(aim)} | {aim.wanted} | {told} | {end} |")
    return "\n".join(lines_)


def measured(parts: Mapping[str, Found], part: str, write: Callable[[Found], str]) -> str:
    return write(parts[part]) if _ran(parts, part) else NOT_MEASURED


def bots(found: Found) -> str:
    heads = (
        "每秒",
        "CPU 毫秒/条",
        "连同子进程",
        "内存 MiB",
        "连同子进程",
        "20/s 中位 ms",
        "99%",
        "100/s 中位 ms",
        "99%",
    )
    return _table(heads, {BOTS[name]: figures.values() for name, figures in found["bots"].items()})


def cores(found: Found) -> str:
    """How many cores each kind of process kept busy at full speed."""
    shares = {SETUPS[name]: _shares(figures) for name, figures in found["setups"].items()}
    return _table(tuple(KINDS.values()), shares)


def how(found: Found) -> str:
    """The machine, and what each part did: without names and places."""
    machine, parts = found["machine"], found["parts"]
    day = max((part["at"] for part in parts.values()), default="?")
    said = [f"{day}，{machine.get('cores', '?')} 个核心，Python {machine.get('python', '?')}"]
    busy = max((part.get("busy", 0.0) for part in parts.values()), default=0.0)
    if busy > machine.get("cores", 1) / 2:
        said.append(f"**测的时候这台机器上还有别的程序在跑（开始时负载 {busy:.1f}），这些数字只占个位置**")
    said += [say(parts[part]) for part, say in SAID.items() if _ran(parts, part)]
    return "\n".join(f"- {one}。" for one in said)


def _of_turns(found: Found) -> str:
    return f"每个机器人每轮 {found['sizes']['messages']:,} 条，{found['sizes']['rounds']} 轮，取中位"


def _of_timers(found: Found) -> str:
    return f"到点的事：同一刻 {found['sizes']['timers']:,} 件"


def _of_outage(found: Found) -> str:
    many = f"没到点 {found['pending']:,} 件、过了点 {found['overdue']:,} 件"
    took = f"{found['ready_s']:.1f} 秒就绪、{found['fired_s']:.1f} 秒全部补上"
    return f"停机之后：{many}，{took}；没有过点的事时 {found['quiet_ready_s']:.1f} 秒就绪"


def _of_stored(found: Found) -> str:
    many = f"{found['messages']:,} 条消息、{found['cases']:,} 件案件，{found['gigabytes']:.1f} GiB"
    scans = f"要翻整张表的：{'、'.join(found['scans'])}" if found["scans"] else "没有一条语句要翻整张表"
    return f"存满：{many}；{scans}"


def _of_memory(found: Found) -> str:
    ours, theirs = (found["bots"][name]["growth_mib_h"] for name in ("huixiang", "aiogram"))
    grown = f"后一半时间里回响每小时长 {ours:.1f} MiB，aiogram {theirs:.1f} MiB"
    return f"内存：每秒 {found['rate']:g} 条，{found['minutes']:g} 分钟；{grown}"


def _of_start(found: Found) -> str:
    ours = f"{found['seconds']:.1f} 秒、{found['memory_mib']:.0f} MiB"
    ratio, alone = found["of_aiogram_import"]["median"], found["aiogram_seconds"]
    beside = f"是这台机器上光 import aiogram（{alone:.1f} 秒）的 {ratio:.2f} 倍"
    return f"冷启动到网页聊天里的第一句答话（没有 Telegram）：{ours}；{beside}"


SAID: dict[str, Callable[[Found], str]] = {
    "turns": _of_turns,
    "timers": _of_timers,
    "outage": _of_outage,
    "stored": _of_stored,
    "memory": _of_memory,
    "start": _of_start,
}


def speeds(found: Found) -> str:
    return bars("每秒答几条", {"": [_of(name, one["per_second"]) for name, one in found["bots"].items()]}, "/s")


def waits(found: Found) -> str:
    groups = {
        title: [_of(name, one[figure]) for name, one in found["bots"].items()]
        for title, figure in (("每秒 20 条，99% 的人等", "p99_20"), ("每秒 100 条，99% 的人等", "p99_100"))
    }
    return bars("人等多久", groups, " ms")


def processors(found: Found) -> str:
    rows = {
        f"{SETUPS[name]}：{figures['per_second']:.0f}/s": _shares(figures) for name, figures in found["setups"].items()
    }
    return stacked("全速时各占几个核心", rows, tuple(KINDS.values()), "")


def timers(found: Found) -> str:
    seconds = found["seconds"]
    drawn = [Bar(TIMERS[name][0], seconds[name], TIMERS[name][1]) for name in TIMERS]
    return bars("同一刻到点的事，最后一件晚多久", {"": drawn}, " s")


def memory(found: Found) -> str:
    ours, theirs = found["samples"]["huixiang"], found["samples"]["aiogram"]
    series = {
        "回响": [(at / 60, mib) for at, mib, _ in ours],
        "连同它开的进程": [(at / 60, tree) for at, _, tree in ours],
        "aiogram 纯回声": [(at / 60, mib) for at, mib, _ in theirs],
    }
    return lines("一直有人写时的内存", series, "分钟", "MiB")


def _of(name: str, value: float) -> Bar:
    return Bar(BOTS[name], value, SHADES[name])


def _shares(figures: Mapping[str, float]) -> list[float]:
    return [figures.get(f"cpu_{kind}", 0.0) for kind in KINDS]


def _ran(parts: Mapping[str, Found], part: str) -> bool:
    return part in parts and "failed" not in parts[part]


def _table(heads: tuple[str, ...], rows: Mapping[str, Any]) -> str:
    head = f"| | {' | '.join(heads)} |\n| --- |{' ---: |' * len(heads)}"
    body = (f"| {name} | {' | '.join(map(figure, row))} |" for name, row in rows.items())
    return "\n".join([head, *body])


if __name__ == "__main__":
    main()
