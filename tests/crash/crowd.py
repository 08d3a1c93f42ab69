"""Everybody who wants something of the company in a storm: customers, the supervisor who takes cases, the shop's system."""

import asyncio
import random
from collections.abc import Callable

import httpx

from tests.botapi import BotApi, User
from tests.crash.fleet import Fleet

# The last one's pings climb every two minutes: timers fall due in a storm that lasts.
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
    "家里有煤气味，阿姨刚走",
)
FIRST_USER = 10_000
SUPERVISOR = 9_999
API_KEY = "a key for storms, long enough"
A_SECOND = 40


class Crowd:
    """What was `said` is (chat, text), in order; `ordered` are the numbers of orders that were accepted."""

    def __init__(self, api: BotApi, users: int, chance: random.Random) -> None:
        self.customers = [api.user(FIRST_USER + number, f"客户{number}") for number in range(users)]
        self.supervisor = api.user(SUPERVISOR, "陈主管")
        self.said: list[tuple[str, str]] = []
        self.ordered: list[str] = []
        self._chance = chance

    @property
    def people(self) -> list[User]:
        return [self.supervisor, *self.customers]

    async def talk(self, updates: int, may: Callable[[], float]) -> None:
        """Everybody says something now and then; each line is told apart by its number.

        `may` is which part of it may have been said by now, so that there is something to lose until the last kill.
        """
        for number in range(updates):
            person = self._chance.choice(self.customers)
            line = self._chance.choice(LINES)
            text = f"{line}（{number}）" if self._chance.random() < 0.6 else line
            person.say(text)
            self.said.append((str(person.chat.id), text))
            await asyncio.sleep(self._chance.expovariate(A_SECOND))
            while number >= updates * may():
                await asyncio.sleep(0.05)

    async def lead(self) -> None:
        """The supervisor takes every other case, once its ping is there; until called off."""
        seen = 0
        while True:
            await asyncio.sleep(0.2)
            news = [one for one in self.supervisor.inbox if one.id > seen]
            seen = max([seen, *(one.id for one in news)])
            for ping in news:
                if "接单" in ping.labels and self._chance.random() < 0.5:
                    self.supervisor.tap(ping, "接单")

    async def shop(self, fleet: Fleet) -> None:
        """Orders, each posted again wherever somebody serves until it is accepted; until called off."""
        async with httpx.AsyncClient(headers={"X-API-Key": API_KEY}, timeout=5.0) as http:
            while True:
                number = f"S{len(self.ordered)}"
                await self._post(http, fleet, number)
                self.ordered.append(number)
                await asyncio.sleep(self._chance.uniform(0.2, 1.0))

    async def _post(self, http: httpx.AsyncClient, fleet: Fleet, number: str) -> None:
        order = {
            "number": number, "customer": {"name": "王女士", "phone": f"139{len(self.ordered):08d}"},
            "service": "日常保洁", "starts_at": "2031-01-01T10:00:00+08:00",
        }  # fmt: skip
        while True:
            place = self._chance.choice(fleet.places() or [""])
            try:
                answer = await http.post(f"{place}/api/orders", json=order, headers={"Idempotency-Key": number})
                if answer.status_code == 200:
                    return
                assert answer.status_code == 503, answer.text
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)
