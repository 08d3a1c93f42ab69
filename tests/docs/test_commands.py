"""Every shell command of the documents is run beside a serving company, or says here why it is not."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.bot.processes import Serving, environment
from tests.docs.blocks import ROOT, Block, commands

API_KEY = "a-key-for-the-documents"
ADDRESS = "http://127.0.0.1:8000"
NOT_RUN = {
    "make run": "serves until it is stopped; tests/bot starts the same process",
    "make test": "this is it",
    "make install": "installs from the network; `make test` has done it",
    "huixiang serve": "serves until it is stopped; it runs beside these tests",
    "sudo systemctl": "changes the machine",
    "journalctl": "needs systemd",
    ".venv/bin/pip install": "installs from the network",
    "git pull": "changes the code",
    "mv var var.broken": "takes the serving company's data away; `test_a_backup_can_be_served` restores elsewhere",
    "mkdir var": "part of restoring",
    "cp backup/huixiang.db var/": "part of restoring",
    "test ! -d backup/files || cp": "part of restoring",
    "python -m nlp.learning": "makes the shipped model anew; tests/nlp/learning trains small ones",
    "huixiang evaluate": "reads the examination; tests/nlp/learning evaluates on a few messages",
    "python -m docs.understanding": "writes the page; test_understanding compares it",
    "make bench": "takes a quarter of an hour; tests/bench tries its parts",
    "python -m bench": "the same",
    "python -m docs.performance": "writes the page; test_performance compares it",
    "huixiang doctor --free": "asks before it does; `test_parked_events_are_handled_again` answers",
    "huixiang customer erase": "asks before it does; tests/bot answers",
}
NEEDED = {"sqlite3": "sqlite3", "curl": "curl"}
"""What a command starts with, and the program it takes."""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Serves in a folder that looks like the project's, with its data in `var` and a `huixiang` on the PATH."""
    folder = tmp_path_factory.mktemp("documents")
    for name in ("docs", "company", ".env.example"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "bin").mkdir()
    for name, program in (("huixiang", '-m bot.cli "$@"'), ("python", '"$@"'), ("python3", '"$@"')):
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {program}\n')
        script.chmod(0o755)
    (folder / "var").mkdir()
    with Serving(folder, data_dir=str(folder / "var"), api_key=API_KEY) as serving:
        yield serving


def run(command: str, company: Serving) -> "subprocess.CompletedProcess[str]":
    """As typed in the company's folder."""
    folder = company.log.parent
    env = environment(folder / "var", api_key=API_KEY, public_url=company.url)
    env["PATH"] = f"{folder / 'bin'}{os.pathsep}{env['PATH']}"
    line = command.replace(ADDRESS, company.url)
    return subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True, timeout=100)


def refusal(command: str) -> str:
    """Why this one is not run; empty when it is."""
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), "")


RUN = list({command.text: command for command in reversed(commands()) if not refusal(command.text)}.values())[::-1]
"""Each once, where it stands first."""


@pytest.mark.parametrize("command", RUN, ids=lambda command: f"{command.where}-{command.text[:24]}")
def test_command_works_as_written(command: Block, company: Serving) -> None:
    program = NEEDED.get(command.text.split()[0])
    if program is not None and shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")
    ended = run(command.text, company)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_whatever_is_not_run_is_still_in_the_documents() -> None:
    texts = [command.text for command in commands()]
    assert [start for start in NOT_RUN if not any(text.startswith(start) for text in texts)] == []


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed here")
def test_a_backup_can_be_served(company: Serving, tmp_path: Path) -> None:
    """What the documents say of restoring, in another folder."""
    order = {"number": "B1", "customer": {"phone": "13800000001"}, "service": "日常保洁"}
    order["starts_at"] = "2030-03-05T14:00:00+08:00"
    key = {"X-API-Key": API_KEY}
    httpx.post(f"{company.url}/api/orders", json=order, headers=key).raise_for_status()
    for command in RUN:
        if "backup" in command.text:
            assert run(command.text, company).returncode == 0
    restored = tmp_path / "var"
    shutil.copytree(company.log.parent / "backup", restored)
    with Serving(tmp_path, data_dir=str(restored), api_key=API_KEY) as again:
        assert httpx.get(f"{again.url}/api/orders/B1", headers=key).json()["number"] == "B1"


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed here")
def test_parked_events_are_handled_again(company: Serving) -> None:
    data = company.log.parent / "var"
    with closing(sqlite3.connect(data / "huixiang.db")) as connection, connection:
        connection.execute("UPDATE inbox SET state = 'parked', attempts = 5 WHERE id = 1")
    (command,) = [one for one in commands() if one.text.startswith("huixiang doctor --free")]
    assert run(f"echo y | {command.text}", company).returncode == 0
    with closing(sqlite3.connect(data / "huixiang.db")) as connection:
        assert connection.execute("SELECT count(*) FROM inbox WHERE state = 'parked'").fetchone() == (0,)
