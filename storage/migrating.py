"""Before anything else at start: are the tables those of today? Answered without importing Alembic."""

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import OperationalError

from domain.errors import SettingsError
from storage.database import as_busy
from storage.migrations import HEAD

NEW, CURRENT, OLD, NEWER = "new", "current", "old", "newer"


def standing(database_file: Path) -> str:
    """`new`, `current`, `old`, or `newer` than this program."""
    if not database_file.exists() or database_file.stat().st_size == 0:
        return NEW
    try:
        with closing(sqlite3.connect(database_file)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return NEW
        raise
    version = "" if row is None else str(row[0])
    return CURRENT if version == HEAD else OLD if version < HEAD else NEWER


def migrate(url: str, database_file: Path) -> None:
    """Bring the tables up to date.

    Raises `SettingsError` for a file that is no database or a later version's, `Busy` if it is locked or the disk full.
    """
    try:
        database_file.parent.mkdir(parents=True, exist_ok=True)
        found = standing(database_file)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN:
            raise as_busy(error) from None
        raise SettingsError(f"{database_file} 不是一个能打开的 SQLite 数据库，请检查 HUIXIANG_DATABASE_URL。") from None
    if found == NEWER:
        raise SettingsError(f"{database_file} 是更新版本的程序建的，请先升级程序，或换一个 HUIXIANG_DATABASE_URL。")
    if found != CURRENT:
        _upgrade(url)


def _upgrade(url: str) -> None:
    try:
        importlib.import_module("storage.migrations.upgrade").upgrade(url)
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.OperationalError):
            raise as_busy(error.orig) from None
        raise
