"""Processes that end, killed or told to: others take over, and everybody who wrote meanwhile is answered once."""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

from tests import databases
from tests.botapi import BotApi, User
from tests.crash.process import Serving

SOON = 60.0
TAKEN_OVER_SECONDS = 15.0
DRAIN_SECONDS = 8.0
MANY = 50
SENT = "SELECT count(DISTINCT chat) FROM outbox WHERE state = 'sent'"
SAID = "厨房油烟机根本没擦干净，我要求返工"
KEY = "a key for the figures"


class Watched(Serving):
    """Tells how it is on a port of its own."""

    async def asked(self, path: str, **headers: str) -> httpx.Response:
        async with asyncio.timeout(SOON):
            while not (port := re.search(r'"health_port": (\d+)', self.log.read_text("utf-8"))):
                await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port[1]}") as http:
            return await http.get(path, headers=headers)

    async def duties(self) -> dict[str, bool]:
        answer = await self.asked("/readyz")
        assert answer.status_code == 200, answer.text
        found: dict[str, bool] = answer.json()["duties"]
        return found


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as started:
        yield started


@pytest.fixture
def url() -> Iterator[str]:
    url = databases.server().fresh()
    yield url
    databases.server().drop(url)


@pytest.fixture
async def company(tmp_path: Path, api: BotApi, url: str) -> AsyncIterator[dict[str, Watched]]:
    """Two pollers and a worker at work on one PostgreSQL."""
    settings = {
        "HUIXIANG_DATABASE_URL": url, "HUIXIANG_HEALTH_PORT": "0", "HUIXIANG_TELEGRAM_LIBRARY": "ptb",
        "HUIXIANG_TELEGRAM_TOKEN": api.token, "HUIXIANG_TELEGRAM_API": api.base, "HUIXIANG_TELEGRAM_PER_SECOND": "1000",
    }  # fmt: skip
    names = {"first": "poll", "second": "poll", "worker": "worker"}
    async with AsyncExitStack() as all_of_them:
        company = {name: Watched(tmp_path / name, command, **settings) for name, command in names.items()}
        for process in company.values():
            await all_of_them.enter_async_context(process)
            await process.start()
        yield company


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.sleep(0.02)


def answers(user: User) -> int:
    return sum("HX" in message.text for message in user.inbox)


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_standby_takes_over_from_a_poller_that_is_killed(company: dict[str, Watched], api: BotApi) -> None:
    await until(lambda: api.world.updates.polled)
    poll = f"poll:{api.token.partition(':')[0]}"
    pollers = [company["first"], company["second"]]
    held = [(await one.duties())[poll] for one in pollers]
    assert sorted(held) == [False, True]
    while await company["worker"].duties() != {"delivery:web": True, "delivery:telegram": True, "chores": True}:
        await asyncio.sleep(0.05)
    await known_how_they_are(company["worker"], api)

    before = api.user(1, "王女士")
    before.say(SAID)
    await before.expect("HX", timeout=SOON)
    holder, standby = pollers if held[0] else pollers[::-1]
    await holder.kill()
    killed = time.monotonic()
    meanwhile = [api.user(10 + number, f"客户{number}") for number in range(10)]
    for user in meanwhile:
        user.say(SAID)
    await until(lambda: not api.world.updates.pending)
    taken_over = time.monotonic() - killed
    await asyncio.gather(*(user.expect("HX", timeout=SOON) for user in meanwhile))
    sys.stdout.write(f"taken over within {taken_over:.1f} s\n")
    assert taken_over < TAKEN_OVER_SECONDS
    assert (await standby.duties())[poll]
    ended = await asyncio.gather(*(company[name].stop() for name in company if company[name] is not holder))
    assert ended == [0, 0]
    assert [answers(user) for user in (before, *meanwhile)] == [1] * 11


async def known_how_they_are(worker: Watched, api: BotApi) -> None:
    """Health and figures; the figures are for this machine alone."""
    assert (await worker.asked("/healthz")).json() == {"ok": True}
    figures = (await worker.asked("/metrics")).text
    assert "huixiang_waiting" in figures
    assert api.token.partition(":")[2] not in figures
    assert (await worker.asked("/metrics", **{"X-Forwarded-For": "127.0.0.1"})).status_code == 403
    assert (await worker.asked("/chat")).status_code == 404


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_told_to_end_with_fifty_waiting_all_end_soon_and_nobody_is_forgotten(
    company: dict[str, Watched], api: BotApi, url: str
) -> None:
    await until(lambda: api.world.updates.polled)
    await company["worker"].duties()
    crowd = [api.user(100 + number, f"客户{number}") for number in range(MANY)]
    for user in crowd:
        user.say(SAID)
    await until(lambda: ask(url, SENT) > 0)
    begun = time.monotonic()
    assert await asyncio.gather(*(process.stop() for process in company.values())) == [0, 0, 0]
    drained = time.monotonic() - begun
    waiting = MANY - ask(url, SENT)
    sys.stdout.write(f"all ended within {drained:.1f} s, with {waiting} still to be answered\n")
    assert drained < DRAIN_SECONDS
    assert waiting > 0
    await asyncio.gather(*(company[name].start() for name in ("first", "worker")))
    await asyncio.gather(*(user.expect("HX", timeout=SOON) for user in crowd))
    await until(lambda: ask(url, "SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0)
    assert [answers(user) for user in crowd] == [1] * MANY
    assert ask(url, "SELECT count(*) FROM cases") == MANY
    assert ask(url, "SELECT count(*) FROM inbox WHERE source = 'telegram'") == MANY


def ask(url: str, sql: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])
