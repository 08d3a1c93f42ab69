"""Plans the next wake: a job of procrastinate, deferred in the very transaction that set what will fall due.

Never one per turn or per timer. What is further than two sweeps ahead a sweep comes to in time; for what is nearer than
a few seconds each engine waits by itself (`scheduler/lookout.py`). Between the two there is one job a second at most.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import psycopg
import structlog
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from sqlalchemy import Integer, bindparam, column, text

from domain.errors import HuixiangError
from scheduler.driver import Pace
from storage.database import Tx
from storage.statement import Statement

log = structlog.get_logger()
QUEUE, WAKE = "huixiang", "huixiang.wake"
SWEEPS = 2.5
_WAITING = Statement(
    text("SELECT 1 AS found FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'todo'")
    .bindparams(bindparam("lock"))
    .columns(column("found", Integer))
)


class Preparing(Protocol):
    """The part of `handlers.engine.Engine` where a round can be added to, before it is committed."""

    before_commit: list[Callable[[Tx, datetime, datetime | None], None]]


class Planner:
    """Remembers only what it has found in the table: a round that is rolled back leaves nothing behind."""

    def __init__(self, pace: Pace) -> None:
        self._lead = timedelta(seconds=pace.lead)
        self._ahead = timedelta(seconds=SWEEPS * pace.sweep)
        self._waiting: set[datetime] = set()
        self._app = App(connector=SyncPsycopgConnector())

    def plan(self, tx: Tx, now: datetime, due: datetime | None) -> None:
        """That engines are woken at `due`, unless somebody saw to it. It may fail, and the round goes on."""
        if due is None or not now + self._lead <= due < now + self._ahead or _second(due) in self._waiting:
            return
        try:
            with tx.savepoint():
                self._defer(tx, now, due)
        except AlreadyEnqueued:
            pass  # by another process, a moment ago
        except (ProcrastinateException, HuixiangError, psycopg.Error) as error:
            log.warning("wake_unplanned", error=error)

    def _defer(self, tx: Tx, now: datetime, due: datetime) -> None:
        lock = f"{WAKE}:{_second(due):%Y%m%dT%H%M%S}"
        if tx.value(_WAITING, lock=lock):
            self._waiting = {one for one in self._waiting if one > now} | {_second(due)}
            return
        job = self._app.configure_task(
            WAKE,
            queue=QUEUE,
            queueing_lock=lock,
            schedule_at=datetime.now(UTC) + (due - self._lead - now),
            connection=tx.driver.plainly(),
        )
        job.defer(due=due.isoformat())


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
