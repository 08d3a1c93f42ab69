"""SQLite: one writer, many readers who never wait for it.

WAL with `synchronous=FULL`; a write transaction begins with `BEGIN IMMEDIATE`, so that what it read cannot change
under it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import QueuePool

from domain.errors import Busy

PASSING = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
PART, KEEP, UNDO = "SAVEPOINT part", "RELEASE SAVEPOINT part", "ROLLBACK TO SAVEPOINT part"


class Backend:
    """`url` as SQLAlchemy writes it; `patience` is how many seconds to wait for another program."""

    errors: tuple[type[Exception], ...] = (sqlite3.OperationalError,)
    shared = False

    def __init__(self, url: str, patience: float) -> None:
        self._writers = _engine(url, patience, size=1, readonly=False)
        self._readers = _engine(url, patience, size=8, readonly=True)
        self.dialect: Dialect = self._writers.dialect

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with _connection(self._writers) as driver:
            _plainly(driver, "BEGIN IMMEDIATE")
            try:
                yield driver
                _plainly(driver, "COMMIT")
            except BaseException:
                with suppress(sqlite3.OperationalError):
                    driver.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with _connection(self._readers) as driver:
            driver.execute("BEGIN")
            try:
                yield driver
            finally:
                driver.execute("ROLLBACK")

    def put_off(self, driver: Any, sql: str, params: Sequence[Any]) -> None:
        driver.execute(sql, params)

    @contextmanager
    def part(self, driver: Any) -> Iterator[None]:
        """On a full disk SQLite may have rolled back everything by itself."""
        _plainly(driver, PART)
        try:
            yield
        except BaseException:
            if driver.in_transaction:
                _plainly(driver, UNDO)
                _plainly(driver, KEEP)
            raise
        _plainly(driver, KEEP)

    def explained(self, error: Exception) -> Exception:
        return as_busy(error) if isinstance(error, sqlite3.OperationalError) else error

    def create_all(self, metadata: MetaData) -> None:
        metadata.create_all(self._writers)

    def close(self) -> None:
        self._readers.dispose()
        self._writers.dispose()


def as_busy(error: sqlite3.OperationalError) -> Exception:
    """`Busy` when waiting may help: locked, disk full, disk gone. A mistake in a statement stays what it is."""
    passing = error.sqlite_errorcode & 0xFF in PASSING
    return Busy(reason=error.sqlite_errorname) if passing else error


@contextmanager
def _connection(engine: Engine) -> Iterator[Any]:
    fairy = engine.raw_connection()
    try:
        yield fairy.driver_connection
    finally:
        fairy.close()


def _plainly(driver: Any, sql: str) -> None:
    try:
        driver.execute(sql)
    except sqlite3.OperationalError as error:
        raise as_busy(error) from error


def _engine(url: str, patience: float, *, size: int, readonly: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_reset_on_return=None,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": patience},
    )

    @event.listens_for(engine, "connect")
    def prepare(driver: Any, _record: Any) -> None:
        driver.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"query_only={int(readonly)}"):
            driver.execute(f"PRAGMA {pragma}")

    return engine
