"""procrastinate as the company's clock where several processes share a PostgreSQL.

Rows are the truth, and what is here only wakes. A job wakes every engine at the next due moment, as planned in
`scheduler/planning.py`. Each minute a sweep wakes them for whatever was missed, chores are done by whichever process
fetches them, and jobs whose process died are taken from it. To wake is to ring the bell: all hear it, and nobody minds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import AsyncConnectionPool

from domain.clock import Clock
from scheduler.driver import Chore, Pace
from scheduler.planning import QUEUE, WAKE, Planner, Preparing
from storage import bell
from storage.address import for_libpq
from storage.postgres import CONNECT_SECONDS, OPTIONS

log = structlog.get_logger()
TRIES = 3
RETRY = RetryStrategy(max_attempts=TRIES, wait=2)
POOL, AT_ONCE = 2, 8
"""Connections, beside the one that listens; jobs, most of which wait for their moment."""
GRACE_SECONDS = 1
"""How long a job at hand may go on when the process is to end. Then it is another's."""
PAUSE_SECONDS = 1.0
RING = "SELECT pg_notify(%(channel)s, %(said)s)"
Task = Callable[[int], Awaitable[None]]


class Distributed:
    """`url` is libpq's. May be started where no server answers: it begins when one does."""

    def __init__(self, url: str, engine: Preparing, clock: Clock, chores: Sequence[Chore], pace: Pace) -> None:
        self._url = for_libpq(url)
        self._clock = clock
        self._pace = pace
        engine.before_commit.append(Planner(pace).plan)
        self._app = App(connector=PsycopgConnector())
        self._app.task(name=WAKE, queue=QUEUE, retry=RETRY)(self._wake)
        self._each("huixiang.sweep", self._pace.sweep, self._sweep)
        self._each("huixiang.free", self._pace.sweep, self._free)
        for chore in chores:
            self._each(f"huixiang.{chore.name}", chore.seconds, _of(chore))
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name="procrastinate")

    async def stop(self) -> None:
        """What is at hand gets a moment, then goes back to the others.

        Told again until it ends: before Python 3.12 a cancellation that comes together with what is waited for goes by,
        in the pool's own `wait_for` while we start.
        """
        self._stopping = True
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=2 * GRACE_SECONDS)

    # The worker, for as long as we live: it ends with its server, and begins again.

    async def _run(self) -> None:
        reason = ""
        while not self._stopping:
            if reason:
                log.warning("scheduler_waits", reason=reason)
                await asyncio.sleep(PAUSE_SECONDS)
            try:
                await self._work()
                reason = "ended"
            except Exception as error:
                # Also when it was cancelled, and could not sign off from a server that is gone.
                reason = type(error).__name__

    async def _work(self) -> None:
        async with self._pool() as pool:
            await pool.wait(CONNECT_SECONDS)
            with self._app.replace_connector(PsycopgConnector()) as app:
                await app.connector.open_async(pool)
                log.info("scheduler_runs")
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    fetch_job_polling_interval=self._pace.look,
                    update_heartbeat_interval=self._pace.beat,
                    stalled_worker_timeout=self._pace.dead,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    worker_middleware=[_told],
                )

    def _pool(self) -> AsyncConnectionPool[Any]:
        return AsyncConnectionPool(
            self._url,
            kwargs=OPTIONS,
            min_size=1,
            max_size=POOL,
            timeout=GRACE_SECONDS,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    # Its tasks.

    def _each(self, name: str, seconds: float, task: Task) -> None:
        """Once in the cluster. While one waits that nobody has fetched, no second is added."""
        made = self._app.task(name=name, queue=QUEUE, queueing_lock=name, retry=RETRY)(task)
        self._app.periodic(cron=every(seconds))(made)

    async def _wake(self, due: str) -> None:
        """Fetched a little early, so that looking for jobs every few seconds costs no punctuality."""
        left = (datetime.fromisoformat(due) - self._clock.now()) / timedelta(seconds=1)
        await asyncio.sleep(min(max(0.0, left), self._pace.lead))
        await self._ring('{"by": "scheduler", "out": []}')

    async def _sweep(self, timestamp: int) -> None:
        """Engines, senders and pages look for whatever they did not hear of."""
        await self._ring("{}")

    async def _free(self, timestamp: int) -> None:
        """Of processes that died: their jobs go to others, and they are forgotten."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=self._pace.dead):
            log.warning("job_freed", job=job.task_name, tries=job.attempts + 1)
            with suppress(ConnectorException):  # it has ended meanwhile
                if job.attempts < TRIES:
                    await manager.retry_job(job)
                else:
                    await manager.finish_job(job, Status.FAILED, delete_job=True)
        await manager.prune_stalled_workers(self._pace.dead)

    async def _ring(self, said: str) -> None:
        await self._app.connector.execute_query_async(RING, channel=bell.CHANNEL, said=said)


def every(seconds: float) -> str:
    """As cron writes it: whole minutes, or seconds that a minute is a multiple of."""
    return f"*/{round(seconds / 60)} * * * *" if seconds >= 60 else f"* * * * * */{round(seconds)}"


def _of(chore: Chore) -> Task:
    async def run(timestamp: int) -> None:
        await chore.work()

    return run


async def _told(go_on: Callable[[], Awaitable[Any]], context: JobContext, _worker: object) -> Any:
    """A job that fails is tried again, and in the end left to its next time; each try is told, by type and place."""
    if (task := asyncio.current_task()) is not None:
        task.add_done_callback(_heeded)
    try:
        return await go_on()
    except Exception as error:
        tell = log.warning if context.job.attempts < TRIES else log.error
        tell("job_failed", job=context.job.task_name, tries=context.job.attempts + 1, error=error)
        raise


def _heeded(job: "asyncio.Task[Any]") -> None:
    """The server was gone when its end was to be written down. Whoever lives then frees it."""
    if not job.cancelled() and (error := job.exception()) is not None:
        log.warning("job_unended", error=type(error).__name__)
