"""Sends: what one message costs the process that sends it, by each library alone and by us over each of them."""

import asyncio
import statistics

from rich.console import Console
from rich.table import Table

from bench.peers.sending import WAYS
from bench.processes import Emulator, Watched


async def cost(way: str) -> float:
    """CPU milliseconds a send, in a fresh process against a fresh emulator."""
    api = await Emulator.start()
    try:
        await api.ask("start", user=7, payload="")
        sender = await Watched.start("bench.peers.sending", WAY=way, TOKEN=api.token, BASE=api.base)
        said, _ = await sender.process.communicate()
        return float(said)
    finally:
        await api.stop()


async def run(rounds: int) -> dict[str, list[float]]:
    """Alternating, so that a slow minute hits all."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(await cost(way))
    return found


def main(rounds: int = 3) -> None:
    found = asyncio.run(run(rounds))
    table = Table("sending by", "CPU ms a send", "of aiogram's")
    for way, costs in found.items():
        ratios = [ours / theirs for ours, theirs in zip(costs, found["aiogram"], strict=True)]
        table.add_row(way, f"{statistics.median(costs):.2f}", f"{statistics.median(ratios):.2f}")
    Console().print(table)
