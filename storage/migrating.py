"""Before anything else at start: are the tables those of today? Answered without importing Alembic."""

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import OperationalError

from domain.errors import SettingsError
from storage.address import file_of, is_postgres
from storage.database import postgres
from storage.migrations import HEAD
from storage.migrations import procrastinate_tables as wakers
from storage.sqlite import as_busy

NEW, CURRENT, OLD, NEWER = "new", "current", "old", "newer"
VERSION = "SELECT version_num FROM alembic_version"


def standing(url: str) -> str:
    """`new`, `current`, `old`, or `newer` than this program.

    On a server a newer program may run beside us: tables that are one step ahead still have all that we know.
    """
    if is_postgres(url):
        return _standing_of_server(url)
    version = _version(file_of(url))
    return NEW if version is None else CURRENT if version == HEAD else OLD if version < HEAD else NEWER


def migrate(url: str) -> None:
    """Bring the tables up to date.

    Raises `SettingsError` for what is no database or a later version's; `Busy` if it is locked, the disk full, or the
    server does not answer.
    """
    found = standing(url) if is_postgres(url) else _standing_of_file(url)
    if found == NEWER:
        raise SettingsError("数据库是更新版本的程序建的，请先升级程序，或换一个 HUIXIANG_DATABASE_URL。")
    if found != CURRENT:
        _upgrade(url)


def _standing_of_server(url: str) -> str:
    version = postgres().version(url, VERSION)
    if version is None:
        return NEW
    if version not in (HEAD, f"{int(HEAD) + 1:04d}"):
        return OLD if version < HEAD else NEWER
    return OLD if wakers.missing(postgres().version(url, wakers.LEVEL), wakers.known()) else CURRENT


def _version(database_file: Path) -> str | None:
    if not database_file.exists() or database_file.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(database_file)) as connection:
            row = connection.execute(VERSION).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return "" if row is None else str(row[0])


def _standing_of_file(url: str) -> str:
    file = file_of(url)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return standing(url)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN:
            raise as_busy(error) from None
        raise SettingsError(f"{file} 不是一个能打开的 SQLite 数据库，请检查 HUIXIANG_DATABASE_URL。") from None


def _upgrade(url: str) -> None:
    try:
        importlib.import_module("storage.migrations.upgrade").upgrade(url)
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.OperationalError):
            raise as_busy(error.orig) from None
        if is_postgres(url) and isinstance(error.orig, Exception):
            raise postgres().explained(error.orig) from None
        raise
