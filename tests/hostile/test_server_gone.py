"""PostgreSQL is gone while people write, and comes back, perhaps as another: nobody is lied to, nothing is lost."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests import databases
from tests.botapi import BotApi, User
from tests.databases import REPLICATING, Server
from tests.hostile.live import SOON, Live, living, opened

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
MESSAGE = "11111111-2222-4333-8444-555555555555"
LATER = 90.0
ORDER = {
    "number": "G1", "customer": {"name": "王女士", "phone": "13811112222"}, "service": "日常保洁",
    "starts_at": "2031-01-01T10:00:00+08:00",
}  # fmt: skip


@pytest.fixture
def primary() -> Iterator[Server]:
    server = Server(databases.binaries(), fsync="on", full_page_writes="on", **REPLICATING)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def standby(primary: Server) -> Iterator[Server]:
    """Has every commit before whoever asked for it is told."""
    server = Server(primary.binaries, primary, fsync="on", **REPLICATING)
    server.start()
    primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.run("SELECT pg_reload_conf()")
    yield server
    server.remove()


@asynccontextmanager
async def at_work(folder: Path, api: BotApi, url: str) -> AsyncIterator[tuple[Live, User]]:
    """A company with one customer, who was answered."""
    async with living(folder, api, HUIXIANG_DATABASE_URL=url) as live:
        first = api.user(1, "王女士")
        first.say(COMPLAINT)
        await first.expect("HX", timeout=SOON)
        await live.settled()
        yield live, first


async def writes_meanwhile(live: Live, api: BotApi, back: Callable[[], None]) -> None:
    """Nobody is told that it was taken; when the server is `back`, all are answered, once."""
    crowd = [api.user(10 + number, f"客户{number}") for number in range(10)]
    for user in crowd:
        user.say(COMPLAINT)
    posted, ready = await live.post("/api/orders", ORDER), await live.get("/readyz")
    assert (posted.status_code, posted.json()["error"]) == (503, "busy")
    assert (ready.status_code, ready.json()["database"]["ok"]) == (503, False)
    await asyncio.to_thread(back)
    await asyncio.gather(*(user.expect("HX", timeout=LATER) for user in crowd))
    async with opened(live.url) as page:
        await page.send(t="send", id=MESSAGE, text=COMPLAINT)
        await page.until("HX")
    await live.settled()
    assert (await live.post("/api/orders", ORDER)).status_code in (200, 201)
    assert (await live.get("/readyz")).status_code == 200
    assert live.count("SELECT count(*) FROM cases") == len(crowd) + 2
    assert live.count("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
    repeated = sum(answers(user) - 1 for user in crowd)
    assert repeated <= 1, "what was in the air when the server went"
    assert answers(api.user(1)) == 1


def answers(user: User) -> int:
    return sum("HX" in message.text for message in user.inbox)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seconds", [1.0, 60.0])
async def test_a_server_that_crashes_and_is_started_again(
    tmp_path: Path, api: BotApi, primary: Server, seconds: float
) -> None:
    async with at_work(tmp_path, api, primary.fresh()) as (live, _):
        primary.stop(signal.SIGQUIT)
        await asyncio.sleep(seconds)
        await writes_meanwhile(live, api, primary.start)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_standby_is_promoted_and_has_everything(
    tmp_path: Path, api: BotApi, primary: Server, standby: Server
) -> None:
    """The address names both; whichever may be written to is used."""
    name = primary.fresh().partition("?")[0].rpartition("/")[2]
    url = f"postgresql://huixiang@/{name}?host={primary.folder},{standby.folder}&target_session_attrs=read-write"
    async with at_work(tmp_path, api, url) as (live, _):
        primary.stop(signal.SIGQUIT)
        await writes_meanwhile(live, api, partial(standby.run, "SELECT pg_promote()"))


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_tables_locked_for_longer_than_we_wait(tmp_path: Path, api: BotApi) -> None:
    """As a repair or a careless migration does."""
    url = databases.server().fresh()
    async with at_work(tmp_path, api, url) as (live, _):
        other = psycopg.connect(url)
        other.execute("LOCK TABLE inbox, fact IN ACCESS EXCLUSIVE MODE")
        await writes_meanwhile(live, api, other.close)
    databases.drop(url)
