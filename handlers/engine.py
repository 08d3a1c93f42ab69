"""The engine: one writer thread takes what arrived, what fell due and what waits, and commits them together.

Edges are async and call `accept`, `submit` or `call`; each returns only after the commit. Everything in one round
shares one fsync, yet each event stands or falls alone (a savepoint per turn).
"""

import asyncio
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import structlog

from domain.clock import Clock
from domain.errors import Busy, Collided, HuixiangError, where
from domain.events import Incoming
from handlers.handled import Handled, handled
from handlers.round import Round
from handlers.world import World
from storage import bell
from storage.database import Database, Tx
from storage.inbox import Inbox
from storage.timers import Timer

T = TypeVar("T")
log = structlog.get_logger()
JOBS_A_ROUND = 200
PAUSE_AFTER_ERROR = 0.5
COLLISIONS = 5
"""How often a round is tried anew, with nothing of it done, when other processes changed the same rows."""


class Companion(Protocol):
    """Goes along with every round, in the writer's thread: `within` its transaction, which may be tried again or fail,
    and `after` its commit."""

    def within(self, round_: Round) -> None: ...

    def after(self) -> None: ...


@dataclass(slots=True)
class _Job:
    """Work for the writer. `work` runs in the transaction; `done` gets its value after the commit."""

    work: Callable[[Round], Any]
    done: "Future[Any]"
    value: Any = None
    error: BaseException | None = None


class Engine:
    """`on_commit` is called in the writer thread once events were handled, with the channels that owe something;
    `before_commit` within each round's transaction, with its own moment and that of what falls due next; companions
    go along with every round.

    One that does not `handle` only stores: the turns are taken by other processes on the same database.
    """

    def __init__(self, database: Database, world: World, clock: Clock, *, handles: bool = True) -> None:
        self.database = database
        self.world = world
        self.clock = clock
        self.on_commit: list[Callable[[set[str]], None]] = []
        self.before_commit: list[Callable[[Tx, datetime, datetime | None], None]] = []
        self._companions: tuple[Companion, ...] = ()
        self.next_due: datetime | None = None
        self.last_round: datetime | None = None
        self.handles = handles
        self.name = secrets.token_hex(4)
        self._looks = True
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting: dict[int, list[Future[Handled]]] = {}
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._stopping = threading.Event()

    def start(self) -> None:
        self._thread.start()
        self.wake()

    async def stop(self) -> None:
        """Finish the round at hand; what is stored and not handled waits for the next start."""
        self._stopping.set()
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    @property
    def waits(self) -> bool:
        """Whether somebody here waits for the end of an event, which may end elsewhere."""
        return bool(self._waiting)

    def join(self, companion: Companion) -> None:
        """From the next round on."""
        self._companions = (*self._companions, companion)

    async def leave(self, companion: Companion) -> None:
        """Once this returns, no round with it is under way."""
        self._companions = tuple(one for one in self._companions if one is not companion)
        with suppress(HuixiangError):
            await self.look()

    async def look(self) -> None:
        """A round that brings nothing of its own; for what companions have to do. Raises `Busy` as `call` does."""
        await self.call_round(nothing)

    def wake(self) -> None:
        """Look for due timers and waiting events."""
        self._jobs.put(None)

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        """Returns when all are stored for good; raises when none is. Those known before are passed over."""
        await self.call_round(lambda round_: [round_.store(one) for one in incoming])

    async def submit(self, incoming: Incoming) -> Handled:
        """Store one event and wait for its turn. The same event again answers as before.

        Raises `Conflict` when its key was used for another content, `Busy` when it could not be stored.
        """
        waiter: Future[Handled] = Future()

        def work(round_: Round) -> Handled | None:
            stored = round_.store(incoming)
            if stored.fresh or stored.ended is None:
                round_.waiting.append((stored.id, waiter))
                return None
            return handled(stored.id, stored.ended, duplicate=True)

        known = await self.call_round(work)
        return known if known is not None else await asyncio.wrap_future(waiter)

    async def call(self, work: Callable[[Tx], T]) -> T:
        """Run something small in the writer's transaction; its value after the commit."""
        return await self.call_round(lambda round_: work(round_.tx))

    async def call_round(self, work: Callable[[Round], T]) -> T:
        """As `call`, with what a round can do."""
        job = _Job(work, Future())
        self._jobs.put(job)
        return await asyncio.wrap_future(job.done)

    def _run(self) -> None:
        more = True
        while not self._stopping.is_set():
            jobs = self._collect(wait=not more)
            self._looks |= more
            try:
                more = self._round(jobs)
            except Exception as error:
                log.error("round_failed", error=type(error).__name__, reason=_reason(error))
                self.world.watcher.round_failed(type(error).__name__)
                _fail(jobs, error)
                more = False
                self._stopping.wait(PAUSE_AFTER_ERROR)
                self.wake()
        _fail(self._collect(wait=False), Busy())

    def _collect(self, *, wait: bool) -> list[_Job]:
        """What waits; from here on nobody can call it off, and who did so before is passed over. None is a wake."""
        jobs: list[_Job] = []
        try:
            while len(jobs) < JOBS_A_ROUND:
                job = self._jobs.get(block=wait)
                wait = False
                if job is None:
                    self._looks = True
                elif job.done.set_running_or_notify_cancel():
                    jobs.append(job)
        except queue.Empty:
            pass
        return jobs

    def _round(self, jobs: list[_Job]) -> bool:
        """One round, however often it must be tried; True when more is waiting than fitted in."""
        for _ in range(COLLISIONS):
            try:
                return self._try(jobs)
            except Collided as error:
                log.info("round_collided", reason=_reason(error))
        return self._try(jobs)

    def _try(self, jobs: list[_Job]) -> bool:
        """One transaction."""
        now = self.clock.now()
        begun, companions = time.perf_counter(), self._companions
        with self.database.write() as tx:
            opened = time.perf_counter()
            round_ = Round(tx, self.world, now)
            for job in jobs:
                _attempt(job, round_)
            more = False
            if self.handles and self._should_look(round_):
                more = round_.fire_and_handle()
                self.next_due = round_.next_due()
            for prepare in self.before_commit:
                prepare(tx, now, self.next_due)
            along = [companion for companion in companions if _goes_along(companion, round_)]
            if self.database.shared:
                self._share(round_)
            worked = time.perf_counter()
        self.last_round, self._looks = now, False
        if jobs or round_.ended:
            self.world.watcher.round(opened - begun, worked - opened, time.perf_counter() - worked)
        for companion in along:
            companion.after()
        self._finish(jobs, round_)
        return more

    def _should_look(self, round_: Round) -> bool:
        """Most rounds only claim or mark what is sent: then nothing new can be waiting, and nothing is asked."""
        due = self.next_due is not None and self.next_due <= round_.now
        return self._looks or due or round_.tx.has_written(Inbox, Timer)

    def _share(self, round_: Round) -> None:
        """Others may have ended what is waited for here, and wait for what was stored or ended here."""
        mine = bool(round_.stored or round_.ended)
        round_.look_for(self._waiting.keys() - round_.ended.keys())
        if mine:
            bell.ring(round_.tx, by=self.name, out=sorted(round_.channels))

    def heard(self, said: dict[str, Any]) -> None:
        """The bell of another process, or of any time before we could listen: there may be something to do."""
        if said.get("by") != self.name and (self.handles or self._waiting):
            self.wake()

    def _finish(self, jobs: list[_Job], round_: Round) -> None:
        if round_.channels or round_.ended:
            for tell in self.on_commit:
                tell(round_.channels)
        for event_id, waiter in round_.waiting:
            self._waiting.setdefault(event_id, []).append(waiter)
        if round_.waiting and self.database.shared:
            self.wake()
        for job in jobs:
            _resolve(job)
        for event_id, ended in round_.ended.items():
            for waiter in self._waiting.pop(event_id, ()):
                if waiter.set_running_or_notify_cancel():
                    waiter.set_result(handled(event_id, ended, duplicate=False))


def _goes_along(companion: Companion, round_: Round) -> bool:
    """What a companion does stands or falls alone, too."""
    try:
        with round_.tx.savepoint():
            companion.within(round_)
    except Busy:
        raise
    except Exception as error:
        log.error("companion_failed", error=type(error).__name__, reason=where(error))
        return False
    return True


def nothing(_round: Round) -> None:
    """What a round does that is asked for nothing."""


def _attempt(job: _Job, round_: Round) -> None:
    job.value = job.error = None
    try:
        with round_.tx.savepoint():
            job.value = job.work(round_)
    except Busy:
        # The transaction may be gone: nothing more may be done in this round.
        raise
    except (HuixiangError, ValueError, TypeError, KeyError) as error:
        job.error = error


def _resolve(job: _Job) -> None:
    if job.error is not None:
        job.done.set_exception(job.error)
    else:
        job.done.set_result(job.value)


def _reason(error: Exception) -> str:
    """What SQLite said, or the way to the mistake; never the words of another error, which may be somebody's."""
    return str(error.details.get("reason", "")) if isinstance(error, Busy) else where(error)


def _fail(jobs: list[_Job], error: BaseException) -> None:
    for job in jobs:
        if not job.done.done():
            job.done.set_exception(error if isinstance(error, HuixiangError) else Busy(reason=type(error).__name__))
