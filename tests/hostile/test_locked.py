"""Another program holds the database: nobody is told a lie, nothing is lost or doubled, and all goes on by itself."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from domain.errors import Busy
from storage.database import BUSY_SECONDS, Database
from storage.tables import metadata
from tests.botapi import BotApi
from tests.hostile.live import SOON, Live, opened

MESSAGE = "11111111-2222-4333-8444-555555555555"
COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
ORDER = {
    "number": "L1", "customer": {"name": "王女士", "phone": "13811112222"}, "service": "日常保洁",
    "starts_at": "2031-01-01T10:00:00+08:00",
}  # fmt: skip


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """As a backup tool or a forgotten shell does."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_writer_waits_and_then_says_busy(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}", patience=0.1)
    database.create_all(metadata)
    with locked(tmp_path / "x.db"):
        with pytest.raises(Busy), database.write():
            pass
        with database.read() as tx:
            assert tx.driver.execute("SELECT count(*) FROM inbox").fetchone() == (0,), "readers never wait"
    with database.write():
        pass
    database.close()


def test_a_writer_that_waits_not_too_long_gets_its_turn(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    database.create_all(metadata)
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(tmp_path / "x.db"):
            held.set()
            go.wait(5)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(5)
    threading.Timer(0.3, go.set).start()
    with database.write():
        pass
    other.join()
    database.close()


async def hold_up(live: Live, api: BotApi, seconds: float) -> None:
    """While it is locked, every edge says so in its way; afterwards everything is answered, once."""
    user = api.user(1, "王女士")
    user.start()
    await user.expect(timeout=SOON)
    async with opened(live.url) as page:
        await live.settled()
        with locked(live.house.settings.database_file):
            user.say(COMPLAINT)
            await page.send(t="send", id=MESSAGE, text=COMPLAINT)
            posted = asyncio.create_task(live.post("/api/orders", ORDER))
            ready = await live.get("/readyz")
            refused = await page.expect("refused")
            answer = await posted
            await asyncio.sleep(seconds - BUSY_SECONDS)
            stored = live.count("SELECT count(*) FROM cases")
        assert (ready.status_code, ready.json()["database"]["ok"]) == (503, False)
        assert (refused["id"], refused["retry"]) == (MESSAGE, 5)
        assert "忙" in refused["reason"]
        assert (answer.status_code, answer.json()["error"]) == (503, "busy")
        assert int(answer.headers["Retry-After"]) > 0
        assert stored == 0
        await page.send(t="send", id=MESSAGE, text=COMPLAINT)
        await page.until("HX")
        await user.expect("HX", timeout=60)
        await user.expect(timeout=SOON)
        await live.settled()
    assert (await live.post("/api/orders", ORDER)).status_code in (200, 201)
    assert (await live.get("/readyz")).status_code == 200
    assert live.count("SELECT count(*) FROM cases") == 2
    assert sum("HX" in one.text for one in user.inbox) == 1


async def test_a_database_locked_for_longer_than_we_wait(live: Live, api: BotApi) -> None:
    await hold_up(live, api, BUSY_SECONDS + 1.5)


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_database_locked_for_a_minute(live: Live, api: BotApi) -> None:
    await hold_up(live, api, 60.0)
