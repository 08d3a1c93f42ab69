"""PostgreSQL: many writers, each with a view of its own (`REPEATABLE READ`).

Two that change the same row: the second is told so (`Collided`), with nothing of it visible, and tries again on what
is there now. A connection that is lost is replaced when the next transaction begins.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import BigInteger, Integer, MetaData, create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from domain.errors import Busy, Collided, SettingsError
from storage.address import for_libpq, for_sqlalchemy
from storage.migrations import procrastinate_tables as wakers
from storage.wire import Wire

WRITE = "BEGIN ISOLATION LEVEL REPEATABLE READ"
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
COLLISIONS = {"40001", "40P01"}
PASSING = ("08", "53", "57", "58", "25006", "25P03", "55P03")
"""Beginnings of the codes that waiting may help against: the connection, room, a restart, the disk, a standby that
is not yet the primary, a transaction that slept, a lock."""
WRITERS, READERS = 1, 8
CONNECT_SECONDS = 5.0
GONE_SECONDS = 15
"""When to give up a server that answers nothing any more."""
OPTIONS: dict[str, Any] = {
    "connect_timeout": round(CONNECT_SECONDS),
    "application_name": "huixiang",
    "keepalives_idle": GONE_SECONDS,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": GONE_SECONDS * 1000,
}
"""What each connection of ours says when it begins."""
OURS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'huixiang%' AND pid <> pg_backend_pid()"""


class Dialect(PGDialect_psycopg):
    """Whole numbers go as long as they are: who asks for a row that cannot exist finds none, and raises nothing."""

    supports_statement_cache = True

    def __init__(self) -> None:
        super().__init__(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        self.colspecs = {**PGDialect_psycopg.colspecs, Integer: PGDialect_psycopg.colspecs[BigInteger]}


class Backend:
    """`url` is libpq's (`postgresql://…`); `patience` is how many seconds to wait for a lock or a connection."""

    errors: tuple[type[Exception], ...] = (psycopg.Error,)
    shared = True

    def __init__(self, url: str, patience: float) -> None:
        self._url = url
        self._patience = patience
        self._writers = self._pool(WRITERS)
        self._readers = self._pool(READERS)
        self.dialect = Dialect()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self._begun(self._writers, WRITE) as driver:
            yield driver
            self._commit(driver)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with self._begun(self._readers, READ) as driver:
            yield driver
            driver.roll_back()

    def put_off(self, driver: Any, sql: str, params: Sequence[Any]) -> None:
        driver.put_off(sql, params)

    @contextmanager
    def part(self, driver: Any) -> Iterator[None]:
        try:
            driver.begin_part()
            yield
            driver.keep_part()
        except BaseException as error:
            if not driver.closed:
                driver.undo_part()
            if isinstance(error, psycopg.Error):
                raise explained(error) from error
            raise

    def explained(self, error: Exception) -> Exception:
        return explained(error)

    def create_all(self, metadata: MetaData) -> None:
        engine = create_engine(for_sqlalchemy(self._url))
        with engine.begin() as connection:
            metadata.create_all(connection)
            wakers.bring_up(connection.connection.driver_connection)
        engine.dispose()

    def close(self) -> None:
        self._readers.dispose()
        self._writers.dispose()

    def _pool(self, size: int) -> QueuePool:
        """Nothing is rolled back on return: every transaction is ended by whoever began it."""
        return QueuePool(self._connect, pool_size=size, max_overflow=0, timeout=self._patience, reset_on_return=None)

    def _connect(self) -> Any:
        return Wire(connect(self._url, self._patience))

    @contextmanager
    def _begun(self, pool: QueuePool, begin: str) -> Iterator[Any]:
        fairy = self._begin(pool, begin)
        driver: Any = fairy.driver_connection
        try:
            yield driver
        except BaseException as error:
            with suppress(psycopg.Error):
                driver.roll_back()
            if _is_outdated(error.__cause__):
                driver.close()
            raise
        finally:
            if driver.closed:
                fairy.invalidate()
            fairy.close()

    def _begin(self, pool: QueuePool, begin: str) -> PoolProxiedConnection:
        """After a restart of the server all that are kept are dead: pass them over, until a new one answers."""
        for _ in range(pool.size()):
            fairy = self._taken(pool)
            driver: Any = fairy.driver_connection
            if driver.is_there():
                driver.begin(begin)
                return fairy
            fairy.invalidate()
            fairy.close()
        raise Busy(reason="no connection")

    def _taken(self, pool: QueuePool) -> PoolProxiedConnection:
        try:
            return pool.connect()
        except psycopg.OperationalError as error:
            raise Busy(reason=type(error).__name__) from None
        except NoneFree:
            raise Busy(reason="no free connection") from None

    def _commit(self, driver: Any) -> None:
        """A transaction in which something failed ends in a rollback, and PostgreSQL does not call that an error."""
        try:
            done = driver.execute("COMMIT").statusmessage
        except psycopg.Error as error:
            raise explained(error) from error
        if done != "COMMIT":
            raise Busy(reason="rolled back")


def connect(url: str, patience: float) -> Any:
    """A connection of one's own, for statements that begin and end their transactions themselves."""
    driver = psycopg.connect(
        for_libpq(url),
        autocommit=True,
        **OPTIONS | {"connect_timeout": max(2, round(patience))},
    )
    driver.adapters.register_dumper(str, _Text)
    driver.execute("SET TimeZone = 'UTC'")
    driver.execute("SET synchronous_commit = on")
    driver.execute(f"SET lock_timeout = {round(patience * 1000)}")
    driver.execute(f"SET idle_in_transaction_session_timeout = {GONE_SECONDS * 1000}")
    return driver


def version(url: str, asked: str) -> str | None:
    """What `asked` finds, None where there are no tables yet.

    Raises `Busy` when nobody answers: a server that is still starting says no more than one that is not there.
    `SettingsError` is for an address that is none.
    """
    try:
        with closing(connect(url, CONNECT_SECONDS)) as driver:
            row = driver.execute(asked).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.OperationalError as error:
        advice = "请看看它在不在运行、HUIXIANG_DATABASE_URL 对不对。"
        raise Busy(f"现在连不上 PostgreSQL（{_said(error)}）。{advice}") from None
    except psycopg.ProgrammingError as error:
        raise SettingsError("HUIXIANG_DATABASE_URL 的写法不对，例如 postgresql://用户@主机/库名。") from error
    return "" if row is None else str(row[0])


def is_in_use(url: str) -> bool:
    """Whether a process of ours, on whatever machine, is connected to it. Raises as `version` does."""
    return version(url, OURS) != "0"


def _is_outdated(error: BaseException | None) -> bool:
    """A newer program gave a column another kind; the plans of our statements stay with their connection."""
    return isinstance(error, psycopg.Error) and error.diag.source_function == "RevalidateCachedQuery"


class _Text(StrDumperUnknown):
    """A character that PostgreSQL cannot hold, and nobody can see, is left out."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "") if "\0" in obj else obj)


def explained(error: Exception) -> Exception:
    """`Collided` when another transaction was first, `Busy` when waiting may help; a mistake of ours stays one."""
    code = getattr(error, "sqlstate", None)
    if code in COLLISIONS or _is_outdated(error):
        return Collided(reason=type(error).__name__)
    if code is None or code.startswith(PASSING):
        return Busy(reason=type(error).__name__)
    return error


def _said(error: psycopg.Error) -> str:
    """The last line of what libpq said, its hints aside; it names the server and the user, and never the password."""
    lines = [line for line in str(error).strip().splitlines() if not line.startswith("\t")]
    return lines[-1] if lines else type(error).__name__
