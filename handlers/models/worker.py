"""Does slow work of one kind: a few calls at a time, within limits, each result an event once.

A kill at any moment loses nothing: the row waits until one transaction stores its result in the inbox and
ends it.
"""

import asyncio
import contextlib
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from structlog.contextvars import bind_contextvars

from domain.clock import Clock
from domain.errors import HuixiangError, where
from domain.events import Incoming
from domain.models import Never, NotNow
from handlers.engine import Engine
from handlers.models import budget
from handlers.models.breaker import Breaker
from handlers.models.work import Ready, Work
from handlers.round import Round
from storage import jobs
from storage.database import Tx
from storage.jobs import Job

log = structlog.get_logger()
AT_ONCE = 4
POLL_SECONDS = 0.5
A_WHILE = timedelta(seconds=1)
OVER_BUDGET, DOWN = "over budget", "down"


class Worker:
    """`daily` is the most calls a day, of all workers together."""

    def __init__(self, engine: Engine, clock: Clock, work: Work, daily: int, poll: float = POLL_SECONDS) -> None:
        self._engine = engine
        self._clock = clock
        self._work = work
        self._daily = daily
        self._poll = poll
        self._zone = ZoneInfo(engine.world.company.hours.timezone)
        self._task: asyncio.Task[None] | None = None
        self.breaker = Breaker()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._work.kind)

    async def stop(self) -> None:
        """What is being asked is asked again after the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def work_due(self) -> int:
        """Ask about what is due, a few at a time; how many there were."""
        if not await asyncio.to_thread(self._anything):
            return 0
        claimed = await self._engine.call_round(self._claim)
        await asyncio.gather(*(self._do(job) for job in claimed))
        return len(claimed)

    async def _run(self) -> None:
        while True:
            asked = 0
            try:
                asked = await self.work_due()
            except HuixiangError as error:
                log.warning("models_wait", work=self._work.kind, error=error.code)
            if not asked:
                await asyncio.sleep(self._poll)

    def _anything(self) -> bool:
        """A look that does not keep the writer: most of the time there is nothing."""
        with self._engine.database.read() as tx:
            return jobs.any_left(tx, self._work.kind)

    def _claim(self, round_: Round) -> list[Job]:
        """What is asked now. Nothing is under way here: what is marked so was cut off by a crash."""
        tx, work = round_.tx, self._work
        jobs.requeue_left_asking(tx, work.kind)
        room = self.breaker.allows(self._clock.now(), AT_ONCE)
        claimed: list[Job] = []
        for job in jobs.due(tx, work.kind, self._clock.now(), AT_ONCE, answered=work.answered):
            match work.ready(tx, job, self._clock.now()):
                case Ready.NEVER:
                    self._give_up(round_, job, "never ready")
                case Ready.LATER:
                    jobs.later(tx, job.id or 0, self._clock.now() + A_WHILE, "")
                case Ready.NOW if len(claimed) >= room:
                    self._hold(round_, job, DOWN)
                case Ready.NOW if not self._spend(tx):
                    self._hold(round_, job, OVER_BUDGET)
                case Ready.NOW:
                    jobs.mark_asking(tx, job.id or 0)
                    claimed.append(job)
        return claimed

    def _spend(self, tx: Tx) -> bool:
        return budget.spend(tx, self._clock.now().astimezone(self._zone).date(), self._daily)

    def _hold(self, round_: Round, job: Job, reason: str) -> None:
        """Nobody may be asked now: some work can wait, some must go to a person."""
        now = self._clock.now()
        if now - job.created_at >= self._work.patience:
            self._give_up(round_, job, reason)
        else:
            jobs.later(round_.tx, job.id or 0, now + A_WHILE, reason)

    async def _do(self, job: Job) -> None:
        """In a task of its own: what is logged on the way names the event."""
        bind_contextvars(event_id=job.event_id)
        begun = time.perf_counter()
        result = await self._ask(job)
        self._tell(result, time.perf_counter() - begun)
        now = self._clock.now()
        if isinstance(result, Incoming):
            self.breaker.worked()
            await self._engine.call_round(lambda round_: self._keep(round_, job, result))
        elif isinstance(result, Never):
            self.breaker.worked()
            await self._engine.call_round(lambda round_: self._give_up(round_, job, result.reason))
        else:
            self._learn(result, now)
            await self._engine.call_round(lambda round_: self._again(round_, job, result, now))

    def _tell(self, result: Incoming | NotNow | Never, seconds: float) -> None:
        named = "answered" if isinstance(result, Incoming) else "never" if isinstance(result, Never) else "not_now"
        self._engine.world.watcher.asked(self._work.kind, named, seconds)

    async def _ask(self, job: Job) -> Incoming | NotNow | Never:
        try:
            async with asyncio.timeout(self._work.seconds):
                return await self._work.do(job)
        except TimeoutError:
            return NotNow("timeout")
        except Exception as error:
            reason = f"{type(error).__name__} {where(error)}"
            log.error("model_work_failed", work=self._work.kind, job=job.id, error=reason)
            return NotNow(type(error).__name__)

    def _learn(self, failure: NotNow, now: datetime) -> None:
        """A service that says when to come back is not broken."""
        if failure.seconds:
            self.breaker.hold(now + timedelta(seconds=failure.seconds))
        else:
            self.breaker.failed(now)

    def _again(self, round_: Round, job: Job, failure: NotNow, now: datetime) -> None:
        tries, told = job.attempts + 1, timedelta(seconds=failure.seconds)
        log.warning(
            "model_failed", event_id=job.event_id, work=self._work.kind, job=job.id, attempt=tries, error=failure.reason
        )
        pause = next(iter(self._work.pauses[tries - 1 :]), None)
        if pause is None or told > max(pause, self._work.patience):
            self._give_up(round_, job, failure.reason)
        else:
            jobs.later(round_.tx, job.id or 0, now + max(pause, told), failure.reason)

    def _keep(self, round_: Round, job: Job, result: Incoming) -> None:
        wanted = self._work.wanted(round_.tx, job)
        if jobs.end(round_.tx, job.id or 0, "done", "" if wanted else "gone", self._clock.now()) and wanted:
            round_.store(result)

    def _give_up(self, round_: Round, job: Job, reason: str) -> None:
        log.info("model_given_up", event_id=job.event_id, work=self._work.kind, job=job.id, reason=reason)
        event = self._work.lost(job, reason)
        if jobs.end(round_.tx, job.id or 0, "given_up", reason, self._clock.now()) and event is not None:
            round_.store(event)
