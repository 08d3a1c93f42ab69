"""Looking into the database, whichever it is, beside whoever uses it. Before there are tables nothing is to be seen."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings
from domain.errors import Busy, SettingsError
from storage import migrating
from storage.database import Database, Tx

LOCKED_SECONDS = 3.0


@contextmanager
def view(settings: Settings) -> Iterator[Tx | None]:
    """None where there are no tables of today's; why, another check says."""
    if not _is_current(settings):
        yield None
        return
    database = Database(settings.url, patience=LOCKED_SECONDS)
    try:
        with database.read() as tx:
            yield tx
    finally:
        database.close()


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with view(settings) as tx:
        return [] if tx is None else list(tx.driver.execute(sql).fetchall())


def value(settings: Settings, sql: str) -> object:
    """One value, None when there is no such thing."""
    found = rows(settings, sql)
    return found[0][0] if found else None


def _is_current(settings: Settings) -> bool:
    try:
        return migrating.standing(settings.url) == migrating.CURRENT
    except (sqlite3.DatabaseError, SettingsError, Busy):
        return False
