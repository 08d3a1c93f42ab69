"""With PostgreSQL: whether somebody keeps the company's time, and which of procrastinate's jobs nobody does."""

from collections.abc import Iterator

from bot.checks.finding import Finding
from bot.checks.rows import rows
from bot.settings import Settings

KEEPERS = """SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"""
USERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'huixiang%' AND pid <> pg_backend_pid()"""
LATE = """SELECT count(*) FROM procrastinate_jobs j WHERE j.status = 'todo'
    AND (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) < now() - interval '2 minutes'"""
STALLED = """SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND coalesce(w.last_heartbeat < now() - interval '2 minutes', true)"""
COUNTS = f"SELECT ({USERS}), ({KEEPERS}), ({LATE}), ({STALLED})"
RESTART = "日志里的 scheduler_waits 有原因；修好以后，重启一个 huixiang worker 就会接着做。"


def scheduling(settings: Settings) -> Iterator[Finding]:
    """Nothing to tell of a company in one process, or of one that is not at work."""
    if not settings.on_postgres:
        return
    for users, keepers, late, stalled in rows(settings, COUNTS):
        if users and not keepers:
            yield Finding(False, "没有 worker 在看时间：到点的事和每分钟的检查没有人做", "请启动 huixiang worker。")
        elif users:
            yield Finding(True, f"{keepers} 个 worker 在看时间")
        if late:
            yield Finding(False, f"{late} 件定时的活过了点还没有人做", RESTART)
        if stalled:
            yield Finding(False, f"{stalled} 件定时的活只做了一半，做它的进程没了", RESTART)
