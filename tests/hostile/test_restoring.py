"""A company is restored from what the documents tell to keep, and goes on where it was."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from tests import databases
from tests.botapi import BotApi
from tests.databases import REPLICATING, START_SECONDS, Server
from tests.docs.blocks import ROOT
from tests.hostile.live import Live, living, opened

FIRST, SECOND = "11111111-2222-4333-8444-555555555555", "21111111-2222-4333-8444-555555555555"
COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
ORDER = {
    "number": "R1", "customer": {"name": "王女士", "phone": "13811112222"}, "service": "日常保洁",
    "starts_at": "2031-01-01T10:00:00+08:00",
}  # fmt: skip


def written(program: str, url: str, folder: Path) -> None:
    """Run what the page says, as it stands there."""
    path = databases.binaries()
    if not (path / program).exists():
        pytest.skip(f"{program} is not beside this PostgreSQL: sudo apt-get install postgresql-client")
    lines = (ROOT / "docs/cluster.md").read_text("utf-8").splitlines()
    (command,) = [line for line in lines if line.startswith(f"{program} ")]
    env = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}", "HUIXIANG_DATABASE_URL": url}
    subprocess.run(["bash", "-c", command], cwd=folder, env=env, check=True, capture_output=True)


@pytest.fixture
def urls() -> Iterator[tuple[str, str]]:
    """The company's database, and an empty one on another day."""
    two = databases.server().fresh(), databases.server().fresh()
    yield two
    for url in two:
        databases.drop(url)


@pytest.fixture
def archiving() -> Iterator[Server]:
    """A server whose log is kept elsewhere than its data."""
    server = Server(databases.binaries(), **REPLICATING, archive_mode="on", archive_command="cp %p ../%f.archived")
    server.start()
    yield server
    server.remove()


@pytest.fixture
def restored(archiving: Server) -> Iterator[Server]:
    """Not started: a base backup that was taken before anything happened, and the way to the archive."""
    server = Server(
        archiving.binaries, archiving, **REPLICATING, restore_command=f"cp {archiving.folder}/%f.archived %p"
    )
    yield server
    server.remove()


@asynccontextmanager
async def company(folder: Path, api: BotApi, url: str) -> AsyncIterator[Live]:
    """Without Telegram, as in a drill."""
    folder.mkdir()
    async with living(folder, api, HUIXIANG_DATABASE_URL=url, HUIXIANG_TELEGRAM_TOKEN="") as live:
        yield live


def archive(server: Server) -> None:
    """All that was written until now."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row is not None
    deadline = time.monotonic() + START_SECONDS
    while not (server.folder / f"{row[0]}.archived").exists():
        assert time.monotonic() < deadline, "nothing was archived"
        time.sleep(0.05)


async def lives(live: Live) -> str:
    """An order, and a complaint that is answered; the token of who complained."""
    assert (await live.post("/api/orders", ORDER)).status_code == 200
    async with opened(live.url) as page:
        await page.send(t="send", id=FIRST, text=COMPLAINT)
        await page.until("HX1001")
        return page.token


async def goes_on(live: Live, token: str) -> None:
    """Everything is there, and the next case gets a number of its own."""
    async with opened(live.url, token) as page:
        await page.until("HX1001")
        await page.send(t="send", id=SECOND, text="查进度")
        page.lines.clear()
        await page.until("HX1001")
    async with opened(live.url) as page:
        await page.send(t="send", id=SECOND, text=COMPLAINT)
        await page.until("HX")
        assert not any("HX1001" in line for line in page.lines)
    assert (await live.get("/api/orders/R1")).json()["number"] == "R1"
    assert live.count("SELECT count(*) FROM cases") == 2


async def test_a_dump_taken_while_people_write_is_restored_and_goes_on(
    tmp_path: Path, api: BotApi, urls: tuple[str, str]
) -> None:
    (tmp_path / "backup").mkdir()
    async with company(tmp_path / "first", api, urls[0]) as live:
        token = await lives(live)
        await asyncio.to_thread(written, "pg_dump", urls[0], tmp_path)
    written("pg_restore", urls[1], tmp_path)
    async with company(tmp_path / "second", api, urls[1]) as live:
        await goes_on(live, token)


@pytest.mark.slow
async def test_a_disk_that_is_lost_is_made_anew_from_a_base_backup_and_the_archive(
    tmp_path: Path, api: BotApi, archiving: Server, restored: Server
) -> None:
    url = archiving.fresh()
    async with company(tmp_path / "first", api, url) as live:
        token = await lives(live)
    archive(archiving)
    archiving.stop()
    shutil.rmtree(archiving.folder / "data")
    restored.start()
    restored.run("SELECT pg_promote()")
    async with company(tmp_path / "second", api, url.replace(str(archiving.folder), str(restored.folder))) as live:
        await goes_on(live, token)
