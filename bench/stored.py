"""A full database: what a turn costs with millions of messages and cases stored, against one with a few.

Both hold the same people's stories, closed and a year old; one of them very many times over.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.table import Table

from bench.company import Company
from bench.copying import connection, copy, count, written
from bench.processes import Watched, temporary
from bench.report import Found, medians, ratios, rounded
from bench.sizes import Sizes

EMPTY, FULL = "empty", "full"
BYTES_A_MESSAGE = 4000
"""On disk while it is filled, with its part of cases, timelines and indexes; generously."""
CLOSED = (
    "UPDATE cases SET status = 'closed', opened_at = '{old}', closed_at = '{old}'",
    "UPDATE cases SET respond_by = '{old}', resolve_by = '{old}'",
    "UPDATE task SET state = 'done', done_at = '{old}'",
    "UPDATE escalation SET state = 'ended'",
    "UPDATE timer SET due_at = '{old}', fired_at = '{old}'",
    "UPDATE inbox SET received_at = '{old}', ready_at = '{old}', handled_at = '{old}'",
    "UPDATE outbox SET state = 'sent', created_at = '{old}', not_before = '{old}', sent_at = '{old}'",
    "UPDATE conversation SET last_in_at = '{old}' WHERE channel = 'telegram'",
)
"""A year later."""


async def run(sizes: Sizes) -> Found:
    """Medians over the rounds for each, and the ratio of what a turn costs."""
    folder = temporary()
    try:
        empty, full = folder / EMPTY, folder / FULL
        copies, filled = fill(empty, full, sizes.stored)
        rounds: dict[str, list[dict[str, Any]]] = {EMPTY: [], FULL: []}
        for number in range(sizes.rounds):
            rounds[EMPTY].append(await _turns(empty, 0, number, sizes))
            rounds[FULL].append(await _turns(full, copies, number, sizes))
    finally:
        shutil.rmtree(folder)
    scans = rounds[FULL][-1]["scans"]
    for one in (*rounds[EMPTY], *rounds[FULL]):
        del one["scans"]
    return {
        **filled,
        "turns": {name: medians(found) for name, found in rounds.items()},
        "of_empty": {name: _ratio(rounds, name) for name in ("cpu_ms", "statements_ms")},
        "scans": scans,
    }


def fill(empty: Path, full: Path, messages: int) -> tuple[int, Found]:
    """How many copies there are, and what they came to. Raises `RuntimeError` when the disk is too small."""
    if shutil.disk_usage(empty.parent).free < messages * BYTES_A_MESSAGE:
        raise RuntimeError("not enough room on the disk")
    empty.mkdir()
    with closing(Company(empty)) as company:
        company.settle()
    small, large = (f"sqlite:///{folder / 'huixiang.db'}" for folder in (empty, full))
    old = written(small, datetime.now(UTC) - timedelta(days=365))
    with connection(small) as driver:
        for statement in CLOSED:
            driver.execute(statement.format(old=old))
    shutil.copytree(empty, full)
    each = count(small, "inbox") + count(small, "outbox")
    copies = -(-messages // each) - 1
    begun = time.perf_counter()
    copy(large, max(0, copies))
    filled = {
        "messages": count(large, "inbox") + count(large, "outbox"),
        "cases": count(large, "cases"),
        "gigabytes": rounded((full / "huixiang.db").stat().st_size / 2**30),
        "filling_s": rounded(time.perf_counter() - begun),
    }
    return max(0, copies), filled


async def _turns(folder: Path, copies: int, number: int, sizes: Sizes) -> dict[str, Any]:
    process = await Watched.start(
        "bench.turning",
        FOLDER=str(folder),
        TURNS=str(sizes.turns),
        COPIES=str(copies),
        SKIP=str(number * sizes.turns),
    )
    try:
        answer: dict[str, Any] = json.loads(await process.line())
        return answer
    finally:
        await process.stop()


def _ratio(rounds: dict[str, list[dict[str, Any]]], name: str) -> Found:
    full, empty = ([one[name] for one in rounds[which]] for which in (FULL, EMPTY))
    return ratios(full, empty)


def show(found: Found) -> Iterator[Table | str]:
    yield (
        f"{found['messages']:,} messages and {found['cases']:,} cases, {found['gigabytes']:.1f} GiB"
        f" (filled in {found['filling_s']:.0f} s)"
    )
    table = Table("database", "CPU ms a turn", "of it in statements", "statements")
    for name, figures in found["turns"].items():
        table.add_row(name, *(f"{figures[one]:.2f}" for one in ("cpu_ms", "statements_ms", "statements")))
    yield table
    for name, ratio in found["of_empty"].items():
        yield f"{name}, full / empty: {ratio['median']:.2f} {ratio['each']}"
    for scan in found["scans"]:
        yield f"looks through all of {scan}"
