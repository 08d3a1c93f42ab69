"""Memory: our process with Telegram and aiogram's plain echo, side by side, while people write at a steady rate.

Growth is the slope through the samples of the second half; before that caches fill.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

from rich.table import Table

from bench.processes import Emulator, Watched
from bench.report import Found, rounded
from bench.sizes import Sizes
from bench.turns import AIOGRAM, NAMES, OURS, Start, start_aiogram, start_ours

SAMPLE_SECONDS = 2.0
SLICE_SECONDS = 20.0
"""New people come with each slice; each of them writes four times."""
Sample = tuple[float, float, float]
"""Seconds since the start, MiB of the process, MiB with those it started."""


async def run(sizes: Sizes) -> Found:
    """What both hold in the end, how fast it grows (MiB an hour), and the samples for a picture."""
    async with asyncio.TaskGroup() as both:
        tasks = {name: both.create_task(_one(start, sizes)) for name, start in STARTS.items()}
    samples = {name: task.result() for name, task in tasks.items()}
    bots = {name: _figures(found) for name, found in samples.items()}
    ratio = {name: rounded(bots[OURS][name] / bots[AIOGRAM][name]) for name in ("memory_mib", "tree_mib")}
    return {
        "minutes": sizes.minutes, "rate": sizes.rate, "bots": bots, "of_aiogram": ratio,
        "samples": {name: _thinned(found) for name, found in samples.items()},
    }  # fmt: skip


STARTS: dict[str, Start] = {AIOGRAM: start_aiogram, OURS: start_ours}


async def _one(start: Start, sizes: Sizes) -> list[Sample]:
    async with AsyncExitStack() as running:
        api = await Emulator.start()
        running.push_async_callback(api.stop)
        bot = await start(api, sizes.settings)
        running.push_async_callback(bot.stop)
        await api.until_polled()
        await api.load(100_000, 20, people=5)
        sampling = asyncio.create_task(_sample(bot, sizes.minutes * 60))
        number = 0
        while not sampling.done():
            number += 1
            messages = max(4, round(sizes.rate * min(SLICE_SECONDS, sizes.minutes * 60)))
            await api.load(1_000_000 * (number + 1), messages, people=messages // 4, rate=sizes.rate)
        return await sampling


async def _sample(bot: Watched, seconds: float) -> list[Sample]:
    begun, found = time.perf_counter(), []
    while (at := time.perf_counter() - begun) < seconds:
        found.append((at, bot.memory(), bot.tree_memory()))
        await asyncio.sleep(min(SAMPLE_SECONDS, seconds / 10))
    return found


def _figures(samples: list[Sample]) -> dict[str, float]:
    half = samples[len(samples) // 2 :]
    slope = statistics.linear_regression([one[0] / 3600 for one in half], [one[1] for one in half]).slope
    return {
        "memory_mib": rounded(statistics.median(one[1] for one in half)),
        "tree_mib": rounded(statistics.median(one[2] for one in half)),
        "growth_mib_h": rounded(slope),
        "grown_mib": rounded(half[-1][1] - half[0][1]),
    }


def _thinned(samples: list[Sample]) -> list[list[float]]:
    """A hundred are enough to draw."""
    step = max(1, len(samples) // 100)
    return [[round(value, 1) for value in one] for one in samples[::step]]


def show(found: Found) -> Iterator[Table | str]:
    table = Table("bot", "MiB", "with children", "MiB an hour", "grown in the second half, MiB")
    for name, figures in found["bots"].items():
        table.add_row(NAMES[name], *(f"{value:.1f}" for value in figures.values()))
    yield table
    ratio = found["of_aiogram"]
    yield f"memory, ours / aiogram's: {ratio['memory_mib']:.2f}, with children {ratio['tree_mib']:.2f}"
