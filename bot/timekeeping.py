"""Which library drives time, and what is done each minute: in one process APScheduler, in a cluster procrastinate."""

import importlib

from bot.auditing import Auditing
from bot.roles import Role
from bot.settings import Settings
from domain.clock import Clock
from handlers.auditor import EVERY_SECONDS
from handlers.engine import Engine
from scheduler.driver import Chore, Pace
from scheduler.duty import Part
from scheduler.embedded import Ticker
from scheduler.lookout import Lookout


def timekeeping(settings: Settings, engine: Engine, clock: Clock, roles: frozenset[Role]) -> list[tuple[str, Part]]:
    """What a process with these roles needs. Only workers of a cluster import procrastinate."""
    pace = Pace()
    if Role.WORKER not in roles:
        return [("lookout", Lookout(engine, clock, pace))]
    auditing = Auditing(engine, clock, settings.heartbeat_url)
    chores = (Chore("audit", EVERY_SECONDS, auditing.run),)
    if not settings.on_postgres:
        return [("scheduler", Ticker(engine, clock, chores))]
    procrastinate = importlib.import_module("scheduler.distributed")
    scheduler: Part = procrastinate.Distributed(settings.url, engine, clock, chores, pace)
    return [("lookout", Lookout(engine, clock, pace)), ("scheduler", scheduler)]
