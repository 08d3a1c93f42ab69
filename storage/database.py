"""The database: transactions that are asked in statements and answered in rows, whatever stands behind them.

What differs is in `storage/sqlite.py` and `storage/postgres.py`; the latter is imported only for such an address.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import MetaData
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from domain.errors import NotFound, SettingsError
from storage import sqlite, usual
from storage.address import is_postgres
from storage.known_rows import KnownRows
from storage.statement import Compiled, Statement, core

Table = TypeVar("Table", bound=SQLModel)
BUSY_SECONDS = 5.0


class Backend(Protocol):
    """A kind of database. `writing` and `reading` give the driver's connection, within a transaction of its own.

    `shared`: other processes may write at the same time.
    """

    dialect: Dialect
    errors: tuple[type[Exception], ...]
    shared: bool

    def writing(self) -> AbstractContextManager[Any]: ...

    def reading(self) -> AbstractContextManager[Any]: ...

    def explained(self, error: Exception) -> Exception:
        """`Busy` in place of an error that passes."""
        ...

    def put_off(self, driver: Any, sql: str, params: Any) -> None:
        """Nobody looks at what it brings: it may go with the next statement, in the same order."""
        ...

    def part(self, driver: Any) -> AbstractContextManager[None]:
        """What happens inside stands or falls alone."""
        ...

    def create_all(self, metadata: MetaData) -> None: ...

    def close(self) -> None: ...


class Tx:
    """One transaction on one connection.

    Rows come back immutable, with the attributes of their table's class. Keyword values are columns. The same question
    asked twice is answered from memory, until something is written to a table it looked at.
    """

    def __init__(self, driver: Any, backend: Backend) -> None:
        self.driver = driver
        self.dialect = backend.dialect
        self._backend = backend
        self._answers: dict[Any, tuple[int, Any]] = {}
        self._written: dict[str, int] = {}
        self._rows = KnownRows()

    @property
    def shared(self) -> bool:
        """Whether other processes may write at the same time."""
        return self._backend.shared

    def has_written(self, *tables: type[SQLModel]) -> bool:
        """Whether something was written to one of these, or tried to be."""
        return any(core(table).name in self._written for table in tables)

    def run(self, statement: Statement, **params: Any) -> int:
        """Execute; the number of rows it touched."""
        return int(self._execute(statement.compiled(self.dialect), params).rowcount)

    def do(self, statement: Statement, **params: Any) -> None:
        """Execute; nobody asks how many rows it touched, so that it may go along with the next question."""
        compiled = statement.compiled(self.dialect)
        self._note(compiled)
        self._later(compiled, compiled.bind(params))

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
        compiled, bound = self._insertion(table, values)
        if "id" in values:
            self._later(compiled, bound)
            row_id = int(values["id"])
        else:
            row_id = int(self._now(compiled, bound).fetchone()[0])
        self._rows.added(table, row_id, compiled.names, bound)
        return row_id

    def put(self, table: type[SQLModel], **values: Any) -> None:
        """Insert one row whose id nobody asks for."""
        self._later(*self._insertion(table, values))

    def get(self, table: type[Table], row_id: int) -> Table:
        """The row with this id; raises `NotFound`."""
        row = self.find(table, row_id)
        if row is None:
            raise NotFound(table=table.__tablename__, id=row_id)
        return row

    def find(self, table: type[Table], row_id: int | None) -> Table | None:
        """The row with this id, or None."""
        if row_id is None:
            return None
        compiled = usual.by_id(table).compiled(self.dialect)
        known = self._rows.find(compiled, table, row_id)
        if known is None:
            values = self._now(compiled, compiled.bind({"id": row_id})).fetchone()
            if values is None:
                return None
            self._rows.added(table, row_id, compiled.columns, values)
            known = self._rows.find(compiled, table, row_id)
        return known

    def change(self, table: type[SQLModel], row_id: int, **values: Any) -> None:
        """Set columns of the row with this id."""
        compiled = usual.changing(table, tuple(sorted(values))).compiled(self.dialect)
        bound = compiled.bind({"row_id": row_id, **values})
        self._note(compiled, others=False)
        self._later(compiled, bound)
        self._rows.changed(table, row_id, compiled.names, bound)

    def touch(self, table: type[SQLModel], row_id: int | None) -> None:
        """What follows was decided by what this row stands for: of two that touch it at once, one comes first.

        Where several processes write, two may look, find nothing, and both insert. Touching makes them change the
        same row, so that the second is tried again and sees what the first did.
        """
        if self.shared and row_id is not None:
            compiled = usual.touching(table).compiled(self.dialect)
            self._later(compiled, compiled.bind({"row_id": row_id}))

    def next_id(self, table: type[SQLModel]) -> int:
        """An id that nobody else gets; for rows whose number is made of it."""
        statement = usual.numbering(table, shared=self.shared)
        return int(self._execute(statement.compiled(self.dialect), {}).fetchone()[0])

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside stands or falls alone."""
        try:
            with self._backend.part(self.driver):
                yield
        except BaseException:
            self._answers.clear()
            self._rows.clear()
            raise

    def _insertion(self, table: type[SQLModel], values: dict[str, Any]) -> tuple[Compiled, list[Any]]:
        insertion = usual.insertion(table, self.dialect, with_id="id" in values)
        bound = insertion.bind(values)
        self._note(insertion.compiled, others=False)
        return insertion.compiled, bound

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
        self._note(compiled)
        return self._now(compiled, compiled.bind(params))

    def _now(self, compiled: Compiled, bound: list[Any]) -> Any:
        try:
            return self.driver.execute(compiled.sql, bound)
        except self._backend.errors as error:
            raise self._backend.explained(error) from error

    def _later(self, compiled: Compiled, bound: list[Any]) -> None:
        try:
            self._backend.put_off(self.driver, compiled.sql, bound)
        except self._backend.errors as error:
            raise self._backend.explained(error) from error

    def _note(self, compiled: Compiled, *, others: bool = True) -> None:
        """The tables it writes to are not as they were; `others`: nor are rows whose id is not named."""
        if not compiled.writes:
            return
        for table in compiled.tables:
            self._written[table] = self._written.get(table, 0) + 1
            if others:
                self._rows.forget(table)


def _fetch_all(compiled: Compiled, cursor: Any) -> list[Any]:
    return [compiled.row(values) for values in cursor.fetchall()]


def _fetch_one(compiled: Compiled, cursor: Any) -> Any | None:
    values = cursor.fetchone()
    return None if values is None else compiled.row(values)


class Database:
    """Opens transactions. `url` is `sqlite:///var/huixiang.db` or `postgresql://user@host/name`.

    `patience` is how many seconds to wait for another program that holds the database.
    """

    def __init__(self, url: str, patience: float = BUSY_SECONDS) -> None:
        self.url = url
        self._backend = _backend(url, patience)

    @property
    def shared(self) -> bool:
        """Whether other processes may write at the same time."""
        return self._backend.shared

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Commits at the end, rolls back on any error.

        Raises `Busy` when nothing can be written now, `Collided` when others wrote the same: then try again at once.
        """
        with self._backend.writing() as driver:
            yield Tx(driver, self._backend)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent view; writing raises."""
        with self._backend.reading() as driver:
            yield Tx(driver, self._backend)

    def create_all(self, metadata: MetaData) -> None:
        """All tables at once, for a database that no migration has touched."""
        self._backend.create_all(metadata)

    def close(self) -> None:
        self._backend.close()


def postgres() -> Any:
    """`storage.postgres`; raises `SettingsError` where its driver is not installed."""
    try:
        return importlib.import_module("storage.postgres")
    except ImportError:
        raise SettingsError("用 PostgreSQL 要先装驱动：pip install 'huixiang[postgres]'。") from None


def _backend(url: str, patience: float) -> Backend:
    made: Backend = postgres().Backend(url, patience) if is_postgres(url) else sqlite.Backend(url, patience)
    return made
