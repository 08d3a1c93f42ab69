"""All checks in the order they are shown."""

import sqlite3
from collections.abc import Iterator

from bot.checks.cluster import cluster
from bot.checks.company import branches, company, reader
from bot.checks.database import database
from bot.checks.finding import Check, Finding
from bot.checks.machine import clock, disk, process
from bot.checks.scheduling import scheduling
from bot.checks.services import models, telegram
from bot.checks.stuck import stuck
from bot.settings import Settings
from domain.errors import HuixiangError

CHECKS: tuple[Check, ...] = (
    company, branches, reader, disk, process, database, cluster, scheduling, clock, stuck, telegram, models
)  # fmt: skip


def examine(settings: Settings) -> Iterator[Finding]:
    """All checks; one that fails itself is a finding too."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except (OSError, HuixiangError, ValueError, sqlite3.Error) as error:
            yield Finding(False, f"检查 {check.__name__} 没能完成（{type(error).__name__}）", str(error)[:200])
