"""What waits for a human look: events that failed for good, messages that reached nobody."""

from collections.abc import Iterator

from bot.checks.finding import Finding
from bot.checks.rows import value
from bot.settings import Settings


def backlog(settings: Settings) -> Iterator[Finding]:
    """Events and messages that wait for a human look."""
    parked = value(settings, "SELECT count(*) FROM inbox WHERE state = 'parked'") or 0
    dead = value(settings, "SELECT count(*) FROM outbox WHERE state = 'dead'") or 0
    if parked:
        yield Finding(False, f"{parked} 条消息没能处理", "请在日志里找 turn_failed，把 event_id 一起报给开发者。")
    yield Finding(True, f"没能送达的消息 {dead} 条")
