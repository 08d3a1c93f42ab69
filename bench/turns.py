"""Turns: a plain aiogram echo, a plain python-telegram-bot echo, and our full durable complaint turn.

Each round starts every bot once against a fresh emulator, in turn, so that a slow minute of the machine hits all.
Ours reads the message, opens or continues a case, writes everything to disk and only then answers: over aiogram, or
over what `HUIXIANG_TELEGRAM_LIBRARY` says.
"""

import asyncio
import contextlib
import os
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.processes import Emulator, Watched

TEXT = "厨房油污根本没擦干净，我要求返工"
Start = Callable[[Emulator], Awaitable[Watched]]


@dataclass(frozen=True)
class Figures:
    """Answers a second when people write as soon as they are answered; then times at given rates."""

    per_second: float
    cpu_ms: float
    memory_mib: float
    p50_20: float
    p99_20: float
    p50_100: float
    p99_100: float


async def start_aiogram(api: Emulator) -> Watched:
    return await Watched.start("bench.peers.aiogram_echo", TOKEN=api.token, BASE=api.base)


async def start_ptb(api: Emulator) -> Watched:
    return await Watched.start("bench.peers.ptb_echo", TOKEN=api.token, BASE=api.base)


async def start_ours(api: Emulator) -> Watched:
    return await Watched.start(
        "bot.cli", "serve",
        HUIXIANG_DATA_DIR=tempfile.mkdtemp(prefix="huixiang-bench-"),
        HUIXIANG_PORT="0",
        HUIXIANG_TELEGRAM_TOKEN=api.token,
        HUIXIANG_TELEGRAM_API=api.base,
        HUIXIANG_TELEGRAM_PER_SECOND="1000",
        HUIXIANG_TELEGRAM_LIBRARY=os.environ.get("HUIXIANG_TELEGRAM_LIBRARY", "aiogram"),
    )  # fmt: skip


BOTS: dict[str, Start] = {
    "aiogram echo": start_aiogram,
    "python-telegram-bot echo": start_ptb,
    "回响 complaint turn": start_ours,
}


async def measure(start: Start, messages: int) -> Figures:
    """One bot, started fresh."""
    async with contextlib.AsyncExitStack() as running:
        api = await Emulator.start()
        running.push_async_callback(api.stop)
        bot = await start(api)
        running.push_async_callback(bot.stop)
        await api.until_polled()
        await api.ask("load", messages=messages // 5, people=50, text=TEXT, first_id=100_000)
        before = bot.cpu()
        full = await api.ask("load", messages=messages, people=max(50, messages // 4), text=TEXT, first_id=200_000)
        cpu = bot.cpu() - before
        slow = await api.ask("load", messages=200, people=100, rate=20, text=TEXT, first_id=300_000)
        fast = await api.ask("load", messages=1000, people=250, rate=100, text=TEXT, first_id=400_000)
        return Figures(
            full["per_second"], cpu / full["answered"] * 1000, bot.memory(),
            slow["p50_ms"], slow["p99_ms"], fast["p50_ms"], fast["p99_ms"],
        )  # fmt: skip


async def run(rounds: int, messages: int) -> dict[str, list[Figures]]:
    """`rounds` alternating measurements of each bot."""
    figures: dict[str, list[Figures]] = {name: [] for name in BOTS}
    for _ in range(rounds):
        for name, start in BOTS.items():
            figures[name].append(await measure(start, messages))
    return figures


def show(figures: dict[str, list[Figures]]) -> None:
    """Medians, and our ratio to each peer taken round by round."""
    console = Console()
    table = Table("bot", "answers/s", "CPU ms", "MiB", "p50 20/s", "p99 20/s", "p50 100/s", "p99 100/s")
    for name, found in figures.items():
        columns = zip(*(tuple(vars(one).values()) for one in found), strict=True)
        table.add_row(name, *(f"{statistics.median(column):.1f}" for column in columns))
    console.print(table)
    ours = figures["回响 complaint turn"]
    for name, found in figures.items():
        ratios = [mine.per_second / peer.per_second for mine, peer in zip(ours, found, strict=True)]
        if found is not ours:
            each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            console.print(f"our complaint turns per second / {name}: median {statistics.median(ratios):.2f} ({each})")


def main(rounds: int = 3, messages: int = 2000) -> None:
    show(asyncio.run(run(rounds, messages)))
