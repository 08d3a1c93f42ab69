"""The power fails at exactly one moment: nothing is lost, nothing is done twice, one message at the most comes again."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from handlers.delivery import Delivery
from handlers.engine import Engine
from storage.database import Database
from tests.bot.processes import Serving, environment
from tests.botapi import BotApi, User, server_error
from tests.harness import House
from tests.hostile.dying import SAID, Channel
from tests.hostile.live import SOON

MANY = 50
DRAIN_SECONDS = 8.0


def die(folder: Path, moment: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.hostile.dying", moment],
        cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def ask(folder: Path, sql: str, name: str = "house.db") -> int:
    with closing(sqlite3.connect(f"file:{folder / name}?mode=ro", uri=True, timeout=10)) as rows:
        return int(rows.execute(sql).fetchone()[0])


async def live_on(folder: Path) -> list[str]:
    """The next process, until all is done; what the channel was given over both lives."""
    house, database = House(make(folder / "other")), Database(f"sqlite:///{folder / 'house.db'}")
    engine = Engine(database, house.world, house.clock)
    engine.start()
    delivery = Delivery(engine, {"web": Channel(folder, dies=False)}, house.clock, folder)
    await delivery.start()
    await until(lambda: ask(folder, "SELECT count(*) FROM inbox WHERE state = 'new'") == 0)
    assert await delivery.flush(SOON)
    await delivery.stop()
    await engine.stop()
    database.close()
    house.close()
    return (folder / "taken").read_text().split()


def make(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON * 2):
        while not done():
            await asyncio.sleep(0.02)


async def test_killed_in_the_middle_of_a_turn_nothing_of_it_stays_and_it_is_done_once(tmp_path: Path) -> None:
    die(tmp_path, "turn")
    assert ask(tmp_path, "SELECT count(*) FROM inbox WHERE state = 'new'") == 1
    assert ask(tmp_path, "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM outbox)") == 0
    taken = Counter(await live_on(tmp_path))
    assert ask(tmp_path, "SELECT count(*) FROM cases") == 1
    assert ask(tmp_path, "SELECT count(*) FROM escalation") == 1
    assert set(taken.values()) == {1}


async def test_killed_between_send_and_mark_one_message_comes_again_and_no_other(tmp_path: Path) -> None:
    die(tmp_path, "send")
    taken = Counter(await live_on(tmp_path))
    assert len(taken) == ask(tmp_path, "SELECT count(*) FROM outbox WHERE state = 'sent'")
    assert sorted(taken.values(), reverse=True)[:2] == [2, 1]
    assert ask(tmp_path, "SELECT count(*) FROM cases") == 1


class Company:
    """The serving process behind an emulated Telegram, over several lives."""

    def __init__(self, folder: Path, api: BotApi) -> None:
        self.folder = folder
        self.api = api

    async def __aenter__(self) -> "Company":
        process = Serving(
            self.folder, telegram_token=self.api.token, telegram_api=self.api.base, telegram_per_second="1000"
        )
        self.process = await asyncio.to_thread(process.__enter__)
        await until(lambda: self.api.world.updates.polled)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await asyncio.to_thread(self.process.__exit__)

    def ask(self, sql: str) -> int:
        return ask(self.folder, sql, "huixiang.db")


def answers(user: User) -> int:
    return sum("HX" in message.text for message in user.inbox)


@pytest.mark.slow
@pytest.mark.timeout(200)
async def test_killed_before_storing_killed_before_confirming_and_told_to_end_with_fifty_waiting(
    tmp_path: Path, api: BotApi
) -> None:
    """Three ends of one company, in four lives."""
    first, second = api.user(1, "王女士"), api.user(2, "李女士")
    async with Company(tmp_path, api) as company:
        with closing(sqlite3.connect(tmp_path / "huixiang.db", isolation_level=None)) as locked:
            locked.execute("BEGIN IMMEDIATE")
            first.say(SAID)
            await until(lambda: not api.world.updates.polled)
    assert company.ask("SELECT count(*) FROM inbox") == 0
    async with Company(tmp_path, api) as company:
        await first.expect("HX", timeout=SOON)
        api.fault("getUpdates", server_error(), times=1000)
        second.say(SAID)
        await second.expect("HX", timeout=SOON)
        await until(lambda: company.ask("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0)
        assert api.world.updates.pending, "stored and answered, and not confirmed"
    api.world.faults.clear()
    async with Company(tmp_path, api) as company:
        await until(lambda: not api.world.updates.pending)
        crowd = [api.user(100 + number, f"客户{number}") for number in range(MANY)]
        for one in crowd:
            one.say(SAID)
        await until(lambda: company.ask("SELECT count(*) FROM inbox") > 2)
        begun = time.monotonic()
        company.process.process.terminate()
        assert await asyncio.to_thread(company.process.process.wait, 30) == 0
        assert time.monotonic() - begun < DRAIN_SECONDS
    async with Company(tmp_path, api):
        await asyncio.gather(*(one.expect("HX", timeout=SOON) for one in crowd))
        await until(lambda: company.ask("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0)
    assert [answers(one) for one in (first, second, *crowd)] == [1] * (MANY + 2)
    assert company.ask("SELECT count(*) FROM cases") == MANY + 2
    assert company.ask("SELECT count(*) FROM inbox WHERE source = 'telegram'") == MANY + 2
