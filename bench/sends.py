"""Sends: what one message costs the process that sends it, by each library alone and by us over each of them."""

from collections.abc import Iterator

from rich.table import Table

from bench.peers.sending import WAYS
from bench.processes import Emulator, Watched
from bench.report import Found, ratios, rounded
from bench.sizes import Sizes


async def cost(way: str) -> float:
    """CPU milliseconds a send, in a fresh process against a fresh emulator."""
    api = await Emulator.start()
    sender = None
    try:
        await api.ask("start", user=7, payload="")
        sender = await Watched.start("bench.peers.sending", WAY=way, TOKEN=api.token, BASE=api.base)
        return float(await sender.line())
    finally:
        if sender is not None:
            await sender.stop()
        await api.stop()


async def run(sizes: Sizes) -> Found:
    """Alternating, so that a slow minute hits all."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(sizes.fewer):
        for way in WAYS:
            found[way].append(await cost(way))
    return {
        "cpu_ms": {way: rounded(sorted(costs)[len(costs) // 2]) for way, costs in found.items()},
        "of_aiogram": {way: ratios(costs, found["aiogram"]) for way, costs in found.items()},
    }


def show(found: Found) -> Iterator[Table | str]:
    table = Table("sending by", "CPU ms a send", "of aiogram's")
    for way, cpu in found["cpu_ms"].items():
        table.add_row(way, f"{cpu:.2f}", f"{found['of_aiogram'][way]['median']:.2f}")
    yield table
