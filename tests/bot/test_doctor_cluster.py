"""With PostgreSQL, doctor says who works, who does what there is one of, and what nobody does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.checks.cluster import cluster, wanted
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
    assert found[1][1].startswith("发网页上的消息：本机，从 ")
    assert "没有进程在取照片" in found[2][1]


def test_the_duties_it_looks_for_are_those_that_are_shared_out(settings: Settings) -> None:
    """A bot's is named by its number, and never by its secret."""
    settings = settings.model_copy(update={"telegram_token": SecretStr("4242:secret"), "telegram_library": "ptb"})
    house = Huixiang(settings, "http://huixiang.test")
    shared_out = [duty.name for duty in house.duties]
    house.core.database.close()
    assert shared_out == ["delivery:web", "delivery:telegram", "chores", "poll:4242"]
    assert list(wanted(settings)) == shared_out


def test_a_company_in_one_process_has_none(tmp_path: Path) -> None:
    assert list(cluster(load_settings({"HUIXIANG_DATA_DIR": str(tmp_path)}, tmp_path / "none"))) == []
