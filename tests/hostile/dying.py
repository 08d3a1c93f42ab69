"""`python -m tests.hostile.dying turn|send`: a company that is killed at exactly one moment, by its own hand.

`turn`: in the middle of a turn, half of its rows written. `send`: when the channel has taken a message, and nobody has
written that down. What the channel took stands in `taken`.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

from domain.channel import Outcome, Outgoing, Sent
from domain.events import Address, Incoming, MessageCame
from domain.understanding import Understanding
from handlers.delivery import Delivery
from handlers.engine import Engine
from handlers.round import Round
from tests.harness import House, shared_reader
from web.hub import WebChannel

MOMENT = sys.argv[1] if len(sys.argv) > 1 else ""
SAID = "厨房油烟机根本没擦干净，我要求返工"


class Reader:
    """Reads as always, and the power fails."""

    def understand(self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        reading = shared_reader().understand(text, at, sender)
        if MOMENT == "turn":
            os.kill(os.getpid(), signal.SIGKILL)
        return reading


class Channel(WebChannel):
    """Takes a message for good."""

    def __init__(self, folder: Path, dies: bool) -> None:
        super().__init__()
        self._taken = folder / "taken"
        self._dies = dies

    async def send(self, message: Outgoing) -> Outcome:
        with self._taken.open("a") as taken:
            taken.write(f"{message.id}\n")
        if self._dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return Sent(str(message.id))


async def live(folder: Path) -> None:
    """Until it dies. The event is accepted before anything else begins."""
    house = House(folder, Reader())
    house.supervisor()
    with house.writing() as tx:
        said = MessageCame(Address("web", "c"), SAID)
        Round(tx, house.world, house.clock.now()).store(Incoming("web", "1", "web:c", said))
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    delivery = Delivery(engine, {"web": Channel(folder, MOMENT == "send")}, house.clock, folder)
    await delivery.start()
    await asyncio.sleep(30)


if __name__ == "__main__":
    asyncio.run(live(Path.cwd()))
