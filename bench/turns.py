"""Turns: a plain aiogram echo, a plain python-telegram-bot echo, and our full durable complaint turn.

Each round starts every bot once against a fresh emulator, in turn, so that a slow minute of the machine hits all.
Ours reads the message, opens or continues a case, writes everything to disk and only then answers: over aiogram, or
over what `HUIXIANG_TELEGRAM_LIBRARY` says.
"""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from bench import ours
from bench.processes import Emulator, Use, Watched
from bench.report import Found, medians, ratios
from bench.sizes import Sizes

Start = Callable[[Emulator, Mapping[str, str]], Awaitable[Watched]]
OURS, AIOGRAM, PTB = "huixiang", "aiogram", "ptb"
NAMES = {AIOGRAM: "aiogram echo", PTB: "python-telegram-bot echo", OURS: "回响 complaint turn"}


@dataclass(frozen=True)
class Figures:
    """Answers a second when people write as soon as they are answered; then times (ms) at given rates.

    CPU in ms an answer, memory in MiB: of the process itself, and with those it started.
    """

    per_second: float
    cpu_ms: float
    tree_cpu_ms: float
    memory_mib: float
    tree_mib: float
    p50_20: float
    p99_20: float
    p50_100: float
    p99_100: float


async def start_aiogram(api: Emulator, _settings: Mapping[str, str]) -> Watched:
    return await Watched.start("bench.peers.aiogram_echo", TOKEN=api.token, BASE=api.base)


async def start_ptb(api: Emulator, _settings: Mapping[str, str]) -> Watched:
    return await Watched.start("bench.peers.ptb_echo", TOKEN=api.token, BASE=api.base)


async def start_ours(api: Emulator, settings: Mapping[str, str]) -> Watched:
    return await ours.start("serve", {**ours.telegram(api), **settings})


BOTS: dict[str, Start] = {AIOGRAM: start_aiogram, PTB: start_ptb, OURS: start_ours}


async def measure(start: Start, sizes: Sizes) -> Figures:
    """One bot, started fresh."""
    async with contextlib.AsyncExitStack() as running:
        api = await Emulator.start()
        running.push_async_callback(api.stop)
        bot = await start(api, sizes.settings)
        running.push_async_callback(bot.stop)
        await api.until_polled()
        full, used = await at_full_speed(api, bot.use, sizes.messages)
        slow, fast = await at_rates(api, sizes.messages)
        each = 1000 / full["answered"]
        return Figures(
            full["per_second"], used.main * each, used.tree * each, bot.memory(), bot.tree_memory(),
            slow["p50_ms"], slow["p99_ms"], fast["p50_ms"], fast["p99_ms"],
        )  # fmt: skip


async def at_full_speed(api: Emulator, use: Callable[[], Use], messages: int) -> tuple[dict[str, Any], Use]:
    """What the load found, and what the bot used for it; after a fifth as much to get warm."""
    await api.load(100_000, max(10, messages // 5), people=50)
    before = use()
    found = await api.load(200_000, messages, people=max(50, messages // 4))
    return found, use() - before


async def at_rates(api: Emulator, messages: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """At 20 and at 100 a second, about ten seconds each."""
    slow = await api.load(300_000, max(10, messages // 10), people=100, rate=20)
    fast = await api.load(400_000, max(20, messages // 2), people=250, rate=100)
    return slow, fast


async def run(sizes: Sizes) -> Found:
    """Alternating measurements of each bot: medians, and our ratio to each peer."""
    rounds: dict[str, list[Figures]] = {name: [] for name in BOTS}
    for _ in range(sizes.rounds):
        for name, start in BOTS.items():
            rounds[name].append(await measure(start, sizes))
    speeds = {name: [one.per_second for one in found] for name, found in rounds.items()}
    return {
        "bots": {name: medians([asdict(one) for one in found]) for name, found in rounds.items()},
        "ratios": {peer: ratios(speeds[OURS], speeds[peer]) for peer in (AIOGRAM, PTB)},
    }


def show(found: Found) -> Iterator[Table | str]:
    heads = ("answers/s", "CPU ms", "with children", "MiB", "with children", "p50 20/s", "p99", "p50 100/s", "p99")
    table = Table("bot", *heads)
    for name, figures in found["bots"].items():
        table.add_row(NAMES[name], *(f"{value:.1f}" for value in figures.values()))
    yield table
    for peer, ratio in found["ratios"].items():
        each = ", ".join(f"{one:.2f}" for one in ratio["each"])
        yield f"our complaint turns per second / {NAMES[peer]}: median {ratio['median']:.2f} ({each})"
