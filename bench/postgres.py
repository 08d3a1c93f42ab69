"""PostgreSQL: the same turn as over SQLite, taken by one worker and by two, and who uses the processors meanwhile.

One round: `serve` over SQLite; then, each over a new database of one server, `poll` with one worker, and with two.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table

from bench import ours
from bench.processes import Emulator, Use, tree_cpu
from bench.report import Found, medians, ratios
from bench.sizes import Sizes
from bench.turns import at_full_speed, at_rates
from tests.databases import Server

SQLITE, ONE, TWO = "sqlite", "one_worker", "two_workers"
SETUPS: dict[str, Sequence[str]] = {SQLITE: ("serve",), ONE: ("poll", "worker"), TWO: ("poll", "worker", "worker")}
NAMES = {SQLITE: "SQLite, serve", ONE: "PostgreSQL, poll + 1 worker", TWO: "PostgreSQL, poll + 2 workers"}
CPU = "cpu_"
"""Begins the names of figures that say how many of the machine's cores one kind of process kept busy."""
KINDS = ("serve", "poll", "worker", "postgresql", "emulator")


async def measure(setup: str, server: Server, sizes: Sizes) -> dict[str, float]:
    """Answers a second, times at 20 and 100 a second (ms), cores kept busy by each kind of process."""
    async with contextlib.AsyncExitStack() as stack:
        api = await Emulator.start()
        stack.push_async_callback(api.stop)
        settings = {**ours.telegram(api), **sizes.settings}
        if setup != SQLITE:
            settings["HUIXIANG_DATABASE_URL"] = url = server.fresh()
            stack.callback(server.drop, url)
        fleet = await stack.enter_async_context(ours.running(SETUPS[setup], settings))
        await api.until_polled()
        busy = Busy(fleet, server, api)
        full, _ = await at_full_speed(api, busy.use, sizes.messages // 2)
        shares = busy.shares(full["seconds"])
        slow, fast = await at_rates(api, sizes.messages // 2)
        return {
            "per_second": full["per_second"],
            "p50_20": slow["p50_ms"], "p99_20": slow["p99_ms"], "p50_100": fast["p50_ms"], "p99_100": fast["p99_ms"],
            **shares,
        }  # fmt: skip


class Busy:
    """Who used the processors between the last two looks."""

    def __init__(self, fleet: ours.Fleet, server: Server, api: Emulator) -> None:
        self._fleet, self._postgres, self._api = fleet, ours.pid_of(server), api
        self._looks: list[dict[str, float]] = []

    def use(self) -> Use:
        """Of our own processes; the others are remembered."""
        self._looks.append({
            **{kind: use.tree for kind, use in self._fleet.use().items()},
            "postgresql": tree_cpu(self._postgres), "emulator": self._api.watched.cpu(),
        })  # fmt: skip
        return sum(self._fleet.use().values(), Use(0.0, 0.0))

    def shares(self, seconds: float) -> dict[str, float]:
        before, after = self._looks[-2:]
        return {CPU + kind: (after.get(kind, 0.0) - before.get(kind, 0.0)) / seconds for kind in KINDS}


async def run(sizes: Sizes) -> Found:
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in SETUPS}
    async with ours.postgres() as server:
        for _ in range(sizes.fewer):
            for name in SETUPS:
                rounds[name].append(await measure(name, server, sizes))
    speeds = {name: [one["per_second"] for one in found] for name, found in rounds.items()}
    return {
        "setups": {name: medians(found) for name, found in rounds.items()},
        "one_of_sqlite": ratios(speeds[ONE], speeds[SQLITE]),
        "two_of_one": ratios(speeds[TWO], speeds[ONE]),
    }


def show(found: Found) -> Iterator[Table | str]:
    table = Table("on", "answers/s", "p50 20/s", "p99", "p50 100/s", "p99", *(f"{kind}: cores" for kind in KINDS))
    for name, figures in found["setups"].items():
        table.add_row(NAMES[name], *_cells(figures))
    yield table
    for name, words in (("one_of_sqlite", "one worker / SQLite"), ("two_of_one", "two workers / one")):
        yield f"answers per second, {words}: median {found[name]['median']:.2f} {found[name]['each']}"


def _cells(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, value in figures.items():
        yield f"{value:.2f}" if name.startswith(CPU) else f"{value:.1f}"
