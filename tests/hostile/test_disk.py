"""The disk is full: what was accepted stays accepted, everybody is told, and all goes on when there is room again.

A limit on the size of files stands in for a full disk: the kernel refuses every write to a file in the same way, and
nobody needs to be root. Who is root fills a small disk as well. What the company prints goes to a file too, as it does at many companies.
"""

import asyncio
import io
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot.lock import ProcessLock
from domain.errors import Busy, SettingsError
from storage.database import Database
from storage.journal import SendJournal
from tests.bot.processes import Serving, environment
from tests.hostile.live import API_KEY, SOON, opened
from web.chat_identity import new_token

FIRST, SECOND = "11111111-2222-4333-8444-555555555555", "21111111-2222-4333-8444-555555555555"
COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
ORDER = {
    "number": "D1", "customer": {"name": "王女士", "phone": "13811112222"}, "service": "日常保洁",
    "starts_at": "2031-01-01T10:00:00+08:00",
}  # fmt: skip
MOST_ORDERS = 5000


def most_bytes(process: int, size: int) -> None:
    """From now on no file of this process grows beyond so many bytes; -1 for no limit."""
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))


def count(folder: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'huixiang.db'}?mode=ro", uri=True)) as rows:
        return int(rows.execute(query).fetchone()[0])


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Serving]:
    process = Serving(folder, api_key=API_KEY)
    try:
        yield await asyncio.to_thread(process.__enter__)
    finally:
        await asyncio.to_thread(process.__exit__)


async def post(http: httpx.AsyncClient, number: str = "D1") -> httpx.Response:
    return await http.post("/api/orders", json={**ORDER, "number": number}, headers={"X-API-Key": API_KEY})


async def upload(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post("/chat/files", content=photo(), headers={"Authorization": f"Bearer {new_token()}"})


async def test_a_full_disk_is_told_and_survived(tmp_path: Path) -> None:
    async with (
        serving(tmp_path) as process,
        httpx.AsyncClient(base_url=process.url, timeout=SOON) as http,
        opened(process.url) as before,
        opened(process.url) as during,
    ):
        await before.send(t="send", id=FIRST, text=COMPLAINT)
        await before.until("HX")
        most_bytes(process.process.pid, 0)
        await during.send(t="send", id=SECOND, text=COMPLAINT)
        refused = await during.expect("refused")
        order, file, ready = await post(http), await upload(http), await http.get("/readyz")
        alive, page = await http.get("/healthz"), await http.get("/chat")
        stored = count(tmp_path, "SELECT count(*) FROM cases")
        most_bytes(process.process.pid, -1)

        assert (refused["id"], refused["retry"]) == (SECOND, 5)
        assert (order.status_code, order.json()["error"]) == (503, "busy")
        assert (file.status_code, file.json()["error"]) == (507, "file_no_room")
        assert (ready.status_code, alive.status_code, page.status_code) == (503, 200, 200)
        assert stored == 1
        await during.send(t="send", id=SECOND, text=COMPLAINT)
        await during.until("HX")
        assert (await post(http)).status_code in (200, 201)
        assert (await upload(http)).status_code == 201
        assert (await http.get("/readyz")).status_code == 200
        assert "Traceback" not in process.said
        process.process.terminate()
        assert await asyncio.to_thread(process.process.wait, 30) == 0
    assert count(tmp_path, "SELECT count(*) FROM cases") == 2
    assert count(tmp_path, "SELECT count(*) FROM inbox WHERE state <> 'done'") == 0


async def test_what_was_accepted_survives_a_kill_on_a_full_disk(tmp_path: Path) -> None:
    """Killed between the ack and anything else; whether its turn was over by then or not."""
    async with serving(tmp_path) as process, opened(process.url) as page:
        await page.send(t="send", id=FIRST, text=COMPLAINT)
        await page.expect("ack")
        most_bytes(process.process.pid, 0)
        process.process.kill()
    async with serving(tmp_path) as process, opened(process.url, page.token) as again:
        again.lines += page.lines
        await again.until("HX")
    assert count(tmp_path, "SELECT count(*) FROM cases") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, and not much of it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root, where mounting is allowed, can have a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """To the last byte."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as out:
        while out.write(bytes(4096)):
            pass
    return filler


@pytest.mark.slow
async def test_a_small_disk_that_is_full_to_the_last_byte(small_disk: Path) -> None:
    """What room the database has left is used; then everybody is told, and nothing that was accepted is lost."""
    async with (
        serving(small_disk) as process,
        httpx.AsyncClient(base_url=process.url, timeout=SOON) as http,
        opened(process.url) as before,
        opened(process.url) as during,
    ):
        await before.send(t="send", id=FIRST, text=COMPLAINT)
        await before.until("HX")
        filler = fill(small_disk)
        accepted = 0
        while (answer := await post(http, f"D{accepted}")).status_code != 503 and accepted < MOST_ORDERS:
            assert answer.status_code in (200, 201), answer.text
            accepted += 1
        assert answer.json()["error"] == "busy"
        await during.send(t="send", id=SECOND, text=COMPLAINT * 200)
        assert (await during.expect("refused"))["id"] == SECOND
        assert (await http.get("/healthz")).status_code == 200
        filler.unlink()
        await during.send(t="send", id=SECOND, text=COMPLAINT)
        await during.until("HX")
        assert (await post(http, f"D{accepted}")).status_code in (200, 201)
        assert (await http.get("/readyz")).status_code == 200
        process.process.terminate()
        assert await asyncio.to_thread(process.process.wait, 30) == 0
    assert count(small_disk, "SELECT count(*) FROM orders") == accepted + 1
    assert count(small_disk, "SELECT count(*) FROM cases") == 2
    assert count(small_disk, "SELECT count(*) FROM inbox WHERE state <> 'done'") == 0


def test_without_room_for_its_lock_nothing_is_begun(tmp_path: Path) -> None:
    most_bytes(0, 0)
    try:
        with pytest.raises(SettingsError, match=r"写不了.*磁盘"):
            ProcessLock(tmp_path / "x.db").take()
    finally:
        most_bytes(0, -1)


def test_a_start_without_enough_room_is_a_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve", "--port", "0"],
        capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), timeout=60,
        preexec_fn=lambda: most_bytes(0, 100_000),
    )  # fmt: skip
    assert ended.returncode == 1
    assert "写不了" in ended.stderr
    assert "磁盘" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_journal_that_cannot_be_written_stops_no_sending(tmp_path: Path) -> None:
    """The message did arrive; only a crash right now would send it twice."""
    journal = SendJournal(tmp_path / "web.sent")
    journal.took(1, "r1")
    size = (tmp_path / "web.sent").stat().st_size
    most_bytes(0, size + 3)
    try:
        journal.took(2, "r2")
    finally:
        most_bytes(0, -1)
    journal.took(3, "r3")
    assert list(journal.left()) == [(1, "r1"), (3, "r3")]
    journal.written_down(3)
    assert list(journal.left()) == []
    journal.close()


def test_a_transaction_that_did_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.write() as tx:
        tx.driver.execute("CREATE TABLE t (words TEXT)")
    most_bytes(0, 8192)
    try:
        with pytest.raises(Busy), database.write() as tx, tx.savepoint():
            tx.driver.execute("INSERT INTO t VALUES (?)", ("汗" * 100_000,))
    finally:
        most_bytes(0, -1)
    with database.write() as tx:
        assert tx.driver.execute("SELECT count(*) FROM t").fetchone() == (0,)
        tx.driver.execute("INSERT INTO t VALUES ('好')")
    database.close()
