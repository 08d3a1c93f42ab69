"""Timers: so many are due at one moment; how long after it the last has fired.

Ours is an unanswered case that is passed on to the next rung: handled in a turn and committed. APScheduler's job store
and procrastinate write a row. All are watched from outside, through the database.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.table import Table

from bench import ours
from bench.company import PEOPLE, settled
from bench.copying import connection, copy, written
from bench.processes import Watched, temporary
from bench.report import Found, ratios, rounded
from bench.sizes import Sizes
from bench.start import address
from tests.databases import Server

NOTICE, LOOK, PATIENCE = 3.0, 0.02, 180.0
"""Seconds: until they are due, between two looks, until we give up."""
SQLITE, POSTGRES = "huixiang_sqlite", "huixiang_postgresql"
APSCHEDULER, PROCRASTINATE, TUNED = "apscheduler", "procrastinate", "procrastinate_tuned"
NAMES = {
    SQLITE: "回响 on SQLite (serve)",
    APSCHEDULER: "APScheduler, SQLAlchemyJobStore on SQLite",
    POSTGRES: "回响 on PostgreSQL (worker)",
    PROCRASTINATE: "procrastinate on PostgreSQL, as it comes",
    TUNED: "procrastinate, 10 at once, looking every 0.1 s",
}
WORKERS = {PROCRASTINATE: ("1", "5"), TUNED: ("10", "0.1")}
"""How many jobs at once, and seconds between two looks."""


@dataclass(frozen=True)
class Prepared:
    """A company with enough cases, to be copied for each measurement: a SQLite file, and a database of the server."""

    file: Path
    server: Server
    template: str


async def run(sizes: Sizes) -> Found:
    """Seconds after the moment, by who fired them; then our ratios to the peers on the same database."""
    seconds: dict[str, list[float]] = {name: [] for name in NAMES}
    async with prepared(sizes.timers) as company:
        for _ in range(sizes.fewer):
            for name in NAMES:
                seconds[name].append(await WAYS[name](company, sizes))
    return {
        "seconds": {name: rounded(sorted(found)[len(found) // 2]) for name, found in seconds.items()},
        "of_apscheduler": ratios(seconds[SQLITE], seconds[APSCHEDULER]),
        "of_procrastinate": ratios(seconds[POSTGRES], seconds[PROCRASTINATE]),
        "of_procrastinate_tuned": ratios(seconds[POSTGRES], seconds[TUNED]),
    }


@contextlib.asynccontextmanager
async def prepared(timers: int) -> AsyncIterator[Prepared]:
    folder = temporary()
    async with ours.postgres() as server:
        try:
            file = folder / "huixiang.db"
            template = server.fresh()
            for url in (f"sqlite:///{file}", template):
                with settled(folder, url):
                    pass
                copy(url, -(-timers // PEOPLE))
                with connection(url) as driver:
                    driver.execute("UPDATE outbox SET state = 'sent'")
            yield Prepared(file, server, template.partition("?")[0].rpartition("/")[2])
        finally:
            shutil.rmtree(folder)


async def on_sqlite(company: Prepared, sizes: Sizes) -> float:
    folder = temporary()
    shutil.copy(company.file, folder)
    serving = await ours.start("serve", sizes.settings, folder)
    try:
        await address(serving)
        return await fired(f"sqlite:///{folder / company.file.name}", sizes.timers)
    finally:
        await serving.stop()


async def on_postgres(company: Prepared, sizes: Sizes) -> float:
    url = company.server.fresh(company.template)
    try:
        async with ours.running(("worker",), {"HUIXIANG_DATABASE_URL": url, **sizes.settings}):
            return await fired(url, sizes.timers)
    finally:
        company.server.drop(url)


async def fired(url: str, timers: int) -> float:
    """Seconds, from the moment they are due to when nothing of it is left to do."""
    due = time.time() + NOTICE
    moment = written(url, datetime.fromtimestamp(due, UTC))
    some = f"SELECT id FROM timer WHERE what = 'ladder' ORDER BY id LIMIT {timers}"
    left = (
        f"SELECT (SELECT count(*) FROM timer WHERE fired_at IS NULL AND due_at <= '{moment}')"
        " + (SELECT count(*) FROM inbox WHERE state = 'new')"
    )
    with connection(url) as driver:
        driver.execute(f"UPDATE timer SET due_at = '{moment}', fired_at = NULL WHERE id IN ({some})")
        return await _until(due, lambda: not _number(driver, left))


async def by_apscheduler(_company: Prepared, sizes: Sizes) -> float:
    folder = temporary()
    jobs, rows = str(folder / "jobs.db"), str(folder / "fired.db")
    peer = partial(Watched.start, "bench.peers.apscheduler_timers", folder=folder, JOBS=jobs, FIRED=rows)
    return await _by_peer(peer, f"sqlite:///{rows}", sizes.timers)


async def by_procrastinate(name: str, company: Prepared, sizes: Sizes) -> float:
    at_once, polling = WORKERS[name]
    url = company.server.fresh()
    module = "bench.peers.procrastinate_timers"
    peer = partial(Watched.start, module, URL=url, CONCURRENCY=at_once, POLLING=polling)
    try:
        return await _by_peer(peer, url, sizes.timers)
    finally:
        company.server.drop(url)


WAYS: dict[str, Callable[[Prepared, Sizes], Awaitable[float]]] = {
    SQLITE: on_sqlite,
    APSCHEDULER: by_apscheduler,
    POSTGRES: on_postgres,
    PROCRASTINATE: partial(by_procrastinate, PROCRASTINATE),
    TUNED: partial(by_procrastinate, TUNED),
}


async def _by_peer(start: Callable[..., Awaitable[Watched]], url: str, timers: int) -> float:
    peer = await start(TIMERS=str(timers))
    try:
        due = float(await peer.line())
        with connection(url) as driver:
            return await _until(due, lambda: _number(driver, "SELECT count(*) FROM fired") >= timers)
    finally:
        await peer.stop()


async def _until(due: float, ended: Callable[[], bool]) -> float:
    await asyncio.sleep(due - time.time())
    async with asyncio.timeout(PATIENCE):
        while not ended():
            await asyncio.sleep(LOOK)
    return time.time() - due


def _number(driver: Any, question: str) -> int:
    return int(driver.execute(question).fetchone()[0])


def show(found: Found) -> Iterator[Table | str]:
    table = Table("timers of", "last fired after, s")
    for name, seconds in found["seconds"].items():
        table.add_row(NAMES[name], f"{seconds:.2f}")
    yield table
    for name in ("of_apscheduler", "of_procrastinate", "of_procrastinate_tuned"):
        yield f"our seconds {name.replace('_', ' ')}'s: {found[name]['median']:.2f} {found[name]['each']}"
