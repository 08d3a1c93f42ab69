"""Brings a database to today's tables. Imports Alembic, so it is only imported when there is something to do."""

from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import OperationalError

from storage.address import for_sqlalchemy, is_postgres
from storage.migrations import procrastinate_tables as wakers

HERE = Path(__file__).parent
UPGRADING = 0x4858_0001
"""The advisory lock of whoever changes the tables."""


def config_for(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """All missing steps or, on any error, none."""
    if is_postgres(url):
        _upgrade_postgres(url)
    else:
        _upgrade_sqlite(url)


def _upgrade_postgres(url: str) -> None:
    """Of several processes that start at once, one does it, and the others find it done."""
    engine = create_engine(for_sqlalchemy(url))
    try:
        with engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(UPGRADING)))
            command.upgrade(config_for(connection), "head")
            wakers.bring_up(connection.connection.driver_connection)
    finally:
        engine.dispose()


def _upgrade_sqlite(url: str) -> None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]  # sqlite3's own
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                command.upgrade(config_for(connection), "head")
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                # On a full disk SQLite may have rolled back everything by itself.
                with suppress(OperationalError):
                    connection.exec_driver_sql("ROLLBACK")
                raise
    finally:
        engine.dispose()
