"""Looking into the database beside whoever uses it; a table that is not there yet has no rows."""

import sqlite3
from contextlib import closing

from bot.settings import Settings

LOCKED_SECONDS = 3.0


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    """Empty when there is no such table yet."""
    if not settings.database_file.is_file():
        return []
    try:
        with closing(sqlite3.connect(settings.database_file, timeout=LOCKED_SECONDS)) as connection:
            return connection.execute(sql).fetchall()
    except sqlite3.DatabaseError:
        return []


def value(settings: Settings, sql: str) -> object:
    """One value, None when there is no such thing."""
    found = rows(settings, sql)
    return found[0][0] if found else None
