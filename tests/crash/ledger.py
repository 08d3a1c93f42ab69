"""The invariants, checked from the rows and from what people received."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Report:
    """What was found; `broken` must be empty. `repeated` are chat messages that came twice, which a kill may cause."""

    events: int
    sent: int
    repeated: int
    kills: int
    broken: tuple[str, ...]

    def __str__(self) -> str:
        broken = "".join(f"\n  {sentence}" for sentence in self.broken) or " none"
        return (
            f"{self.events} events, {self.sent} messages, {self.kills} kills, "
            f"{self.repeated} messages repeated; broken:{broken}"
        )


def settled(database: Path) -> bool:
    """Whether nothing waits to be handled or sent."""
    with _open(database) as rows:
        waiting = rows.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()[0]
        owed = rows.execute("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')").fetchone()[0]
    return not waiting and not owed


def check(database: Path, said: Iterable[tuple[str, str]], received: Mapping[str, Counter[str]], kills: int) -> Report:
    """`said` are (chat, text) that were accepted from people; `received` is chat → how often each text arrived."""
    with _open(database) as rows:
        broken = [*_unheard(rows, said), *_unhandled(rows), *_doubled(rows), *_unsent(rows)]
        owed = _owed(rows)
        events = rows.execute("SELECT count(*) FROM inbox").fetchone()[0]
    repeated = 0
    for chat, texts in owed.items():
        for text, count in texts.items():
            came = received.get(chat, Counter())[text]
            if came < count:
                broken.append(f"chat {chat} is missing {count - came} of {count}: {text[:30]!r}")
            repeated += max(0, came - count)
    if repeated > kills:
        broken.append(f"{repeated} messages repeated by {kills} kills")
    return Report(events, sum(sum(texts.values()) for texts in owed.values()), repeated, kills, tuple(broken))


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)


def _unheard(rows: sqlite3.Connection, said: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Each thing said is one event, and has at least one answer."""
    heard = Counter(
        (lane.partition(":")[2], text)
        for lane, text in rows.execute(
            "SELECT lane, json_extract(body, '$.text') FROM inbox WHERE json_extract(body, '$.kind') = 'message'"
        )
    )
    for key, count in Counter(said).items():
        if heard[key] != count:
            yield f"{key} was said {count} times and stored {heard[key]} times"
    for lane, event in rows.execute(
        "SELECT lane, id FROM inbox WHERE json_extract(body, '$.kind') = 'message'"
        " AND id NOT IN (SELECT event_id FROM outbox)"
    ):
        yield f"event {event} of {lane} was never answered"


def _unhandled(rows: sqlite3.Connection) -> Iterable[str]:
    for event, state, error in rows.execute("SELECT id, state, error FROM inbox WHERE state <> 'done'"):
        yield f"event {event} is {state}: {error}"
    for what, about in rows.execute(
        "SELECT what, about FROM timer WHERE fired_at IS NULL AND due_at < datetime('now', '-5 seconds')"
    ):
        yield f"timer {what} about {about} is overdue"


def _doubled(rows: sqlite3.Connection) -> Iterable[str]:
    """One case for each complaint, one ping for each rung and person, one task of a kind, one coupon for a reason."""
    once = {
        "cases": "SELECT customer_id || ' ' || text AS k FROM cases",
        "tasks": "SELECT case_id || ' ' || kind AS k FROM task",
        "coupons": "SELECT customer_id || ' ' || reason || ' ' || about AS k FROM coupon",
        "pings": "SELECT person_id || ' ' || case_id || ' ' || event_id || ' ' || text AS k FROM outbox WHERE urgency = 0",
        "timer events": "SELECT key AS k FROM inbox WHERE source = 'timer'",
    }
    for name, query in once.items():
        for key, count in rows.execute(f"SELECT k, count(*) FROM ({query}) GROUP BY k HAVING count(*) > 1"):
            yield f"{name}: {key[:60]} is there {count} times"


def _unsent(rows: sqlite3.Connection) -> Iterable[str]:
    for message, state, error in rows.execute("SELECT id, state, error FROM outbox WHERE state <> 'sent'"):
        yield f"message {message} is {state}: {error}"


def _owed(rows: sqlite3.Connection) -> dict[str, Counter[str]]:
    owed: dict[str, Counter[str]] = {}
    for chat, text in rows.execute("SELECT chat, text FROM outbox WHERE channel <> 'web'"):
        owed.setdefault(chat, Counter())[text] += 1
    return owed
