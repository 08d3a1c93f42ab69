"""The invariants, checked from the rows and from what people received."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal, select

from storage.database import Database, Tx
from storage.outbox import ESCALATION, Outbox
from storage.statement import Statement, core
from storage.timers import Timer

TIMER, OUTBOX = core(Timer), core(Outbox)
OVERDUE = Statement(select(TIMER).where(TIMER.c.fired_at.is_(None), TIMER.c.due_at < bindparam("by")))
OWED = Statement(
    select(func.count()).where(
        OUTBOX.c.state.in_([literal("queued"), literal("sending")]), OUTBOX.c.not_before <= bindparam("now")
    )
)
LATE = timedelta(seconds=5)
LATEST = timedelta(seconds=60)
"""How late a timer may fire when whoever should have fired it was killed."""


Came = tuple[str, str]
"""A message as somebody got it: its id in the chat, and its words."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that went: under which id, and in whose lane it was written."""

    text: str
    urgency: int
    ref: str
    lane: str


@dataclass(frozen=True)
class Report:
    """What was found; `broken` must be empty. `repeated` are chat messages that came twice, which a kill may cause.

    `fired` timers, `late` seconds the latest of them; `pings` staff got, `orders` came from the shop.
    """

    events: int
    sent: int
    repeated: int
    kills: int
    fired: int
    late: float
    pings: int
    orders: int
    broken: tuple[str, ...]

    def __str__(self) -> str:
        broken = "".join(f"\n  {sentence}" for sentence in self.broken) or " none"
        return (
            f"{self.events} events, {self.sent} messages, {self.orders} orders, {self.pings} pings, {self.kills} kills, "
            f"{self.fired} timers fired (latest {self.late:.1f} s late), {self.repeated} messages repeated; broken:{broken}"
        )


def settled(url: str) -> bool:
    """Whether nothing waits to be handled or sent."""
    with _open(url) as rows:
        waiting = _all(rows, "SELECT count(*) FROM inbox WHERE state = 'new'")[0][0]
        owed = rows.value(OWED, now=datetime.now(UTC))
    return not waiting and not owed


def check(
    url: str,
    said: Sequence[tuple[str, str]],
    ordered: Sequence[str],
    received: Mapping[str, Sequence[Came]],
    kills: int,
) -> Report:
    """`said` are (chat, text) that were accepted from people, `ordered` orders that were; `received` is what each chat
    got, in its order."""
    with _open(url) as rows:
        broken = [*_unheard(rows, said), *_unhandled(rows), *_doubled(rows), *_unsent(rows), *_uncounted(rows, ordered)]
        owed = _owed(rows, one_writer=url.startswith("sqlite"))
        events = _all(rows, "SELECT count(*) FROM inbox")[0][0]
        late = _late(rows)
    repeated = 0
    for chat, wanted in owed.items():
        again, wrong = compared(chat, wanted, received.get(chat, ()))
        repeated += again
        broken += wrong
    if repeated > kills:
        broken.append(f"{repeated} messages repeated by {kills} kills")
    if max(late, default=0.0) > LATEST.total_seconds():
        broken.append(f"a timer fired {max(late):.0f} seconds late")
    return Report(
        events=events, sent=sum(len(wanted) for wanted in owed.values()), repeated=repeated, kills=kills,
        fired=len(late), late=max(late, default=0.0), orders=len(ordered), broken=tuple(broken),
        pings=sum(one.urgency == ESCALATION for wanted in owed.values() for one in wanted),
    )  # fmt: skip


def compared(chat: str, wanted: Sequence[Owed], came: Sequence[Came]) -> tuple[int, list[str]]:
    """How many came again, and what is wrong: nothing may be missing, and where nothing is urgent, what was written one
    after the other comes so."""
    texts, heard = Counter(one.text for one in wanted), Counter(text for _, text in came)
    wrong = [f"chat {chat} is missing {count} of {text[:30]!r}" for text, count in (texts - heard).items()]
    if len({one.urgency for one in wanted}) == 1:
        wrong += _too_late(chat, wanted, [ref for ref, _ in came])
    return (heard - texts).total(), wrong


def _too_late(chat: str, wanted: Sequence[Owed], came: Sequence[str]) -> Iterator[str]:
    """What came after something that was written later by the same hand. `came` are the ids of the chat."""
    places = {ref: place for place, ref in enumerate(came)}
    last: dict[str, int] = {}
    for one in wanted:
        place = places.get(one.ref, len(came))
        if place < last.get(one.lane, 0):
            yield f"chat {chat} heard {one.text[:30]!r} before what was written earlier in {one.lane}"
        last[one.lane] = max(place, last.get(one.lane, 0))


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
        "cases": "SELECT coalesce(customer_id, 0) || ' ' || text AS k FROM cases",
        "tasks": "SELECT case_id || ' ' || kind AS k FROM task",
        "coupons": "SELECT customer_id || ' ' || reason || ' ' || about AS k FROM coupon",
        "pings": "SELECT chat || ' ' || event_id || ' ' || about || ' ' || text AS k FROM outbox WHERE urgency = 0",
        "timer events": "SELECT key AS k FROM inbox WHERE source = 'timer'",
    }
    for name, query in once.items():
        for key, count in _all(rows, f"SELECT k, count(*) FROM ({query}) AS found GROUP BY k HAVING count(*) > 1"):
            yield f"{name}: {key[:60]} is there {count} times"


def _uncounted(rows: Tx, ordered: Sequence[str]) -> Iterable[str]:
    """Each order that was accepted is there, as one event; the last may be there though nobody was told so."""
    there = {number for (number,) in _all(rows, "SELECT number FROM orders")}
    for number in sorted(set(ordered) - there):
        yield f"order {number} was accepted and is not there"
    events = _all(rows, "SELECT count(*) FROM inbox WHERE source = 'api'")[0][0]
    if events != len(there) or len(there) > len(ordered) + 1:
        yield f"{len(ordered)} orders were accepted, {len(there)} are there, of {events} events"


def _late(rows: Tx) -> list[float]:
    """Of each timer that fired, how many seconds after its moment."""
    found = _all(rows, "SELECT body, received_at FROM inbox WHERE source = 'timer'")
    moments = ((datetime.fromisoformat(json.loads(body)["due_at"]), _moment(at)) for body, at in found)
    return [(at - due).total_seconds() for due, at in moments]


def _moment(written: str | datetime) -> datetime:
    """As either driver gives it."""
    moment = datetime.fromisoformat(written) if isinstance(written, str) else written
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unsent(rows: Tx) -> Iterable[str]:
    waits = "SELECT id, state, error FROM outbox WHERE state <> 'sent' AND NOT (state = 'queued' AND not_before > created_at)"
    for message, state, error in _all(rows, waits):
        yield f"message {message} is {state}: {error}"


def _owed(rows: Tx, *, one_writer: bool) -> dict[str, list[Owed]]:
    """Of each chat the messages that went, in the order in which they were written.

    Where several write at once, two events of different lanes have no order: what a lead's tap says to a customer may be
    numbered before, and committed after, what the customer's own words are answered.
    """
    owed: dict[str, list[Owed]] = {}
    query = (
        "SELECT o.chat, o.text, o.urgency, o.ref, i.lane FROM outbox o JOIN inbox i ON i.id = o.event_id"
        " WHERE o.channel <> 'web' AND o.state = 'sent' ORDER BY o.id"
    )
    for chat, text, urgency, ref, lane in _all(rows, query):
        owed.setdefault(chat, []).append(Owed(text, urgency, ref, "" if one_writer else lane))
    return owed
