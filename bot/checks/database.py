"""Whether the database can be opened, is whole, and takes what is written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from bot.checks.finding import Finding
from bot.checks.rows import LOCKED_SECONDS
from bot.settings import Settings
from domain.errors import Busy, SettingsError
from storage import migrating
from storage.database import Database


def database(settings: Settings) -> Iterator[Finding]:
    yield from _server(settings) if settings.on_postgres else _file(settings)


def _server(settings: Settings) -> Iterator[Finding]:
    try:
        standing = migrating.standing(settings.url)
        with closing(Database(settings.url)) as database, database.write():
            pass
    except (SettingsError, Busy) as error:
        yield Finding(False, "PostgreSQL 用不了", error.message)
        return
    yield Finding(True, "PostgreSQL 连得上，写得进")
    yield _standing(standing)


def _standing(standing: str) -> Finding:
    if standing == migrating.NEWER:
        return Finding(False, "数据库是更新版本的程序建的", "请先升级程序。")
    if standing == migrating.NEW:
        return Finding(True, "还没有数据库，第一次启动时会建好")
    return Finding(True, "数据库结构是最新的" if standing == migrating.CURRENT else "数据库结构会在启动时升级")


def _file(settings: Settings) -> Iterator[Finding]:
    file = settings.database_file
    try:
        standing = migrating.standing(settings.url)
    except sqlite3.DatabaseError as error:
        yield Finding(False, f"{file} 打不开（{error}）", "请从备份恢复，或换一个 HUIXIANG_DATABASE_URL。")
        return
    yield _standing(standing)
    if standing in (migrating.CURRENT, migrating.OLD):
        with closing(sqlite3.connect(file, timeout=LOCKED_SECONDS, isolation_level=None)) as connection:
            yield from _inside(connection)


def _inside(connection: sqlite3.Connection) -> Iterator[Finding]:
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        yield Finding(False, f"数据库写不进去（{error}）", "可能有别的程序锁着它，请关掉打开这个数据库的工具。")
        return
    except sqlite3.DatabaseError as error:
        verdict, journal = str(error), "wal"
    yield Finding(verdict == "ok", f"数据库完整性 {verdict}", "" if verdict == "ok" else "请停掉服务，从备份恢复。")
    advice = "" if journal == "wal" else "不要把数据库放在网络盘上，启动服务后会自动改回 WAL。"
    yield Finding(journal == "wal", f"写入方式 {journal.upper()}", advice)
