"""The invariants, checked from the rows and from what people received."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from storage.database import Database, Tx
from storage.statement import Statement, core
from storage.timers import Timer

TIMER = core(Timer)
OVERDUE = Statement(select(TIMER).where(TIMER.c.fired_at.is_(None), TIMER.c.due_at < bindparam("by")))
LATE = timedelta(seconds=5)


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


def settled(url: str) -> bool:
    """Whether nothing waits to be handled or sent."""
    with _open(url) as rows:
        waiting = _all(rows, "SELECT count(*) FROM inbox WHERE state = 'new'")[0][0]
        owed = _all(rows, "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")[0][0]
    return not waiting and not owed


def check(url: str, said: Iterable[tuple[str, str]], received: Mapping[str, Counter[str]], kills: int) -> Report:
    """`said` are (chat, text) that were accepted from people; `received` is chat → how often each text arrived."""
    with _open(url) as rows:
        broken = [*_unheard(rows, said), *_unhandled(rows), *_doubled(rows), *_unsent(rows)]
        owed = _owed(rows)
        events = _all(rows, "SELECT count(*) FROM inbox")[0][0]
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


@contextmanager
def _open(url: str) -> Iterator[Tx]:
    database = Database(url, patience=30.0)
    try:
        with database.read() as tx:
            yield tx
    finally:
        database.close()


def _all(rows: Tx, query: str) -> list[Any]:
    found: list[Any] = rows.driver.execute(query).fetchall()
    return found


def _unheard(rows: Tx, said: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Each thing said is one event, and has at least one answer; each chat was heard in its order."""
    said = list(said)
    answered = {event for (event,) in _all(rows, "SELECT DISTINCT event_id FROM outbox")}
    heard: dict[str, list[str]] = {}
    for lane, event, body in _all(rows, "SELECT lane, id, body FROM inbox ORDER BY id"):
        message = json.loads(body)
        if message["kind"] != "message":
            continue
        heard.setdefault(lane.partition(":")[2], []).append(message["text"])
        if event not in answered:
            yield f"event {event} of {lane} was never answered"
    for chat in {chat for chat, _ in said}:
        wanted = [text for known, text in said if known == chat]
        if heard.get(chat, []) != wanted:
            yield f"chat {chat} said {wanted} and was heard as {heard.get(chat)}"
    yield from _out_of_order(rows)


def _out_of_order(rows: Tx) -> Iterable[str]:
    """Turns of one chat are taken one after the other: what they say comes in the order of what they answer."""
    last: dict[str, tuple[int, int]] = {}
    query = "SELECT o.chat, i.id, o.id FROM outbox o JOIN inbox i ON i.id = o.event_id AND i.lane = o.channel || ':' || o.chat"
    for chat, event, message in sorted(_all(rows, query), key=lambda row: row[1:]):
        if message < last.get(chat, (0, 0))[1]:
            yield f"chat {chat}: event {event} was answered before {last[chat][0]}"
        last[chat] = (event, max(message, last.get(chat, (0, 0))[1]))


def _unhandled(rows: Tx) -> Iterable[str]:
    for event, state, error in _all(rows, "SELECT id, state, error FROM inbox WHERE state <> 'done'"):
        yield f"event {event} is {state}: {error}"
    for timer in rows.all(OVERDUE, by=datetime.now(UTC) - LATE):
        yield f"timer {timer.what} about {timer.about} is overdue"


def _doubled(rows: Tx) -> Iterable[str]:
    """One case for each complaint, one ping for each rung and person, one task of a kind, one coupon for a reason."""
    once = {
        "cases": "SELECT customer_id || ' ' || text AS k FROM cases",
        "tasks": "SELECT case_id || ' ' || kind AS k FROM task",
        "coupons": "SELECT customer_id || ' ' || reason || ' ' || about AS k FROM coupon",
        "pings": "SELECT person_id || ' ' || case_id || ' ' || event_id || ' ' || text AS k FROM outbox WHERE urgency = 0",
        "timer events": "SELECT key AS k FROM inbox WHERE source = 'timer'",
    }
    for name, query in once.items():
        for key, count in _all(rows, f"SELECT k, count(*) FROM ({query}) AS found GROUP BY k HAVING count(*) > 1"):
            yield f"{name}: {key[:60]} is there {count} times"


def _unsent(rows: Tx) -> Iterable[str]:
    for message, state, error in _all(rows, "SELECT id, state, error FROM outbox WHERE state <> 'sent'"):
        yield f"message {message} is {state}: {error}"


def _owed(rows: Tx) -> dict[str, Counter[str]]:
    owed: dict[str, Counter[str]] = {}
    for chat, text in _all(rows, "SELECT chat, text FROM outbox WHERE channel <> 'web'"):
        owed.setdefault(chat, Counter())[text] += 1
    return owed
