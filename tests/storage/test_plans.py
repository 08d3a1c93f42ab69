"""However much was ever stored: no statement looks through a whole table, or through all that a channel ever sent.

SQLite says how it would go about each, in a database without statistics, as a company's own is.
"""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

import handlers
import insight
import storage
import web
from storage import outbox
from storage.migrating import migrate
from storage.statement import Statement

DIALECT = SQLiteDialect_pysqlite()
POSTGRES_ONLY = {
    "storage.bell._RING", "storage.facts._HOLD", "storage.inbox._MINE", "storage.timers._DUE_ALONE",
}  # fmt: skip
MADE_ON_DEMAND = {"storage.usual"}
"""Which there are depends on what ran before; all go by a row's id."""
SMALL = {"branch", "link", "departure", "correction", "desk_login", "desk_session", "failed_login"}
"""Tables that have a few rows, whatever happens."""
NEWEST = {"storage.ratings._LATEST", "storage.webhooks._LATEST", "insight.demand._COUPONS", "insight.board._ANY"}
"""Begin at the newest row and end after a few; of `_ANY` that is as many as the words that are searched for need."""
RARE = {
    "storage.cases._TASKS_LEFT": "somebody leaves",
    "storage.erasing._OUT_OF_REQUEST": "a customer is erased",
    "storage.erasing._SAID_ELSEWHERE": "a customer is erased",
    "storage.erasing._FILES": "a customer is erased",
    "storage.erasing._TOLD": "a customer is erased",
    "storage.inbox._COUNT": "a test asks",
    "storage.waiting._UNDELIVERED": "a metric of all time",
}
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
ONE_CHANNEL = re.compile(r"USING (?:COVERING )?INDEX outbox_(?:chat|ref) \(channel=\?\)")


def statements() -> Iterator[tuple[str, Statement]]:
    """(module and name, statement), each once."""
    for package in (storage, handlers, insight, web):
        for module in _modules(package):
            for name, value in vars(module).items():
                if isinstance(value, Statement):
                    yield f"{module.__name__}.{name}", value
                elif isinstance(value, dict):
                    found = ((f"{name}.{key}", one) for key, one in value.items() if isinstance(one, Statement))
                    yield from ((f"{module.__name__}.{key}", one) for key, one in found)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in found.name and found.name not in MADE_ON_DEMAND:
            yield importlib.import_module(found.name)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    file: Path = tmp_path_factory.mktemp("plans") / "empty.db"
    migrate(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as driver:
        yield driver


def partial(driver: sqlite3.Connection) -> set[str]:
    """The indexes over a few rows of a table only: looking through one of them is no waste."""
    return {name for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE sql LIKE '% WHERE %'")}


def test_no_statement_looks_through_all_that_was_ever_stored(driver: sqlite3.Connection) -> None:
    few, wrong, seen = partial(driver), [], 0
    for name, statement in statements():
        if name in POSTGRES_ONLY | RARE.keys() | NEWEST:
            continue
        seen += 1
        sql = statement.compiled(DIALECT).sql
        for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")):
            scan = SCAN.match(row[3])
            whole = scan is not None and scan[1] not in SMALL and scan[2] not in few
            if whole or ONE_CHANNEL.search(row[3]):
                wrong.append(f"{name}: {row[3]}")
    assert wrong == []
    assert seen > 150


def test_the_exceptions_are_still_there() -> None:
    names = {name for name, _ in statements()}
    assert names >= POSTGRES_ONLY | RARE.keys() | NEWEST


def test_messages_that_wait_are_read_in_the_order_in_which_they_go(driver: sqlite3.Connection) -> None:
    """With thousands in the queue, taking the next forty sorts nothing."""
    sql = outbox._OWED.compiled(DIALECT).sql
    plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))]
    assert plan == ["SEARCH outbox USING INDEX outbox_owed (channel=?)"]
