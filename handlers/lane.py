"""A lane: all messages of one channel on their way out, the most urgent first, each chat in order.

A message is marked `sending` before and `sent` after. When the process dies between the two, the journal knows which
ones the channel had taken; only one that was in the air just then is owed again, and may reach its reader twice.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars

from domain.channel import Channel, Gone, Outcome, Sent, TryLater, Unsure
from domain.clock import Clock
from domain.errors import HuixiangError
from domain.events import Address, ChatClosed, Incoming
from handlers.claims import Claims
from handlers.engine import Engine, nothing
from handlers.pace import Pace, Place
from handlers.round import Round
from handlers.sends import mark, outgoing
from handlers.tenure import Tenure
from storage import outbox
from storage.database import Tx
from storage.journal import SendJournal
from storage.outbox import Outbox

log = structlog.get_logger()
SLOW_SECONDS = 2.0
"""A send that takes longer does not hold up the others."""
MOST_TRIES = 2
MARK_SECONDS = 0.05
"""What is sent is written down with the next round; with one of its own when there is none for so long."""
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
        self.tenure = Tenure(channel.name)
        self.claims = Claims(channel.name, self.tenure, self._committed)
        self.woken = asyncio.Event()
        self._waiting: dict[str, deque[Outbox]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._held: dict[str, datetime] = {}
        self._flights = asyncio.Semaphore(in_flight)
        self._writing: asyncio.Task[None] | None = None
        self._main: asyncio.Task[None] | None = None
        self._shared = engine.database.shared
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.engine.join(self.claims)
        self._main = asyncio.create_task(self._run(), name=f"delivery:{self.channel.name}")

    async def stop(self) -> None:
        self._stopping = True
        if self._main is not None:
            self._main.cancel()
            await asyncio.gather(self._main, return_exceptions=True)
        for rows in self._waiting.values():
            rows.clear()
        self.pace.close()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._writing is not None:
            await self._writing
        await self.engine.leave(self.claims)
        self.journal.close()

    async def _run(self) -> None:
        """Look what is owed when something may have become so without a round of ours: messages of other processes,
        those that were to wait, those there was no room for."""
        while True:
            self.woken.clear()
            self.claims.ask()
            try:
                await self.engine.look()
            except HuixiangError as error:
                log.warning("delivery_waits", channel=self.channel.name, error=error.code)
                await asyncio.sleep(ERROR_PAUSE)
                continue
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

    def _committed(self, claimed: list[Outbox], marked: int) -> None:
        """From the writer's thread."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._go_on, claimed, marked)

    def _go_on(self, claimed: list[Outbox], marked: int) -> None:
        if marked:
            self.journal.written_down(marked)
            if self.claims.full:
                self.woken.set()
        if self._stopping or self.tenure.lost:
            return
        now = self.clock.now()
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        held = [row for row in claimed if row.chat in self._held]
        for row in claimed:
            if row.chat not in self._held:
                self._give(row)
        if held:
            self._spawn(self._put_back(held, "held"))

    def _give(self, row: Outbox) -> None:
        """To the chat's worker; start one if it has none."""
        rows = self._waiting.setdefault(row.chat, deque())
        rows.append(row)
        if len(rows) == 1:
            self._spawn(self._work(row.chat, rows))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._workers.add(task)
        task.add_done_callback(self._workers.discard)

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
        if again or self.claims.full:
            self.woken.set()

    async def _in_turn(self, rows: deque[Outbox]) -> tuple[Outbox, Outcome] | None:
        """Send the first when it is its turn, unless we stop before or others send; a slow one lets the next go ahead.

        All in one task: the next message waits for every step of the loop between an answer and its own start.
        """
        await self._flights.acquire()
        place = Place(self._flights)
        try:
            await self.pace.resumed()
            if not rows or self.tenure.lost:
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
            await self._insist(partial(self._mark_taken, row=row, outcome=outcome, now=self.clock.now()))
            self.journal.written_down(1)
        if isinstance(outcome, TryLater) and outcome.whole_bot:
            self.pace.stop_for(outcome.seconds)
        return outcome

    def _mark_taken(self, tx: Tx, row: Outbox, outcome: Sent, now: datetime) -> None:
        """Also when another sends by now: they need not, unless they did already. Then we send no more."""
        mark(tx, row=row, outcome=outcome, now=now)
        self.tenure.holds(tx)

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
            if self._shared:
                self.claims.settle(row)
            else:
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
            await self._insist(partial(self._mark_ended, row=row, outcome=outcome, now=self.clock.now()))
            self.claims.settle(row)

    def _mark_ended(self, tx: Tx, row: Outbox, outcome: Outcome, now: datetime) -> None:
        """What did not arrive is for whoever sends now."""
        if self.tenure.holds(tx):
            mark(tx, row=row, outcome=outcome, now=now)

    def _took(self, row: Outbox, outcome: Sent) -> None:
        """Into the journal now, into the database soon."""
        self.journal.took(row.id or 0, outcome.ref)
        self.claims.took(row, outcome, self.clock.now())
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_down())

    async def _write_down(self) -> None:
        while self.claims.unmarked:
            await asyncio.sleep(MARK_SECONDS)
            if self.claims.unmarked:
                await self._insist_round(nothing)

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
            for row in rows if self.tenure.holds(tx) else ():
                outbox.queue_again(tx, row.id or 0, until[row.chat], reason)

        await self._insist(work)
        self.claims.settle(*rows)
        if self.claims.full:
            self.woken.set()

    async def _bury(self, row: Outbox, outcome: Gone) -> None:
        """This message and those behind it; that their chat is closed is an event like any other, stored with them."""
        rows = self._waiting[row.chat]
        lost = list(rows)
        rows.clear()
        address = Address(row.channel, row.chat)
        closed = Incoming("delivery", f"gone:{row.id}", str(address), ChatClosed(address))

        def work(round_: Round) -> None:
            for one in lost if self.tenure.holds(round_.tx) else ():
                mark(round_.tx, row=one, outcome=outcome, now=self.clock.now())
            round_.store(closed)

        await self._insist_round(work)
        self.claims.settle(*lost)

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
