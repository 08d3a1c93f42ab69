"""With PostgreSQL, doctor says who works, who does what there is one of, and what nobody does."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from bot.checks import rows
from bot.checks.cluster import cluster, wanted
from bot.checks.examine import examine
from bot.checks.locks import locks
from bot.checks.machine import clock
from bot.checks.services import models
from bot.checks.stuck import stuck
from bot.settings import Settings, load_settings
from bot.wiring import Huixiang
from storage.advisory import AdvisoryLock
from storage.database import Database
from storage.migrating import migrate
from tests import databases


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    url = databases.server().fresh()
    given = {"HUIXIANG_DATA_DIR": str(tmp_path), "HUIXIANG_DATABASE_URL": url}
    settings = load_settings(given, tmp_path / "none")
    migrate(url)
    yield settings
    databases.drop(url)


def told(settings: Settings) -> list[tuple[bool, str]]:
    return [(finding.ok, finding.what) for finding in cluster(settings)]


def test_nobody_works_on_it(settings: Settings) -> None:
    assert told(settings) == [(True, "没有进程在用这个数据库")]


def test_each_duty_is_named_with_who_has_it_or_that_nobody_does(settings: Settings) -> None:
    database, lock = Database(settings.url), AdvisoryLock(settings.url, "duty:delivery:web")
    with database.read():
        assert lock.take()
        found = told(settings)
    lock.release()
    database.close()
    assert found[0] == (True, "正在用这个数据库的：本机 2 条连接")
    assert [ok for ok, _ in found[1:]] == [True, False]
    assert found[1][1].startswith(f"发网页上的消息：本机，进程 {os.getpid()}@")
    assert "没有进程在取照片" in found[2][1]


def test_the_duties_it_looks_for_are_those_that_are_shared_out(settings: Settings) -> None:
    """A bot's is named by its number, and never by its secret."""
    settings = settings.model_copy(update={"telegram_token": SecretStr("4242:secret"), "telegram_library": "ptb"})
    house = Huixiang(settings, "http://huixiang.test")
    shared_out = [duty.name for duty in house.duties]
    house.core.database.close()
    assert shared_out == ["delivery:web", "delivery:telegram", "chores", "poll:4242"]
    assert list(wanted(settings)) == shared_out


def test_who_locks_a_table_is_named_with_a_way_out_and_no_check_is_left_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LOCKED_SECONDS", 0.01)
    with psycopg.connect(settings.url, application_name="cleaning up") as other:
        other.execute("LOCK TABLE outbox, inbox IN ACCESS EXCLUSIVE MODE")
        pid = other.info.backend_pid
        (holder,) = locks(settings, age=0)
        found = [(finding.ok, finding.what) for finding in examine(settings, (clock, stuck, models))]
    assert not holder.ok
    assert holder.what.startswith(f"数据库连接 {pid}（cleaning up，本机）锁着表")
    assert f"pg_terminate_backend({pid})" in holder.advice
    assert found == [
        (False, "检查 clock 没能完成（LockNotAvailable）"),
        (False, "检查 stuck 没能完成（Busy）"),
        (True, "语言模型没有配置，只用自带的词典，语音由同事听"),
    ]
    assert list(locks(settings, age=0)) == []


def test_a_company_in_one_process_has_none(tmp_path: Path) -> None:
    assert list(cluster(load_settings({"HUIXIANG_DATA_DIR": str(tmp_path)}, tmp_path / "none"))) == []
