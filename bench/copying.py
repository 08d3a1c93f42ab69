"""Copies of what a company's database holds, made by the database itself: millions of rows in minutes.

Copy `n` of a row has the row's id and `n` times `STRIDE`; whatever names a row by its id moves with it. The statements
are the same for SQLite and PostgreSQL.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.company import STAFF
from storage.address import file_of, for_libpq, is_postgres

STRIDE = 10_000
"""More than the ids of the company that is copied."""
CHUNK = 2000
SHIFT = f"copies.n * {STRIDE}"
MINE = f"(CASE WHEN {{0}} > {len(STAFF)} THEN {{0}} + {SHIFT} ELSE {{0}} END)"
"""A person, or their chat: staff are not copied, and the same staff see to all."""
MOVED = f"({{0}} + {SHIFT})"
TEXT_ID = f"CAST(CAST({{0}} AS BIGINT) + {SHIFT} AS TEXT)"
ABOUT = "CASE " + " ".join(
    f"WHEN {{0}} LIKE '{kind}:%' THEN '{kind}:' || {TEXT_ID.format(f'substr({{0}}, {len(kind) + 2})')}"
    for kind in ("case", "task")
) + " ELSE {0} || ':' || copies.n END"  # fmt: skip
CHAT = f"CASE WHEN base.channel = 'telegram' THEN {TEXT_ID} ELSE {{0}} END"
COLUMNS: dict[str, dict[str, str]] = {
    "person": {"id": MOVED},
    "conversation": {"id": MOVED, "person_id": MINE, "chat": CHAT},
    "inbox": {"id": MOVED, "key": TEXT_ID, "lane": "'telegram:' || " + TEXT_ID.format("substr({0}, 10)")},
    "outbox": {
        "id": MOVED, "event_id": MOVED, "person_id": MINE, "case_id": MOVED, "chat": CHAT,
        "token": "CAST(copies.n AS TEXT) || {0}",
    },
    "cases": {
        "id": MOVED, "customer_id": MINE, "reporter_id": MINE, "owner_id": MINE,
        "number": "'HX' || " + TEXT_ID.format("substr({0}, 3)"),
    },
    "case_entry": {"id": MOVED, "case_id": MOVED, "actor_id": MINE},
    "task": {"id": MOVED, "case_id": MOVED, "owner_id": MINE},
    "escalation": {"id": MOVED, "about": ABOUT, "taken_by": MINE},
    "timer": {"id": MOVED, "about": ABOUT},
}  # fmt: skip
"""What becomes of each column that is not simply the same. `{0}` is the column."""
STAFFED = ("person", "conversation")
"""Their first rows are the staff's."""


def copy(url: str, copies: int) -> None:
    """So many companies more."""
    with connection(url) as driver:
        for table in COLUMNS:
            driver.execute(f"CREATE TEMP TABLE base_{table} AS SELECT * FROM {table} WHERE {_copied(table)}")
        for first in range(1, copies + 1, CHUNK):
            for table in COLUMNS:
                driver.execute(_copies(driver, table, first, min(copies, first + CHUNK - 1)))
        if is_postgres(url):
            _count_on(driver)


def count(url: str, table: str) -> int:
    with connection(url) as driver:
        return int(driver.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def written(url: str, moment: datetime) -> str:
    """As it stands in the database; `moment` is aware."""
    moment = moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds") if is_postgres(url) else f"{moment:%Y-%m-%d %H:%M:%S.%f}"


@contextlib.contextmanager
def connection(url: str) -> Iterator[Any]:
    """One's own, each statement its own transaction. Quick and forgetful on SQLite: only for filling and looking."""
    if is_postgres(url):
        with psycopg.connect(for_libpq(url), autocommit=True) as driver:
            yield driver
        return
    with contextlib.closing(sqlite3.connect(file_of(url), isolation_level=None, timeout=30)) as driver:
        for pragma in ("synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
            driver.execute(f"PRAGMA {pragma}")
        yield driver


def _copied(table: str) -> str:
    return f"id > {len(STAFF)}" if table in STAFFED else "TRUE"


def _copies(driver: Any, table: str, first: int, last: int) -> str:
    """The copies outside, the rows inside: so that ids grow, and indexes with them at their ends."""
    names = [str(one[0]) for one in driver.execute(f"SELECT * FROM {table} LIMIT 0").description]
    values = ", ".join(COLUMNS[table].get(name, "{0}").format(f"base.{name}") for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)})"
        f" WITH RECURSIVE copies(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM copies WHERE n < {last})"
        f" SELECT {values} FROM copies CROSS JOIN base_{table} AS base"
    )


def _count_on(driver: Any) -> None:
    """PostgreSQL counts ids by itself, and would look at the new rows by itself a little later."""
    for table in COLUMNS:
        driver.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    driver.execute("ANALYZE")
