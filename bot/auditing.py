"""What is done each minute: an audit, and a heartbeat when all is well."""

import importlib
from typing import Protocol

import structlog

from domain.clock import Clock
from handlers.auditor import Auditor
from handlers.engine import Engine

log = structlog.get_logger()


class Heart(Protocol):
    async def beat(self) -> None: ...


class Auditing:
    """`url` is the address outside, empty when there is none. A hanging engine is not well, and its heart stops."""

    def __init__(self, engine: Engine, clock: Clock, url: str) -> None:
        self._auditor = Auditor(engine, clock)
        self._heart = heart_for(url)

    async def run(self) -> None:
        """One look; of all processes of a company, one looks each minute."""
        try:
            report = await self._auditor.look()
        except TimeoutError:
            log.error("audit_unanswered")
            return
        if report is not None and report.well and self._heart is not None:
            await self._heart.beat()


def heart_for(url: str) -> Heart | None:
    """Its HTTP client is imported only when it is needed."""
    if not url:
        return None
    heart: Heart = importlib.import_module("bot.heartbeat").Heartbeat(url)
    return heart
