"""The database: transactions that are asked in statements and answered in rows, whatever stands behind them.

What differs is in `storage/sqlite.py` and `storage/postgres.py`; the latter is imported only for such an address.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import MetaData, bindparam, func, insert, select, update
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from domain.errors import NotFound, SettingsError
from storage import sqlite
from storage.address import is_postgres
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
        statement = _insert(table, with_id="id" in values)
        cursor = self._execute(statement.compiled(self.dialect), {**_defaults(table), **values})
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

    def touch(self, table: type[SQLModel], row_id: int | None) -> None:
        """What follows was decided by what this row stands for: of two that touch it at once, one comes first.

        Where several processes write, two may look, find nothing, and both insert. Touching makes them change the
        same row, so that the second is tried again and sees what the first did.
        """
        if self.shared and row_id is not None:
            self.run(_touch(table), row_id=row_id)

    def next_id(self, table: type[SQLModel]) -> int:
        """An id that nobody else gets; for rows whose number is made of it."""
        statement = _next_id(table, shared=self.shared)
        return int(self._execute(statement.compiled(self.dialect), {}).fetchone()[0])

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside stands or falls alone."""
        try:
            with self._backend.part(self.driver):
                yield
        except BaseException:
            self._answers.clear()
            raise

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
        except self._backend.errors as error:
            raise self._backend.explained(error) from error


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


_STATEMENTS: dict[Any, Statement] = {}
_DEFAULTS: dict[type[SQLModel], dict[str, Any]] = {}


def _known(key: Any, make: Any) -> Statement:
    statement = _STATEMENTS.get(key)
    if statement is None:
        statement = _STATEMENTS[key] = Statement(make())
    return statement


def _insert(table: type[SQLModel], *, with_id: bool) -> Statement:
    def make() -> Any:
        known = core(table)
        columns = [column for column in known.columns if with_id or column.name != "id"]
        values = {column.name: bindparam(column.name, type_=column.type) for column in columns}
        return insert(known).values(values).returning(next(iter(known.primary_key.columns)))

    return _known(("insert", table, with_id), make)


def _touch(table: type[SQLModel]) -> Statement:
    known = core(table)
    same = update(known).values(id=known.c.id)
    return _known(("touch", table), lambda: same.where(known.c.id == bindparam("row_id")))


def _next_id(table: type[SQLModel], *, shared: bool) -> Statement:
    def make() -> Any:
        known = core(table)
        if shared:
            return select(func.nextval(func.pg_get_serial_sequence(f'"{known.name}"', "id")).label("id"))
        return select((func.coalesce(func.max(known.c.id), 0) + 1).label("id"))

    return _known(("next_id", table, shared), make)


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
