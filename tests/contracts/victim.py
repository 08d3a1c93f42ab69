"""A process that begins a chore and never ends it: `python -m tests.contracts.victim URL`, to be killed."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime

from domain.clock import SystemClock
from scheduler.distributed import Distributed
from scheduler.driver import Chore, Pace
from storage.database import Tx

QUICK = Pace(sweep=1, look=0.1, lead=0.3, beat=0.3, dead=1)


class Idle:
    """An engine that has nothing to do."""

    def __init__(self) -> None:
        self.before_commit: list[Callable[[Tx, datetime, datetime | None], None]] = []


async def live(url: str) -> None:
    never = asyncio.Event()

    async def chore() -> None:
        await never.wait()

    await Distributed(url, Idle(), SystemClock(), [Chore("chore", 60, chore)], QUICK).start()
    await never.wait()


if __name__ == "__main__":
    asyncio.run(live(sys.argv[1]))
