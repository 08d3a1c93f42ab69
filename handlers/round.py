"""A round: what the writer does within one transaction. Store what came, fire what is due, handle what waits."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from domain.errors import Busy, Conflict, HuixiangError, where
from domain.events import Event, Incoming, MessageCame, TimerFired, Unreadable, dump_event, load_event
from handlers.routing import handle, refused, say_parked, tell_parked
from handlers.turn import Turn
from handlers.watching import End
from handlers.world import World
from storage import inbox, timers
from storage.database import Tx
from storage.inbox import Inbox
from storage.timers import Timer

log = structlog.get_logger()
TURNS = 8
AHEAD = TURNS
"""How many more are named to the reader, who reads them while the first are handled."""
ROUND_SECONDS = 0.01
"""How long a round goes on taking turns: whoever waits for the commit waits as long."""
TIMERS = 128
ALBUM_PAUSE = timedelta(seconds=1)
RETRY_SECONDS = (1, 4, 15, 60)
KEPT_BY_CHANNELS = timedelta(hours=25)
"""Telegram keeps what we did not fetch for a day."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an event ended: what its turn answered, a refusal under `refused`."""

    result: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Stored:
    """`ended` is set when the event was known and handled before."""

    id: int
    fresh: bool
    ended: Ended | None = None


class Round:
    """`ended` collects how events ended, by inbox id; `channels` where something waits to be delivered.

    `held` are lanes whose first event failed just now: what comes after it waits with it. `waiting` are those who
    asked how an event, by its id, will end.
    """

    def __init__(self, tx: Tx, world: World, now: datetime) -> None:
        self.tx = tx
        self.world = world
        self.now = now
        self.ended: dict[int, Ended] = {}
        self.channels: set[str] = set()
        self.held: set[str] = set()
        self.waiting: list[tuple[int, Any]] = []
        self.stored = 0

    def store(self, incoming: Incoming) -> Stored:
        """Insert an event once. Raises `Conflict` when its key is known with another content."""
        body = dump_event(incoming.event)
        fingerprint = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:32]
        row_id = inbox.insert_once(
            self.tx,
            source=incoming.source,
            key=incoming.key,
            lane=incoming.lane,
            album=incoming.group,
            body=body,
            fingerprint=fingerprint,
            state="unreadable" if isinstance(incoming.event, Unreadable) else "new",
            received_at=self.now,
            ready_at=self.now + ALBUM_PAUSE if incoming.group else self.now,
        )
        if row_id is not None:
            self.stored += 1
            log.debug("event_stored", event_id=row_id, source=incoming.source, kind=incoming.event.kind)
            return Stored(row_id, fresh=True)
        return self._known(incoming, fingerprint)

    def fire_and_handle(self) -> bool:
        """Turn due timers into events, handle events that wait; True when there are more."""
        due = timers.due(self.tx, self.now, TIMERS)
        for timer in due:
            self._fire(timer)
        enough = time.perf_counter() + ROUND_SECONDS
        more = self._handle()
        while more and time.perf_counter() < enough:
            more = self._handle()
        return more or len(due) == TIMERS

    def _handle(self) -> bool:
        """A few waiting events; True when there may be more."""
        rows = inbox.ready(self.tx, self.now, TURNS, AHEAD)
        events = {row.id: _event([row]) for row in rows if not row.album}
        words = [(row, event) for row in rows if isinstance(event := events.get(row.id), MessageCame) and event.text]
        self.world.expect([(event.text, self.world.local(_said_at(row, event))) for row, event in words])
        for row in rows[:TURNS]:
            if row.id not in self.ended and row.lane not in self.held:
                self._take(row, events.get(row.id))
        return len(rows) >= TURNS

    def next_due(self) -> datetime | None:
        """When there will be something to do that nobody will wake us for."""
        moments = [timers.next_due_at(self.tx), inbox.next_ready_at(self.tx)]
        return min((moment for moment in moments if moment is not None), default=None)

    def look_for(self, event_ids: Iterable[int]) -> None:
        """Events that another process may have handled."""
        for event_id in event_ids:
            row = self.tx.find(Inbox, event_id)
            if row is not None and row.state != "new":
                self.ended.setdefault(event_id, Ended(row.result))

    def _known(self, incoming: Incoming, fingerprint: str) -> Stored:
        row = inbox.known(self.tx, incoming.source, incoming.key)
        if row is None:
            raise Conflict
        if row.fingerprint != fingerprint and incoming.source == "api":
            raise Conflict(key=incoming.key)
        return Stored(row.id or 0, fresh=False, ended=None if row.state == "new" else Ended(row.result))

    def _fire(self, timer: Timer) -> None:
        if not timers.fire(self.tx, timer, self.now):
            return
        late = (self.now - timer.due_at).total_seconds()
        self.world.watcher.fired(timer.what, late)
        event = TimerFired(timer.what, timer.about, timer.due_at, late, timer.args)
        key = f"{timer.id}:{timer.revision}"
        self.store(Incoming("timer", key, timer.about, event))

    def _take(self, row: Inbox, event: Event | None) -> None:
        """Handle one event; None is one that is made of all the parts of its album."""
        rows = inbox.album_parts(self.tx, row.lane, row.album) if row.album else [row]
        begun = time.perf_counter()
        event = event or _event(rows)
        with bound_contextvars(event_id=row.id):
            end = self._try(rows, event)
            seconds = time.perf_counter() - begun
            log.debug("turn_ended", kind=event.kind, end=end, ms=round(seconds * 1000, 1))
        self.world.watcher.turn(event.kind, seconds, end)

    def _try(self, rows: list[Inbox], event: Event) -> End:
        try:
            return self._answer(rows, event)
        except Busy:
            raise
        except Exception as error:
            return self._failed(rows, event, error)

    def _answer(self, rows: list[Inbox], event: Event) -> End:
        end: End = "done"
        try:
            with self.tx.savepoint():
                result = self._turn(rows, event)
                self._mark_done(rows, result)
        except Busy:
            raise
        except HuixiangError as error:
            end = "refused"
            with self.tx.savepoint():
                result = self._refuse(rows, event, error)
                self._mark_done(rows, result)
        self.ended |= {row.id or 0: Ended(result) for row in rows}
        return end

    def _turn(self, rows: list[Inbox], event: Event) -> dict[str, Any] | None:
        if isinstance(event, Unreadable):
            raise ValueError(event.reason)
        turn = Turn(self.world, self.tx, rows[0].id or 0, self.now, _said_at(rows[0], event))
        result = handle(turn, event)
        turn.save()
        self.channels |= turn.channels
        return result

    def _mark_done(self, rows: list[Inbox], result: dict[str, Any] | None) -> None:
        for row in rows:
            inbox.mark_done(self.tx, row.id or 0, self.now, result)

    def _refuse(self, rows: list[Inbox], event: Event, error: HuixiangError) -> dict[str, Any]:
        """Nothing of the turn stays; whoever asked is told why."""
        turn = Turn(self.world, self.tx, rows[0].id or 0, self.now)
        refused(turn, event, error)
        turn.save()
        self.channels |= turn.channels
        return {"refused": {"code": error.code, "message": error.message, "details": _plain(error.details)}}

    def _failed(self, rows: list[Inbox], event: Event, error: Exception) -> End:
        """Try again a little later, and in the end park it, tell staff, and let the chat go on."""
        attempt = rows[0].attempts
        park = attempt >= len(RETRY_SECONDS)
        again = self.now + timedelta(seconds=0 if park else RETRY_SECONDS[attempt])
        reason = f"{type(error).__name__} {where(error)}"
        self.held.add(rows[0].lane)
        log.error("turn_failed", attempt=attempt + 1, parked=park, error=reason)
        for row in rows:
            inbox.mark_failed(self.tx, row.id or 0, reason, again, park=park)
        if not park:
            return "failed"
        for tell in (say_parked, tell_parked):
            self._tell_parked(rows, event, tell)
        for row in rows:
            self.ended[row.id or 0] = Ended({"refused": {"code": "error", "message": HuixiangError().message}})
        return "parked"

    def _tell_parked(self, rows: list[Inbox], event: Event, tell: Callable[[Turn, Event], None]) -> None:
        """What broke the turn may break this too, and must not break the round: the others wait behind it."""
        turn = Turn(self.world, self.tx, rows[0].id or 0, self.now)
        try:
            with self.tx.savepoint():
                tell(turn, event)
                turn.save()
        except Busy:
            raise
        except Exception as error:
            log.error("parked_in_silence", error=f"{type(error).__name__} {where(error)}")
        else:
            self.channels |= turn.channels


def _event(rows: list[Inbox]) -> Event:
    """What a newer version wrote down, and this one cannot read, is unreadable."""
    try:
        return load_event(rows[0].body) if len(rows) == 1 else _one_album(rows)
    except ValueError:
        return Unreadable("", "cannot be read")


def _said_at(row: Inbox, event: Event) -> datetime:
    """When its words were said: as the channel has it, where that can be; else when they came."""
    said_at = event.said_at if isinstance(event, MessageCame) else None
    if said_at is None or not timedelta(0) <= row.received_at - said_at <= KEPT_BY_CHANNELS:
        return row.received_at
    return said_at


def _one_album(rows: list[Inbox]) -> MessageCame:
    """The parts of an album as one message."""
    parts = [event for row in rows if isinstance(event := load_event(row.body), MessageCame)]
    text = "\n".join(part.text for part in parts if part.text)
    files = tuple(attachment for part in parts for attachment in part.attachments)
    first = parts[0]
    return replace(first, text=text, attachments=files, edited=False)


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    simple = (int, float, str, list, dict)
    return {key: value if isinstance(value, simple) else str(value) for key, value in details.items()}
