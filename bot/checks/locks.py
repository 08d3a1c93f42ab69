"""With PostgreSQL: who keeps the company's tables locked, so that everybody else waits. It is hardly ever one of us."""

from collections.abc import Iterator
from contextlib import closing

from bot.checks.finding import Finding
from bot.checks.rows import LOCKED_SECONDS
from bot.settings import Settings
from domain.errors import Busy
from storage.database import Database

HOLDERS = """
    SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename, '?'), coalesce(host(a.client_addr), '本机'),
           extract(epoch FROM now() - a.xact_start)::int,
           (SELECT count(*) FROM pg_stat_activity w WHERE a.pid = ANY (pg_blocking_pids(w.pid)))
    FROM pg_stat_activity a
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
      AND coalesce(a.xact_start < now() - make_interval(secs => {age}), true)
      AND cardinality(pg_blocking_pids(a.pid)) = 0
      AND (EXISTS (SELECT FROM pg_stat_activity w WHERE a.pid = ANY (pg_blocking_pids(w.pid)))
           OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation'
                      AND l.relation >= 16384 AND l.mode IN ('ExclusiveLock', 'AccessExclusiveLock')))
    ORDER BY a.xact_start"""
"""Waiting or not: ours give up after five seconds and come again. 16384 is where tables that are not PostgreSQL's
own begin. Of another user's connection the server may not tell since when."""


def locks(settings: Settings, age: float = LOCKED_SECONDS) -> Iterator[Finding]:
    """By whom for `age` seconds or more; asks nothing of the tables. Another check tells of a server that is gone."""
    if not settings.on_postgres:
        return
    with closing(Database(settings.url, patience=LOCKED_SECONDS)) as database:
        try:
            with database.read() as tx:
                found = tx.driver.execute(HOLDERS.format(age=float(age))).fetchall()
        except Busy:
            return
    for pid, name, host, seconds, waiting in found:
        since = "" if seconds is None else f"，已经 {seconds} 秒"
        what = f"数据库连接 {pid}（{name}，{host}）锁着表{since}{f'，{waiting} 个连接在等它' if waiting else ''}"
        end = f"SELECT pg_terminate_backend({pid});"
        yield Finding(False, what, f"多半是没做完的维护或备份，请让它做完；等不及就在数据库里运行 {end}")
