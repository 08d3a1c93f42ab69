"""Brings a database to today's tables. Imports Alembic, so it is only imported when there is something to do."""

from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

HERE = Path(__file__).parent


def config_for(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """All missing steps or, on any error, none."""
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
