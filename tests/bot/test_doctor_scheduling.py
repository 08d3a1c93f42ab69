"""With PostgreSQL, doctor says who keeps the time, and which jobs of procrastinate nobody does."""

from pathlib import Path

import psycopg

from bot.checks.scheduling import RESTART, scheduling
from bot.settings import Settings, load_settings
from storage.database import Database
from storage.migrating import migrate
from tests import databases

WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 minute') RETURNING id"
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, scheduled_at)
    VALUES ('huixiang', 'huixiang.audit', %s, %s, now() - %s * interval '1 minute')"""


def told(settings: Settings) -> list[tuple[bool, str]]:
    return [(finding.ok, finding.what) for finding in scheduling(settings)]


def test_who_keeps_the_time_and_what_is_late_or_was_left(tmp_path: Path) -> None:
    url = databases.server().fresh()
    settings = load_settings({"HUIXIANG_DATA_DIR": str(tmp_path), "HUIXIANG_DATABASE_URL": url}, tmp_path / "none")
    migrate(url)
    assert told(settings) == []
    database = Database(url)
    with database.read(), psycopg.connect(url, autocommit=True) as connection:
        assert [ok for ok, _ in told(settings)] == [False]
        for minutes in (0, 5):
            (worker,) = connection.execute(WORKER, (minutes,)).fetchone() or ()
            connection.execute(JOB, ("doing", worker, minutes))
            connection.execute(JOB, ("todo", None, minutes))
        connection.execute("UPDATE procrastinate_events SET at = now() - interval '5 minutes' WHERE type = 'deferred'")
        found = list(scheduling(settings))
    database.close()
    databases.drop(url)
    assert [(one.ok, one.what) for one in found] == [
        (True, "1 个 worker 在看时间"),
        (False, "1 件定时的活过了点还没有人做"),
        (False, "1 件定时的活只做了一半，做它的进程没了"),
    ]
    assert found[1].advice == RESTART


def test_a_company_in_one_process_has_nobody_else_to_ask(tmp_path: Path) -> None:
    assert told(load_settings({"HUIXIANG_DATA_DIR": str(tmp_path)}, tmp_path / "none")) == []
