"""The database: one writer, many readers who never wait for it.

SQLite in WAL with `synchronous=FULL`; a write transaction begins with `BEGIN IMMEDIATE`, so that what it read
cannot change under it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import MetaData, bindparam, create_engine, event, insert, select, update
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import QueuePool
from sqlmodel import SQLModel

from domain.errors import Busy, NotFound
from storage.statement import Compiled, Statement, core

Table = TypeVar("Table", bound=SQLModel)
BUSY_SECONDS = 5.0
PASSING = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip


class Tx:
    """One transaction on one connection.

    Rows come back immutable, with the attributes of their table's class. Keyword values are columns. The same question
    asked twice is answered from memory, until something is written to a table it looked at.
    """

    def __init__(self, driver: Any, dialect: Dialect) -> None:
        self.driver = driver
        self.dialect = dialect
        self._answers: dict[Any, tuple[int, Any]] = {}
        self._written: dict[str, int] = {}

    def run(self, statement: Statement, **params: Any) -> int:
        """Execute; the number of rows it touched."""
        return int(self._execute(statement.compiled(self.dialect), params).rowcount)

    def all(self, statement: Statement, **params: Any) -> list[Any]:
        return list(self._ask(statement, params, _fetch_all))

    def one(self, statement: Statement, **params: Any) -> Any | None:
        """The first row, or None."""
        return self._ask(statement, params, _fetch_one)

    def value(self, statement: Statement, **params: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(statement, **params)
        return None if row is None else row[0]

    def add(self, table: type[SQLModel], **values: Any) -> int:
        """Insert one row; its id. Columns not named get the class's defaults."""
        cursor = self._execute(_insert(table).compiled(self.dialect), {**_defaults(table), **values})
        return int(cursor.fetchone()[0])

    def get(self, table: type[Table], row_id: int) -> Table:
        """The row with this id; raises `NotFound`."""
        row = self.one(_by_id(table), id=row_id)
        if row is None:
            raise NotFound(table=table.__tablename__, id=row_id)
        return row  # type: ignore[no-any-return]  # rows stand in for their class

    def find(self, table: type[Table], row_id: int | None) -> Table | None:
        """The row with this id, or None."""
        return self.one(_by_id(table), id=row_id) if row_id is not None else None

    def change(self, table: type[SQLModel], row_id: int, **values: Any) -> None:
        """Set columns of the row with this id."""
        self.run(_update(table, tuple(sorted(values))), row_id=row_id, **values)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside stands or falls alone."""
        self.driver.execute("SAVEPOINT turn")
        try:
            yield
        except BaseException:
            # On a full disk SQLite may have rolled back everything by itself.
            if self.driver.in_transaction:
                self.driver.execute("ROLLBACK TO turn")
                self.driver.execute("RELEASE turn")
            self._answers.clear()
            raise
        self.driver.execute("RELEASE turn")

    def _ask(self, statement: Statement, params: dict[str, Any], fetch: Callable[[Compiled, Any], Any]) -> Any:
        compiled = statement.compiled(self.dialect)
        if compiled.writes:
            return fetch(compiled, self._execute(compiled, params))
        key = (statement, fetch, *params.values())
        stamp = sum(self._written.get(table, 0) for table in compiled.tables)
        known = self._answers.get(key)
        if known is None or known[0] != stamp:
            known = self._answers[key] = (stamp, fetch(compiled, self._execute(compiled, params)))
        return known[1]

    def _execute(self, compiled: Compiled, params: dict[str, Any]) -> Any:
        if compiled.writes:
            for table in compiled.tables:
                self._written[table] = self._written.get(table, 0) + 1
        try:
            return self.driver.execute(compiled.sql, compiled.bind(params))
        except sqlite3.OperationalError as error:
            raise as_busy(error) from error


def _fetch_all(compiled: Compiled, cursor: Any) -> list[Any]:
    return [compiled.row(values) for values in cursor.fetchall()]


def _fetch_one(compiled: Compiled, cursor: Any) -> Any | None:
    values = cursor.fetchone()
    return None if values is None else compiled.row(values)


class Database:
    """Opens transactions. `url` is an SQLAlchemy URL, for instance `sqlite:///var/huixiang.db`.

    `patience` is how many seconds to wait for another program that holds the database.
    """

    def __init__(self, url: str, patience: float = BUSY_SECONDS) -> None:
        self.url = url
        self._writers = _sqlite_engine(url, patience, size=1, readonly=False)
        self._readers = _sqlite_engine(url, patience, size=8, readonly=True)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Commits at the end, rolls back on any error. Raises `Busy` when the database stays locked."""
        with _connection(self._writers) as driver:
            _begin(driver)
            try:
                yield Tx(driver, self._writers.dialect)
                _commit(driver)
            except BaseException:
                with suppress(sqlite3.OperationalError):
                    driver.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent view; writing raises."""
        with _connection(self._readers) as driver:
            driver.execute("BEGIN")
            try:
                yield Tx(driver, self._readers.dialect)
            finally:
                driver.execute("ROLLBACK")

    @property
    def reader(self) -> Engine:
        """For analytics and the desk: an engine whose connections cannot write."""
        return self._readers

    def create_all(self, metadata: MetaData) -> None:
        """All tables at once, for a database that no migration has touched."""
        metadata.create_all(self._writers)

    def close(self) -> None:
        self._readers.dispose()
        self._writers.dispose()


@contextmanager
def _connection(engine: Engine) -> Iterator[Any]:
    fairy = engine.raw_connection()
    try:
        yield fairy.driver_connection
    finally:
        fairy.close()


def _begin(driver: Any) -> None:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise as_busy(error) from error


def _commit(driver: Any) -> None:
    try:
        driver.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise as_busy(error) from error


def as_busy(error: sqlite3.OperationalError) -> Exception:
    """`Busy` when waiting may help: locked, disk full, disk gone. A mistake in a statement stays what it is."""
    passing = error.sqlite_errorcode & 0xFF in PASSING
    return Busy(reason=error.sqlite_errorname) if passing else error


def _sqlite_engine(url: str, patience: float, *, size: int, readonly: bool) -> Engine:
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


_STATEMENTS: dict[Any, Statement] = {}
_DEFAULTS: dict[type[SQLModel], dict[str, Any]] = {}


def _known(key: Any, make: Any) -> Statement:
    statement = _STATEMENTS.get(key)
    if statement is None:
        statement = _STATEMENTS[key] = Statement(make())
    return statement


def _insert(table: type[SQLModel]) -> Statement:
    def make() -> Any:
        known = core(table)
        columns = [column for column in known.columns if column.name != "id"]
        values = {column.name: bindparam(column.name, type_=column.type) for column in columns}
        return insert(known).values(values).returning(next(iter(known.primary_key.columns)))

    return _known(("insert", table), make)


def _by_id(table: type[SQLModel]) -> Statement:
    known = core(table)
    return _known(("get", table), lambda: select(known).where(known.c.id == bindparam("id")))


def _update(table: type[SQLModel], names: tuple[str, ...]) -> Statement:
    known = core(table)

    def make() -> Any:
        values = {name: bindparam(name, type_=known.c[name].type) for name in names}
        return update(known).where(known.c.id == bindparam("row_id")).values(values)

    return _known(("update", table, names), make)


def _defaults(table: type[SQLModel]) -> dict[str, Any]:
    known = _DEFAULTS.get(table)
    if known is None:
        fields = table.model_fields.items()
        optional = ((name, field) for name, field in fields if not field.is_required())
        known = {name: field.get_default(call_default_factory=True) for name, field in optional}
        _DEFAULTS[table] = known
    return known
