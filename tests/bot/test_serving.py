"""The process: it starts, says where it is, keeps others off its database, and ends in order."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot import cli
from bot.serving import bind, serve
from bot.settings import load_settings
from bot.wiring import Huixiang
from domain.errors import SettingsError
from tests import databases
from tests.bot.processes import Serving, huixiang

NOWHERE = Path("no-such-file.env")


def test_it_serves_keeps_others_off_and_stops_on_sigterm(tmp_path: Path) -> None:
    with Serving(tmp_path) as serving:
        assert httpx.get(f"{serving.url}/healthz").json() == {"ok": True}
        ready = httpx.get(f"{serving.url}/readyz")
        assert ready.status_code == 200
        assert ready.json()["database"]["ok"]
        second = huixiang(tmp_path, "serve", "--port", "0")
        assert second.returncode == 2
        assert f"进程 {serving.process.pid} 正在使用这个数据库" in second.stderr
        assert "Traceback" not in second.stderr
        begun = time.monotonic()
        serving.process.send_signal(signal.SIGTERM)
        assert serving.process.wait(20) == 0
        assert time.monotonic() - begun < 8
        assert "error" not in serving.said


def test_the_reader_begins_to_load_before_the_rest_is_imported() -> None:
    """Whatever `bot.starting` imports, the reader's process waits for."""
    code = "import bot.commands.serve, sys; print(*{'fastapi', 'sqlmodel', 'numpy', 'aiogram'} & sys.modules.keys())"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert imported.stdout.split() == []


def test_a_demo_tells_a_link_for_each_role_and_keeps_them(tmp_path: Path) -> None:
    links: list[list[str]] = []
    for _ in range(2):
        with Serving(tmp_path, demo="1") as serving:
            while "Ctrl-C" not in serving.said:
                time.sleep(0.02)
            assert all(name in serving.said for name in ("王女士", "李秀兰", "陈主管", "周总"))
            links.append([word.partition("?")[2] for word in serving.said.split() if "/chat?as=" in word])
            assert len(links[-1]) == 4
    assert links[0] == links[1]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"port": "eight"}, "HUIXIANG_PORT 不对"),
        ({"database_url": "postgres:/u:secret-word@h"}, "postgresql://"),
        ({"company_dir": "/nowhere"}, "HUIXIANG_COMPANY_DIR"),
        ({"demo": "1", "host": "0.0.0.0"}, "HUIXIANG_DEMO"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_and_ends_with_2(
    tmp_path: Path, settings: dict[str, str], expected: str
) -> None:
    ended = huixiang(tmp_path, "serve", **{"port": "0", **settings})
    assert ended.returncode == 2
    assert expected in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_its_database_it_ends_with_a_code_that_systemd_restarts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The machine may be up before its database is."""
    databases.binaries()
    monkeypatch.setenv("HUIXIANG_DATABASE_URL", f"postgresql://huixiang@/nowhere?host={tmp_path}")
    assert cli.run(["staff", "list"]) == cli.REFUSED
    assert "现在连不上 PostgreSQL" in capsys.readouterr().err
    units = [unit.read_text() for unit in (Path(__file__).parents[2] / "deploy").glob("*.service")]
    assert units
    for unit in units:
        assert f"RestartPreventExitStatus={cli.CANNOT_START}\n" in unit
        assert "StartLimitIntervalSec=0\n" in unit


def test_a_misspelt_setting_is_mentioned_and_does_not_stop_the_start(tmp_path: Path) -> None:
    with Serving(tmp_path, telegram_tokn="x") as serving:
        assert "HUIXIANG_TELEGRAM_TOKEN" in serving.said


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(SettingsError, match="换一个端口"):
            bind(load_settings({"HUIXIANG_PORT": port}, NOWHERE))


async def test_a_house_starts_and_stops_within_one_process_twice(tmp_path: Path) -> None:
    settings = load_settings({"HUIXIANG_DATA_DIR": str(tmp_path)}, NOWHERE)
    for _ in range(2):
        house = Huixiang(settings, "http://127.0.0.1:1")
        await house.start()
        await house.stop()


async def test_a_demo_is_never_open_to_the_network(tmp_path: Path) -> None:
    settings = load_settings(
        {"HUIXIANG_DATA_DIR": str(tmp_path), "HUIXIANG_DEMO": "1", "HUIXIANG_HOST": "0.0.0.0"}, NOWHERE
    )

    async def ready(_house: Huixiang) -> None:
        raise AssertionError("it must not start")

    with pytest.raises(SettingsError, match="只能监听本机"):
        await serve(settings, ready)
