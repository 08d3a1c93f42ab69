"""Many people writing at once, inside the emulator's own process, with the time each answer took."""

import asyncio
import itertools
import time
from collections import defaultdict, deque

from tests.botapi.updates import Json
from tests.botapi.users import User
from tests.botapi.world import World


class Load:
    """An answer is the next message of the bot in the chat, counting from when the person wrote."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: dict[int, deque[float]] = defaultdict(deque)
        self._took: list[float] = []
        self._answered: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._numbers = itertools.count(1)

    async def run(
        self, messages: int, people: int = 50, rate: float = 0.0, text: str = "厨房油污没擦干净",
        first_id: int = 700_000, timeout: float = 60.0,
    ) -> Json:  # fmt: skip
        """`rate` a second whatever happens, or (0) each person writes again as soon as they are answered.

        A `#` in the text becomes a number, another one in each message: nobody who answers has seen it before.
        """
        users = [User(self._world, first_id + number, f"客户{number}") for number in range(people)]
        self._world.said, before = self._heard, self._world.said
        began = time.perf_counter()
        try:
            async with asyncio.timeout(timeout):
                await (self._at_rate(users, messages, rate, text) if rate else self._in_turn(users, messages, text))
        except TimeoutError:
            pass
        finally:
            self._world.said = before
        return self._report(messages, time.perf_counter() - began)

    def _heard(self, message: Json) -> None:
        waiting = self._asked.get(message["chat"]["id"])
        if waiting:
            self._took.append(time.perf_counter() - waiting.popleft())
            self._answered[message["chat"]["id"]].set()

    def _ask(self, user: User, text: str) -> None:
        self._asked[user.id].append(time.perf_counter())
        user.say(text.replace("#", str(next(self._numbers))))

    async def _in_turn(self, users: list[User], messages: int, text: str) -> None:
        left = iter(range(messages))

        async def talk(user: User) -> None:
            for _ in left:
                self._answered[user.id].clear()
                self._ask(user, text)
                await self._answered[user.id].wait()

        await asyncio.gather(*map(talk, users))

    async def _at_rate(self, users: list[User], messages: int, rate: float, text: str) -> None:
        began = time.perf_counter()
        for number in range(messages):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            self._ask(users[number % len(users)], text)
        await self._world.until(lambda: len(self._took) >= messages, timeout=60)

    def _report(self, messages: int, seconds: float) -> Json:
        took = sorted(self._took) or [0.0]
        return {
            "messages": messages, "answered": len(self._took), "seconds": round(seconds, 3),
            "per_second": round(len(self._took) / seconds, 1),
            "p50_ms": round(took[len(took) // 2] * 1000, 2), "p99_ms": round(took[int(len(took) * 0.99)] * 1000, 2),
        }  # fmt: skip
