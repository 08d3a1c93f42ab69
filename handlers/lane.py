"""A lane: all messages of one channel on their way out, the most urgent first, each chat in order.

A message is marked `sending` before and `sent` after. When the process dies between the two, the journal knows which
ones the channel had taken; only one that was in the air just then is owed again, and may reach its reader twice.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog
from structlog.contextvars import bind_contextvars

from domain.channel import Channel, Gone, Outcome, Sent, TryLater, Unsure
from domain.clock import Clock
from domain.errors import HuixiangError
from domain.events import Address, ChatClosed, Incoming
from handlers.engine import Engine
from handlers.pace import Pace, Place
from handlers.round import Round
from handlers.sends import claim, mark, outgoing
from storage import outbox
from storage.database import Tx
from storage.journal import SendJournal
from storage.outbox import Outbox

log = structlog.get_logger()
CLAIM = 40
SLOW_SECONDS = 2.0
"""A send that takes longer does not hold up the others."""
MOST_TRIES = 2
UNSURE_PAUSE = timedelta(seconds=2)
IDLE_SECONDS = 5.0
ERROR_PAUSE = 1.0


class Lane:
    """All messages of one channel. A chat has one worker at a time, so its messages keep their order."""

    def __init__(self, engine: Engine, channel: Channel, clock: Clock, journal: SendJournal, in_flight: int) -> None:
        self.engine = engine
        self.channel = channel
        self.clock = clock
        self.journal = journal
        self.pace = Pace(channel.limits)
        self.woken = asyncio.Event()
        self._waiting: dict[str, deque[Outbox]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._held: dict[str, datetime] = {}
        self._flights = asyncio.Semaphore(in_flight)
        self._taken: list[tuple[Outbox, Sent, datetime]] = []
        self._writing: asyncio.Task[None] | None = None
        self._main: asyncio.Task[None] | None = None
        self._shared = engine.database.shared
        self._doubtful = False
        self._full = False

    def start(self) -> None:
        self._main = asyncio.create_task(self._run(), name=f"delivery:{self.channel.name}")

    async def stop(self) -> None:
        if self._main is not None:
            self._main.cancel()
            await asyncio.gather(self._main, return_exceptions=True)
        for rows in self._waiting.values():
            rows.clear()
        self.pace.close()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._writing is not None:
            await self._writing
        self.journal.close()

    async def _run(self) -> None:
        """Claim what is owed whenever there may be something."""
        while True:
            self.woken.clear()
            try:
                more = await self._claim_and_send()
            except HuixiangError as error:
                log.warning("delivery_waits", channel=self.channel.name, error=error.code)
                self._doubtful = True
                await asyncio.sleep(ERROR_PAUSE)
                continue
            if not more:
                await self._rest()

    async def _rest(self) -> None:
        """Until woken, or the first chat's pause is over; a few seconds at the most.

        Not `wait_for`: before Python 3.12 it lets a cancellation go by that comes together with the waking.
        """
        now = self.clock.now()
        seconds = min([IDLE_SECONDS, *((until - now).total_seconds() for until in self._held.values())])
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()

    async def _claim_and_send(self) -> bool:
        """True when there may be more at once."""
        room = CLAIM - sum(len(rows) for rows in self._waiting.values())
        self._full = room <= 0
        if self._full:
            return False
        now = self.clock.now()
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        rows = await self.engine.call(partial(self._claim, now=now, room=room))
        self._doubtful = False
        for row in [row for row in rows if row.chat not in self._held]:
            self._give(row)
        await self._put_back([row for row in rows if row.chat in self._held], "held")
        return len(rows) == room

    def _claim(self, tx: Tx, *, now: datetime, room: int) -> list[Outbox]:
        """After a failure nobody knows whether its claim was committed: what is being sent, and not by us, is owed."""
        if self._doubtful:
            ours = {row.id or 0 for rows in self._waiting.values() for row in rows}
            ours |= {row.id or 0 for row, _, _ in self._taken}
            outbox.requeue_lost(tx, self.channel.name, ours)
        return claim(tx, channel=self.channel.name, now=now, room=room)

    def _give(self, row: Outbox) -> None:
        """To the chat's worker; start one if it has none."""
        rows = self._waiting.setdefault(row.chat, deque())
        rows.append(row)
        if len(rows) == 1:
            worker = asyncio.create_task(self._work(row.chat, rows))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self, chat: str, rows: deque[Outbox]) -> None:
        """Send this chat's messages one after the other. Then look for more only if there may be: they ring."""
        again = False
        while rows:
            await self.pace.wait(chat)
            if (tried := await self._in_turn(rows)) is not None:
                await self._settle(*tried)
                again |= not isinstance(tried[1], Sent)
            if rows:
                rows.popleft()
        self._waiting.pop(chat, None)
        if again or self._full:
            self.woken.set()

    async def _in_turn(self, rows: deque[Outbox]) -> tuple[Outbox, Outcome] | None:
        """Send the first when it is its turn, unless we stop before; a slow one lets the next go ahead.

        All in one task: the next message waits for every step of the loop between an answer and its own start.
        """
        await self._flights.acquire()
        place = Place(self._flights)
        try:
            await self.pace.resumed()
            if not rows:
                return None
            place.leave_after(SLOW_SECONDS)
            return rows[0], await self._send(rows[0])
        finally:
            place.leave()

    async def _send(self, row: Outbox) -> Outcome:
        """A pause of the whole bot begins before the next one may go. What is logged on the way names the event."""
        bind_contextvars(event_id=row.event_id)
        begun = time.perf_counter()
        outcome = await self._tried(row)
        seconds, result = time.perf_counter() - begun, type(outcome).__name__.lower()
        log.debug(
            "message_tried", channel=self.channel.name, message=row.id, result=result, ms=round(seconds * 1000, 1)
        )
        self.engine.world.watcher.sent(self.channel.name, result, seconds)
        if isinstance(outcome, Sent) and self._shared:
            # Whoever takes over on another machine cannot read our journal: it is committed before the next may go.
            self.journal.took(row.id or 0, outcome.ref)
            await self._insist(partial(mark, row=row, outcome=outcome, now=self.clock.now()))
            self.journal.written_down(1)
        if isinstance(outcome, TryLater) and outcome.whole_bot:
            self.pace.stop_for(outcome.seconds)
        return outcome

    async def _tried(self, row: Outbox) -> Outcome:
        try:
            return await self.channel.send(outgoing(row))
        except Exception as error:
            log.error("channel_raised", channel=self.channel.name, message=row.id, error=type(error).__name__)
            return Unsure(type(error).__name__)

    async def _settle(self, row: Outbox, outcome: Outcome) -> None:
        """Write down how it went. One that must wait makes its whole chat wait, so that the order holds."""
        wait = self._pause(row, outcome)
        if isinstance(outcome, Sent):
            if not self._shared:
                self._took(row, outcome)
        elif wait is not None:
            rows = self._waiting[row.chat]
            self._held[row.chat] = self.clock.now() + wait
            behind = list(rows)[1:]
            rows.clear()
            await self._put_back([row, *behind], getattr(outcome, "reason", ""))
        elif isinstance(outcome, Gone):
            await self._bury(row, outcome)
        else:
            await self._insist(partial(mark, row=row, outcome=outcome, now=self.clock.now()))

    def _took(self, row: Outbox, outcome: Sent) -> None:
        """Into the journal now, into the database with the next round."""
        self.journal.took(row.id or 0, outcome.ref)
        self._taken.append((row, outcome, self.clock.now()))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_down())

    async def _write_down(self) -> None:
        while self._taken:
            taken, self._taken = self._taken, []

            def work(tx: Tx, taken: list[tuple[Outbox, Sent, datetime]] = taken) -> None:
                for row, outcome, at in taken:
                    mark(tx, row=row, outcome=outcome, now=at)

            await self._insist(work)
            self.journal.written_down(len(taken))

    def _pause(self, row: Outbox, outcome: Outcome) -> timedelta | None:
        """How long until the next try; None when there is none. What may have arrived is tried only once more."""
        if isinstance(outcome, TryLater):
            return timedelta(seconds=outcome.seconds)
        if isinstance(outcome, Unsure) and row.attempts + 1 < MOST_TRIES:
            return UNSURE_PAUSE
        return None

    async def _put_back(self, rows: list[Outbox], reason: str) -> None:
        """Owed again, when their chat's pause is over."""
        if not rows:
            return
        until = {row.chat: self._held[row.chat] for row in rows}

        def work(tx: Tx) -> None:
            for row in rows:
                outbox.queue_again(tx, row.id or 0, until[row.chat], reason)

        await self._insist(work)

    async def _bury(self, row: Outbox, outcome: Gone) -> None:
        """This message and those behind it; that their chat is closed is an event like any other, stored with them."""
        rows = self._waiting[row.chat]
        lost = list(rows)
        rows.clear()
        address = Address(row.channel, row.chat)
        closed = Incoming("delivery", f"gone:{row.id}", str(address), ChatClosed(address))

        def work(round_: Round) -> None:
            for one in lost:
                mark(round_.tx, row=one, outcome=outcome, now=self.clock.now())
            round_.store(closed)

        await self._insist_round(work)

    async def _insist(self, work: Callable[[Tx], None]) -> None:
        await self._insist_round(lambda round_: work(round_.tx))

    async def _insist_round(self, work: Callable[[Round], None]) -> None:
        """However often the database must be asked."""
        while True:
            try:
                return await self.engine.call_round(work)
            except HuixiangError as error:
                log.warning("mark_waits", channel=self.channel.name, error=error.code)
                await asyncio.sleep(ERROR_PAUSE)
