"""All checks in the order they are shown."""

from collections.abc import Iterable, Iterator

from bot.checks.cluster import cluster
from bot.checks.company import branches, company, reader
from bot.checks.database import database
from bot.checks.finding import Check, Finding
from bot.checks.locks import locks
from bot.checks.machine import clock, disk, process
from bot.checks.scheduling import scheduling
from bot.checks.services import models, telegram
from bot.checks.stuck import stuck
from bot.settings import Settings
from domain.errors import HuixiangError, where

CHECKS: tuple[Check, ...] = (
    company, branches, reader, disk, process, database, locks, cluster, scheduling, clock, stuck, telegram, models
)  # fmt: skip


def examine(settings: Settings, checks: Iterable[Check] = CHECKS) -> Iterator[Finding]:
    """What they find, one after another; one that fails itself is a finding too."""
    for check in checks:
        try:
            yield from check(settings)
        except Exception as error:
            yield Finding(False, f"检查 {check.__name__} 没能完成（{type(error).__name__}）", _why(error))


def _why(error: Exception) -> str:
    """A database's own words are among them, and a mistake of ours has none that help."""
    reason = error.details.get("reason", "") if isinstance(error, HuixiangError) else where(error)
    return " ".join(f"{error} {reason}".split())[:300]
