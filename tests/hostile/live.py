"""The whole company in the test's own process: the real wiring, engine, delivery and Telegram adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.settings import load_settings
from bot.wiring import Huixiang
from domain.clock import SystemClock
from domain.events import Incoming, StaffActed
from storage.statement import Statement
from tests.botapi import BotApi, User

SOON = 20.0


class Live:
    """`api` is the Telegram it talks with; what people see there is what the company said."""

    def __init__(self, house: Huixiang, api: BotApi) -> None:
        self.house = house
        self.api = api
        self._acts = 0

    async def act(self, action: str, **args: Any) -> dict[str, Any]:
        """As the company itself does, through the engine."""
        self._acts += 1
        event = StaffActed(action, None, args)
        handled = await self.house.core.engine.submit(Incoming("test", f"act{self._acts}", "test", event))
        assert handled.error is None, handled.error
        return handled.result or {}

    async def staff(self, user_id: int, role: str, name: str) -> User:
        """Somebody who came by an invitation, and has read the welcome."""
        invitation = await self.act("invite_staff", role=role, name=name)
        user = self.api.user(user_id, name)
        user.start(invitation["code"])
        await user.expect(timeout=SOON)
        return user

    def rows(self, statement: Statement, **params: Any) -> list[Any]:
        with self.house.core.database.read() as tx:
            return tx.all(statement, **params)


def _until_ten(now: datetime) -> timedelta:
    """To the next morning at ten in Shanghai, when nothing waits for the end of the night."""
    return timedelta(hours=(26 - now.hour) % 24, minutes=-now.minute)


@asynccontextmanager
async def living(folder: Path, api: BotApi, **more: str) -> AsyncIterator[Live]:
    """Started, and stopped at the end."""
    environment = {
        "HUIXIANG_DATA_DIR": str(folder),
        "HUIXIANG_TELEGRAM_TOKEN": api.token,
        "HUIXIANG_TELEGRAM_API": api.base,
        "HUIXIANG_TELEGRAM_PER_SECOND": "1000",
        **more,
    }
    house = Huixiang(load_settings(environment, env_file=folder / "none"), "http://127.0.0.1:1")
    assert isinstance(house.core.clock, SystemClock)
    house.core.clock.offset = _until_ten(house.core.clock.now())
    await house.start()
    try:
        yield Live(house, api)
    finally:
        await house.stop()
