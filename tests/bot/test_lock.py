"""One process per database."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.lock import ProcessLock
from domain.errors import AlreadyRunning
from storage.database import Database
from tests import databases

HOLD = (
    "import sys, pathlib; from bot.lock import ProcessLock; ProcessLock(pathlib.Path(sys.argv[1])).take();"
    "print('held', flush=True); sys.stdin.read()"
)


def hold_elsewhere(database: Path) -> "subprocess.Popen[str]":
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_second_process_is_told_who_has_the_database(tmp_path: Path) -> None:
    database = tmp_path / "huixiang.db"
    with hold_elsewhere(database) as other:
        with pytest.raises(AlreadyRunning) as caught:
            ProcessLock(database).take()
        assert f"进程 {other.pid}" in caught.value.message
        assert "HUIXIANG_DATABASE_URL" in caught.value.message
        other.kill()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    database = tmp_path / "huixiang.db"
    with hold_elsewhere(database) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
    with ProcessLock(database) as lock:
        assert lock.holder() == os.getpid()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    first, second = ProcessLock(tmp_path / "a.db"), ProcessLock(tmp_path / "a.db")
    first.take()
    assert second.is_taken()
    first.release()
    assert not second.is_taken()
    assert second.holder() is None


def test_two_databases_do_not_hinder_each_other(tmp_path: Path) -> None:
    with ProcessLock(tmp_path / "a.db"), ProcessLock(tmp_path / "b.db"):
        pass


def test_no_chat_in_a_terminal_beside_a_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It enrols staff of its own, who would then be sent what concerns real customers."""
    url = databases.server().fresh("tables")
    monkeypatch.setenv("HUIXIANG_DATABASE_URL", url)
    monkeypatch.setenv("HUIXIANG_DATA_DIR", str(tmp_path))
    cluster = Database(url)
    with cluster.read():
        assert cli.run(["chat"]) == cli.CANNOT_START
    assert "正在使用这个数据库" in capsys.readouterr().err
    with cluster.read() as tx:
        assert tx.driver.execute("SELECT count(*) FROM person").fetchone() == (0,)
    cluster.close()
    databases.drop(url)
