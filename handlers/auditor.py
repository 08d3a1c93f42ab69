"""The auditor: each minute it looks for what should have happened and did not.

It looks beside the writer, in a view of its own. What can be repaired, and what staff should hear, becomes an event
like any other: its turn looks again before it touches anything. What was found is kept as a fact, so that any process
can tell, and so that staff hear of a finding once, however long it lasts.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from domain.clock import Clock
from domain.events import Incoming, JobEnded
from domain.roles import BOSSES, Role, require
from handlers.area import Area
from handlers.engine import Engine
from handlers.escalation import escalation
from handlers.round import Round
from handlers.troubles import troubles
from handlers.turn import Turn
from storage import audit, facts, people, waiting
from storage.database import Tx
from storage.people import Person
from storage.waiting import Queue

log = structlog.get_logger()
EVERY_SECONDS = 60.0
PATIENCE_SECONDS = 20.0
BEGUN, FOUND, AUDIT = "audit_begun", "audit_found", "audit"


# What is looked for.


@dataclass(frozen=True, slots=True)
class Check:
    """`look` says how many it found. `tells`: staff hear of it; `alarms`: the house is not well while it lasts."""

    name: str
    look: Callable[[Tx, datetime], int]
    tells: bool = True
    alarms: bool = True


def _older(queues: Iterable[Queue], before: datetime) -> int:
    """How many wait in queues whose oldest has waited too long."""
    return sum(queue.count for queue in queues if queue.since is not None and queue.since <= before)


def unsent(tx: Tx, now: datetime) -> list[Queue]:
    """What is owed and waits too long: ten minutes behind others that go, one where nothing goes at all."""
    quiet, slow = now - timedelta(minutes=1), now - timedelta(minutes=10)
    waits = [queue for queue in waiting.owed(tx, now) if _older([queue], quiet)]
    return [queue for queue in waits if _older([queue], slow) or not waiting.moves(tx, queue.of, quiet)]


CHECKS = (
    Check("timers", lambda tx, now: _older([waiting.timers(tx, now)], now - timedelta(minutes=1))),
    Check("events", lambda tx, now: _older([waiting.events(tx, now)], now - timedelta(minutes=3))),
    Check("messages", lambda tx, now: sum(queue.count for queue in unsent(tx, now))),
    Check("channels", lambda tx, now: sum(now - one.since >= timedelta(minutes=3) for one in troubles(tx, now))),
    Check("unwatched", lambda tx, now: len(audit.unwatched(tx))),
    Check("stopped", lambda tx, now: len(audit.stopped(tx))),
    Check("orphaned", lambda tx, now: len(audit.orphaned(tx))),
    Check("jobs", lambda tx, now: _older(waiting.jobs(tx, now), now - timedelta(minutes=10)), alarms=False),
    Check("webhooks", lambda tx, now: _older([waiting.webhooks(tx)], now - timedelta(hours=1)), alarms=False),
    # Staff heard of each when it was parked.
    Check("parked", lambda tx, now: waiting.parked(tx).count, tells=False, alarms=False),
)
MENDED = frozenset({"unwatched", "stopped", "orphaned"})
WOKEN = frozenset({"timers", "events", "messages"})


# What was found.


@dataclass(frozen=True, slots=True)
class Report:
    """`found` maps what was found to how many; `at` is when."""

    at: datetime
    found: Mapping[str, int]

    @property
    def well(self) -> bool:
        """Nothing that the house itself should have done is undone."""
        return not any(check.alarms and check.name in self.found for check in CHECKS)


def look(tx: Tx, now: datetime, *, webhooks: bool = True) -> Report:
    """Everything, at this moment; not the `webhooks` of a company that has no other system any more."""
    counts = {check.name: check.look(tx, now) for check in CHECKS if webhooks or check.name != "webhooks"}
    return Report(now, {name: count for name, count in counts.items() if count})


def latest(tx: Tx) -> Report | None:
    """The last look of any process, None before the first."""
    known = json.loads(facts.read(tx, FOUND, "null"))
    return None if known is None else Report(datetime.fromisoformat(known["at"]), known["found"])


# Looking, once a minute in the whole company, whichever process does it.


class Auditor:
    """`patience` is how many seconds the engine may take: one that hangs is not well."""

    def __init__(self, engine: Engine, clock: Clock, patience: float = PATIENCE_SECONDS) -> None:
        self._engine = engine
        self._clock = clock
        self._patience = patience

    async def look(self) -> Report | None:
        """None when somebody looked within this minute. Raises `TimeoutError` when the engine does not answer."""
        async with asyncio.timeout(self._patience):
            now = self._clock.now()
            if not await self._engine.call(partial(_begin, now=now)):
                return None
            report = await asyncio.to_thread(self._look, now)
            await self._engine.call_round(partial(_follow, report=report))
        if report.found:
            log.warning("audit_found", **report.found)
        return report

    def _look(self, now: datetime) -> Report:
        with self._engine.database.read() as tx:
            return look(tx, now, webhooks=self._engine.world.webhooks)


def _begin(tx: Tx, now: datetime) -> bool:
    """Whether it is time, and ours to do. A look in the future is one of a clock that was set back since."""
    before = facts.read(tx, BEGUN)
    if before and timedelta(0) <= now - datetime.fromisoformat(before) < timedelta(seconds=EVERY_SECONDS * 0.8):
        return False
    facts.write(tx, BEGUN, now.isoformat())
    return True


def _follow(round_: Round, report: Report) -> None:
    """Keep it, wake what sleeps, and have the rest done in a turn."""
    before = latest(round_.tx)
    known = before.found if before is not None else {}
    facts.write(round_.tx, FOUND, json.dumps({"at": report.at.isoformat(), "found": dict(report.found)}))
    if WOKEN & report.found.keys():
        round_.channels |= {queue.of for queue in waiting.owed(round_.tx, report.at)}
    told = {check.name for check in CHECKS if check.tells}
    news = {name: count for name, count in report.found.items() if name in told and name not in known}
    if news or MENDED & report.found.keys():
        event = JobEnded(AUDIT, {"news": news})
        round_.store(Incoming(AUDIT, report.at.isoformat(), AUDIT, event))


# What follows, in a turn of its own.


def follow(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """Repair what is broken still, and tell those in charge what is new."""
    require(Role(actor.role), "replay_webhook")
    for about in dict.fromkeys([*audit.unwatched(turn.tx), *audit.orphaned(turn.tx), *audit.stopped(turn.tx)]):
        escalation.mend(turn, about)
    bosses = [person for role in sorted(BOSSES) for person in people.with_role(turn.tx, role)]
    for name, count in args["news"].items():
        for person in bosses:
            turn.tell(person.id, f"audit.{name}", count=count)


AREA = Area(actions={AUDIT: follow})
