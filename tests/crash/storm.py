"""A storm: many people write at once while the company's process is killed again and again."""

import asyncio
import random
from collections import Counter
from pathlib import Path

from tests.botapi import BotApi
from tests.botapi.users import User
from tests.crash.ledger import Report, check, settled
from tests.crash.process import Serving

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
SETTLE_SECONDS = 120.0
FIRST_USER = 10_000


async def storm(folder: Path, *, updates: int, kills: int, users: int, life: tuple[float, float], seed: int) -> Report:
    """`life` is how long a process lives before it is killed: at least, at most, in seconds after its start."""
    chance = random.Random(seed)
    async with BotApi() as api, _serving(folder, api) as serving:
        people = [api.user(FIRST_USER + number, f"客户{number}") for number in range(users)]
        said: list[tuple[str, str]] = []
        await serving.start()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_talk(people, said, updates, chance))
            while serving.kills < kills:
                await _first_call(api, serving)
                await asyncio.sleep(chance.uniform(*life))
                await serving.kill()
                await serving.start()
            await _first_call(api, serving)
        await _until_settled(folder / "huixiang.db")
        ended = await serving.stop()
        assert ended == 0, f"SIGTERM ended it with {ended}: see {serving.log}"
        received = {str(person.chat.id): Counter(one.text for one in person.inbox) for person in people}
        return check(folder / "huixiang.db", said, received, serving.kills)


def _serving(folder: Path, api: BotApi) -> Serving:
    return Serving(
        folder,
        HUIXIANG_TELEGRAM_TOKEN=api.token,
        HUIXIANG_TELEGRAM_API=api.base,
        HUIXIANG_TELEGRAM_PER_SECOND="1000",
    )


async def _talk(people: list[User], said: list[tuple[str, str]], updates: int, chance: random.Random) -> None:
    """Everybody says something now and then; each line is told apart by its number."""
    for number in range(updates):
        person = chance.choice(people)
        text = f"{chance.choice(LINES)}（{number}）" if chance.random() < 0.6 else chance.choice(LINES)
        person.say(text)
        said.append((str(person.chat.id), text))
        await asyncio.sleep(chance.expovariate(40))


async def _first_call(api: BotApi, serving: Serving) -> None:
    """Until the new process asks for updates: before that there is nothing to lose."""
    seen = len(api.calls)
    for _ in range(2400):
        if len(api.calls) > seen:
            return
        assert serving.process is not None
        assert serving.process.returncode is None, f"it did not start: see {serving.log}"
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never asked for updates: see {serving.log}")


async def _until_settled(database: Path) -> None:
    for _ in range(int(SETTLE_SECONDS / 0.25)):
        if settled(database):
            await asyncio.sleep(0.5)
            if settled(database):
                return
        await asyncio.sleep(0.25)
    raise AssertionError("it did not settle")
