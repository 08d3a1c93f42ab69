"""After an outage: a company with very many timers starts. How soon is it ready, and when has all that is late fired?

The cases that fell due meanwhile are real ones; the timers that are still to come only stand in the way.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from rich.table import Table

from bench import ours
from bench.company import PEOPLE, settled
from bench.copying import connection, copy, written
from bench.processes import READY_SECONDS, Watched, temporary
from bench.report import Found, rounded
from bench.sizes import Sizes
from bench.start import address

LOOK, PATIENCE = 0.02, 600.0
"""Seconds: between two looks at what is left, and until we give up."""


async def run(sizes: Sizes) -> Found:
    """Seconds from the start of the process; and of a start with nothing to catch up with, for comparison."""
    folder = temporary()
    try:
        begun = time.perf_counter()
        url = fill(folder, sizes)
        filling = time.perf_counter() - begun
        late = await _start(folder, url, sizes)
        quiet = await _start(folder, url, sizes)
    finally:
        shutil.rmtree(folder)
    return {
        "pending": sizes.pending,
        "overdue": sizes.overdue,
        "filling_s": rounded(filling),
        "ready_s": rounded(late["ready_s"]),
        "fired_s": rounded(late["fired_s"]),
        "quiet_ready_s": rounded(quiet["ready_s"]),
    }


def fill(folder: Path, sizes: Sizes) -> str:
    """The database's address."""
    file = folder / "huixiang.db"
    url = f"sqlite:///{file}"
    with settled(folder, url):
        pass
    copy(url, -(-sizes.overdue // PEOPLE))
    now = datetime.now(UTC)
    past, future = (written(url, now + timedelta(hours=hours)) for hours in (-3, 24))
    with connection(url) as driver:
        driver.execute("UPDATE outbox SET state = 'sent'")
        some = f"SELECT id FROM timer WHERE what = 'ladder' ORDER BY id LIMIT {sizes.overdue}"
        driver.execute(f"UPDATE timer SET due_at = '{past}' WHERE id IN ({some})")
        driver.execute(
            "INSERT INTO timer (what, about, due_at, revision, args)"
            f" WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < {sizes.pending})"
            f" SELECT 'case_follow_up', 'case:' || (n + 1000000000), '{future}', 1, '{{}}' FROM more"
        )
    return url


async def _start(folder: Path, url: str, sizes: Sizes) -> dict[str, float]:
    """`huixiang serve`, in a folder that stays."""
    logs = temporary()
    serving = await ours.start("serve", {**sizes.settings, "HUIXIANG_DATA_DIR": str(folder)}, logs)
    try:
        ready = asyncio.ensure_future(_until_ready(serving))
        with connection(url) as driver:
            left = "SELECT (SELECT count(*) FROM timer WHERE fired_at IS NULL AND due_at <= '{}')"
            left = left.format(written(url, datetime.now(UTC))) + " + (SELECT count(*) FROM inbox WHERE state = 'new')"
            async with asyncio.timeout(PATIENCE):
                while driver.execute(left).fetchone()[0]:
                    await asyncio.sleep(LOOK)
            fired = time.perf_counter() - serving.begun
        return {"ready_s": await ready, "fired_s": fired}
    finally:
        await serving.stop()


async def _until_ready(serving: Watched) -> float:
    """Until `/readyz` says so."""
    url = f"http://{await address(serving)}/readyz"
    async with httpx.AsyncClient() as http, asyncio.timeout(READY_SECONDS):
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get(url)).status_code == httpx.codes.OK:
                    return time.perf_counter() - serving.begun
            await asyncio.sleep(LOOK)


def show(found: Found) -> Iterator[Table | str]:
    many = f"{found['pending']:,} timers pending, {found['overdue']:,} overdue"
    yield f"{many} (filled in {found['filling_s']:.0f} s)"
    yield f"ready after {found['ready_s']:.1f} s, all overdue fired after {found['fired_s']:.1f} s"
    yield f"a start without anything overdue: ready after {found['quiet_ready_s']:.1f} s"
