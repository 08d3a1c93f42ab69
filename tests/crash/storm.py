"""A storm: many people write at once while the company's processes are killed again and again."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import errand
from bot.settings import load_settings
from domain.events import Incoming, StaffActed
from tests import databases
from tests.botapi import BotApi
from tests.crash.crowd import API_KEY, Crowd
from tests.crash.fleet import Fleet
from tests.crash.ledger import Report, check, settled

ALONE = ("serve",)
FEW = ("poll", "worker", "worker")
MANY = (*FEW, "poll", "web")
SETTLE_SECONDS = 120.0
OFTEN_UP = 0.8
"""How many of those that are killed were at work; the others had only begun to start, they or one before them."""
CALLED_SECONDS = 120.0


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
        crowd = Crowd(api, users, chance)
        code = await asyncio.to_thread(_invite, {"HUIXIANG_DATA_DIR": str(folder), "HUIXIANG_DATABASE_URL": url})
        await fleet.start()
        await _call_after(0, api, fleet)
        crowd.supervisor.start(code)
        await crowd.supervisor.expect(timeout=CALLED_SECONDS)
        async with asyncio.TaskGroup() as tasks:
            busy = [tasks.create_task(crowd.lead()), tasks.create_task(crowd.shop(fleet))]
            talk = tasks.create_task(crowd.talk(updates, lambda: (fleet.kills + 1) / kills if kills else 1.0))
            while fleet.kills < kills:
                await asyncio.sleep(chance.uniform(*life))
                victim = await fleet.kill(chance)
                calls = api.world.updates.polls
                if chance.random() < OFTEN_UP:
                    await fleet.until_up([victim])
                await _call_after(calls, api, fleet)
            await talk
            for task in busy:
                task.cancel()
        await _until_settled(url, api)
        ended = await fleet.stop()
        assert not any(ended), f"SIGTERM ended them with {ended}: see {folder}"
        received = {str(person.chat.id): [(str(one.id), one.text) for one in person.inbox] for person in crowd.people}
        return check(url, crowd.said, crowd.ordered, received, fleet.kills)


def _settings(api: BotApi, url: str, library: str) -> dict[str, str]:
    return {
        "HUIXIANG_DATABASE_URL": url,
        "HUIXIANG_API_KEY": API_KEY,
        "HUIXIANG_TELEGRAM_TOKEN": api.token,
        "HUIXIANG_TELEGRAM_API": api.base,
        "HUIXIANG_TELEGRAM_PER_SECOND": "1000",
        "HUIXIANG_TELEGRAM_LIBRARY": library,
    }


def _invite(environment: dict[str, str]) -> str:
    """The code that makes a chat the supervisor's; before anybody serves."""
    event = StaffActed("invite_staff", None, {"role": "supervisor", "name": "陈主管"})
    settings = load_settings(environment, Path(environment["HUIXIANG_DATA_DIR"]) / "none")
    answer: dict[str, Any] = errand.run_one(settings, Incoming("cli", "invite", "staff", event))
    return str(answer["code"])


async def _call_after(calls: int, api: BotApi, fleet: Fleet) -> None:
    """Until somebody has asked for updates again: before that there is nothing to lose."""
    for _ in range(int(CALLED_SECONDS / 0.05)):
        if api.world.updates.polls > calls:
            return
        fleet.check()
        await asyncio.sleep(0.05)
    raise AssertionError(f"nobody ever asked for updates: see {fleet.folder}")


async def _until_settled(url: str, api: BotApi) -> None:
    """Whoever was killed last may still be starting: what was said and not fetched yet counts as well."""

    def is_over() -> bool:
        return not api.world.updates.pending and settled(url)

    for _ in range(int(SETTLE_SECONDS / 0.25)):
        if is_over():
            await asyncio.sleep(0.5)
            if is_over():
                return
        await asyncio.sleep(0.25)
    raise AssertionError("it did not settle")
