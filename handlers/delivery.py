"""Delivery: what the outbox owes goes out by a lane for each channel, no faster than allowed.

Nothing is sent that is not committed; what a crash left half sent is owed again.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from domain.channel import Channel
from domain.clock import Clock
from handlers.engine import Engine
from handlers.lane import Lane
from handlers.round import Round
from storage import outbox
from storage.database import Tx
from storage.journal import SendJournal

LOOK_SECONDS = 0.01


class Delivery:
    """One lane per channel. `folder` is where the journals are; `in_flight` how many sends a lane has in the air.

    With one, a kill repeats one message at the most; a company with many messages a second may want more.
    """

    def __init__(
        self, engine: Engine, channels: Mapping[str, Channel], clock: Clock, folder: Path, in_flight: int = 1
    ) -> None:
        self.engine = engine
        self.lanes: dict[str, Lane] = {}
        self._clock = clock
        self._channels = channels
        self._folder = folder
        self._in_flight = in_flight
        self._loop: asyncio.AbstractEventLoop | None = None

    def apart(self) -> "dict[str, Delivery]":
        """The same by channel, so that each may be another process's."""
        return {
            name: Delivery(self.engine, {name: channel}, self._clock, self._folder, self._in_flight)
            for name, channel in self._channels.items()
        }

    async def start(self) -> None:
        """From now on nobody else sends; what they or a crash left half sent is owed again; then every lane begins."""
        self._loop = asyncio.get_running_loop()
        self.lanes = {name: self._lane(name, channel) for name, channel in self._channels.items()}
        await self.engine.call(self._begin)
        await self.engine.call(self._recover)
        for lane in self.lanes.values():
            lane.journal.begin_anew()
            lane.start()

    async def stop(self) -> None:
        """Finish what is being sent; the rest stays owed."""
        lanes, self.lanes = self.lanes, {}
        await asyncio.gather(*(lane.stop() for lane in lanes.values()))

    async def flush(self, patience: float) -> bool:
        """Send what may go now; False when that takes longer than `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                while await self.engine.call_round(self._owes):
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            return False
        return True

    def heard(self, said: dict[str, Any]) -> None:
        """The bell of another writer; one that says nothing may have been missed before. In any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake, set(said.get("out", self.lanes)))

    def _lane(self, name: str, channel: Channel) -> Lane:
        return Lane(self.engine, channel, self._clock, SendJournal(self._folder / f"{name}.sent"), self._in_flight)

    def _owes(self, round_: Round) -> bool:
        """And that the lanes look."""
        round_.channels.update(self._channels)
        return any(outbox.unsent(round_.tx, name, self._clock.now()) for name in self._channels)

    def _begin(self, tx: Tx) -> None:
        """In a transaction of its own: the next sees all that was claimed before."""
        for lane in self.lanes.values():
            lane.tenure.begin(tx)

    def _recover(self, tx: Tx) -> None:
        for lane in self.lanes.values():
            for message, ref in lane.journal.left():
                outbox.mark(tx, message, "sent", ref=ref, at=lane.clock.now())
            outbox.requeue_lost(tx, lane.channel.name, set())

    def _wake(self, channels: set[str]) -> None:
        for name in channels & self.lanes.keys():
            self.lanes[name].woken.set()
