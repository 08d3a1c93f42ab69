"""A storm: many people write at once while the company's process is killed again and again."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests import databases
from tests.botapi import BotApi
from tests.botapi.users import User
from tests.crash.fleet import Fleet
from tests.crash.ledger import Report, check, settled

LINES = (
    "厨房油污根本没擦干净，我要求返工",
    "你们阿姨迟到了一个小时，也不打招呼",
    "灶台和油烟机那边",
    "没错",
    "擦玻璃多少钱？",
    "查进度",
    "谢谢",
    "我的券",
    "昨天打碎了我一个花瓶，三百多块买的",
    "算了",
    "转人工",
)
ALONE = ("serve",)
FEW = ("poll", "worker", "worker")
MANY = (*FEW, "poll", "web")
SETTLE_SECONDS = 120.0
FIRST_USER = 10_000


async def storm(
    folder: Path, *, updates: int, kills: int, users: int, life: tuple[float, float], seed: int,
    commands: Sequence[str] = ALONE, library: str = "aiogram",
) -> Report:  # fmt: skip
    """`life` is how long a process lives before it is killed: at least, at most, in seconds after its start.

    With one of the `commands` it is on SQLite; with several on PostgreSQL, and any of them is killed beside the others.
    """
    chance = random.Random(seed)
    url = f"sqlite:///{folder / 'huixiang.db'}" if len(commands) == 1 else databases.server().fresh()
    async with BotApi() as api, Fleet(folder, commands, _settings(api, url, library)) as fleet:
        people = [api.user(FIRST_USER + number, f"客户{number}") for number in range(users)]
        said: list[tuple[str, str]] = []
        await fleet.start()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_talk(people, said, updates, chance))
            await _first_call(api, fleet)
            while fleet.kills < kills:
                await asyncio.sleep(chance.uniform(*life))
                await fleet.kill(chance)
                await _first_call(api, fleet)
        await _until_settled(url)
        ended = await fleet.stop()
        assert not any(ended), f"SIGTERM ended them with {ended}: see {folder}"
        received = {str(person.chat.id): Counter(one.text for one in person.inbox) for person in people}
        return check(url, said, received, fleet.kills)


def _settings(api: BotApi, url: str, library: str) -> dict[str, str]:
    return {
        "HUIXIANG_DATABASE_URL": url,
        "HUIXIANG_TELEGRAM_TOKEN": api.token,
        "HUIXIANG_TELEGRAM_API": api.base,
        "HUIXIANG_TELEGRAM_PER_SECOND": "1000",
        "HUIXIANG_TELEGRAM_LIBRARY": library,
    }


async def _talk(people: list[User], said: list[tuple[str, str]], updates: int, chance: random.Random) -> None:
    """Everybody says something now and then; each line is told apart by its number."""
    for number in range(updates):
        person = chance.choice(people)
        text = f"{chance.choice(LINES)}（{number}）" if chance.random() < 0.6 else chance.choice(LINES)
        person.say(text)
        said.append((str(person.chat.id), text))
        await asyncio.sleep(chance.expovariate(40))


async def _first_call(api: BotApi, fleet: Fleet) -> None:
    """Until somebody asks for updates: before that there is nothing to lose."""
    seen = len(api.calls)
    for _ in range(2400):
        if len(api.calls) > seen:
            return
        fleet.check()
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody ever asked for updates: see {fleet.folder}")


async def _until_settled(url: str) -> None:
    for _ in range(int(SETTLE_SECONDS / 0.25)):
        if settled(url):
            await asyncio.sleep(0.5)
            if settled(url):
                return
        await asyncio.sleep(0.25)
    raise AssertionError("it did not settle")
