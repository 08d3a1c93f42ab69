"""Whether the parts of the process do their work: for a load balancer, a monitor, and the command `doctor`."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from domain.channel import Health
from domain.clock import Clock
from domain.errors import HuixiangError
from handlers import auditor
from handlers.auditor import Report
from handlers.engine import Engine
from storage import facts

ASKED = "readiness_asked"
PATIENCE_SECONDS = 2.0
MOST_LAG_SECONDS = 15.0
MOST_UNAUDITED = timedelta(minutes=5)


class Asked(Protocol):
    """A channel, or whatever stands for one."""

    async def health(self) -> Health: ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """`lag_seconds` is how long ago the engine last looked for what is due.

    `duties` is what there is one of in a cluster, and whether it is this process that does it: no fault if not.
    """

    database: Health
    scheduler: Health
    lag_seconds: float
    channels: Mapping[str, Health] = field(default_factory=dict)
    audit: Health = field(default_factory=lambda: Health(ok=True))
    duties: Mapping[str, bool] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """A channel that is down is shown, but the others go on: it does not make us unready. Nor does a finding."""
        return self.database.ok and self.scheduler.ok

    @property
    def degraded(self) -> bool:
        """People are served, and something needs a look."""
        return not (self.ok and self.audit.ok and all(health.ok for health in self.channels.values()))

    def as_json(self) -> dict[str, Any]:
        channels = {name: {"ok": health.ok, "detail": health.detail} for name, health in self.channels.items()}
        return {
            "ok": self.ok,
            "degraded": self.degraded,
            "database": {"ok": self.database.ok, "detail": self.database.detail},
            "scheduler": {"ok": self.scheduler.ok, "lag_seconds": round(self.lag_seconds, 3)},
            "channels": channels,
            "audit": {"ok": self.audit.ok, "detail": self.audit.detail},
            "duties": dict(self.duties),
        }


async def readiness(
    engine: Engine, channels: Mapping[str, Asked], clock: Clock, duties: Mapping[str, bool] | None = None
) -> Readiness:
    """Asks every part, each for two seconds at the most; never raises for what they answer."""
    database = await _database(engine)
    last = engine.last_round
    lag = max(0.0, (clock.now() - last).total_seconds()) if last is not None else float(MOST_LAG_SECONDS)
    asked = await asyncio.gather(*(_channel(channel) for channel in channels.values()))
    return Readiness(
        database=database,
        scheduler=Health(last is not None and lag < MOST_LAG_SECONDS),
        lag_seconds=lag,
        channels=dict(zip(channels, asked, strict=True)),
        audit=await _audit(engine, clock),
        duties=duties or {},
    )


async def _database(engine: Engine) -> Health:
    """Asked through the writer, with something to write: a full disk can still be read from."""
    try:
        asked = partial(facts.write, key=ASKED, value=engine.clock.now().isoformat())
        await asyncio.wait_for(engine.call(asked), PATIENCE_SECONDS)
    except (HuixiangError, TimeoutError) as error:
        return Health(ok=False, detail=type(error).__name__)
    return Health(ok=True)


async def _audit(engine: Engine, clock: Clock) -> Health:
    """What the last look of any process found; nobody looking is a finding as well."""
    try:
        report = await asyncio.wait_for(asyncio.to_thread(_latest, engine), PATIENCE_SECONDS)
    except (HuixiangError, TimeoutError) as error:
        return Health(ok=False, detail=type(error).__name__)
    if report is None:
        return Health(ok=True, detail="not yet")
    if clock.now() - report.at > MOST_UNAUDITED:
        return Health(ok=False, detail="late")
    return Health(not report.found, ", ".join(f"{name} {count}" for name, count in report.found.items()))


def _latest(engine: Engine) -> Report | None:
    with engine.database.read() as tx:
        return auditor.latest(tx)


async def _channel(channel: Asked) -> Health:
    try:
        return await asyncio.wait_for(channel.health(), PATIENCE_SECONDS)
    except Exception as error:
        return Health(ok=False, detail=type(error).__name__)
