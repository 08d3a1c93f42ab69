"""A stage for the demo's month: the real engine's rounds, run by hand under a clock that we move.

Nothing here writes what a turn would write: whatever the demo shows went through the same events as in real life.
"""

import heapq
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text

from domain.clock import ManualClock
from domain.events import Address, Attachment, ButtonTapped, ChatStarted, Event, Incoming, MessageCame, Sender
from handlers.history import buttons_of
from handlers.round import Round
from handlers.world import World
from storage.conversations import Conversation
from storage.database import Database
from storage.outbox import Outbox
from storage.people import Person
from storage.statement import Statement, core

OUT = core(Outbox)
LOOK_BACK = 12
LATEST = Statement(
    select(OUT)
    .where(OUT.c.channel == bindparam("channel"), OUT.c.chat == bindparam("chat"), OUT.c.not_before <= bindparam("now"))
    .order_by(OUT.c.id.desc())
    .limit(bindparam("limit", type_=OUT.c.id.type))
)
DELIVERED = Statement(
    text(
        "UPDATE outbox SET state = 'sent', sent_at = not_before WHERE state = 'queued' AND not_before <= :now"
    ).bindparams(bindparam("now", type_=OUT.c.not_before.type))
)
Scene = Callable[[], None]


class Stage:
    """Scenes are planned for their moments; timers fall due between them, each at its own."""

    def __init__(self, database: Database, world: World, clock: ManualClock) -> None:
        self.database = database
        self.world = world
        self.clock = clock
        self._scenes: list[tuple[datetime, int, Scene]] = []
        self._numbers = itertools.count(1)

    def plan(self, at: datetime, scene: Scene) -> None:
        heapq.heappush(self._scenes, (at, next(self._numbers), scene))

    def after(self, minutes: float, scene: Scene) -> None:
        self.plan(self.clock.now() + timedelta(minutes=minutes), scene)

    def play(self, until: datetime) -> None:
        """Everything up to this moment; what was planned for later is left out."""
        while self._scenes and self._scenes[0][0] <= until:
            at, _, scene = heapq.heappop(self._scenes)
            self._move(max(at, self.clock.now()))
            scene()
        self._move(until)

    def post(self, event: Event, lane: str, source: str = "demo") -> None:
        with self.database.write() as tx:
            round_ = Round(tx, self.world, self.clock.now())
            round_.store(Incoming(source, secrets.token_hex(12), lane, event))
            round_.fire_and_handle()

    def deliver(self) -> None:
        """What was said up to now counts as read."""
        with self.database.write() as tx:
            tx.run(DELIVERED, now=self.clock.now())

    def enter(self, name: str, role: str, phone: str, branch: int | None) -> "Actor":
        """A new person with a chat of their own."""
        now = self.clock.now()
        chat = f"demo-{next(self._numbers):05d}"
        with self.database.write() as tx:
            person = tx.add(
                Person, name=name, role=role, phone=phone, branch_id=branch, created_at=now,
                stage="using" if role == "customer" else "aware",
            )  # fmt: skip
            tx.add(Conversation, channel="web", chat=chat, person_id=person, last_in_at=now, created_at=now)
        return Actor(self, Address("web", chat), person, name, phone)

    def join(self, person: int, name: str, phone: str) -> "Actor":
        """A chat for somebody who is there already."""
        now = self.clock.now()
        chat = f"demo-{next(self._numbers):05d}"
        with self.database.write() as tx:
            tx.add(Conversation, channel="web", chat=chat, person_id=person, last_in_at=now, created_at=now)
        return Actor(self, Address("web", chat), person, name, phone)

    def stranger(self, name: str) -> "Actor":
        """Somebody who was never here."""
        return Actor(self, Address("web", f"demo-{next(self._numbers):05d}"), 0, name, "")

    def _move(self, goal: datetime) -> None:
        """Let time pass: timers, retries and pauses end at their own moments."""
        while True:
            with self.database.write() as tx:
                round_ = Round(tx, self.world, self.clock.now())
                more = round_.fire_and_handle()
                due = round_.next_due()
            if more or round_.ended:
                continue
            if due is None or due > goal:
                break
            self.clock.time = max(due, self.clock.now() + timedelta(milliseconds=1))
        self.clock.time = max(goal, self.clock.now())


@dataclass(frozen=True)
class Actor:
    """One person at one chat."""

    stage: Stage
    address: Address
    person: int
    name: str
    phone: str
    pressed: set[str] = field(default_factory=set)

    def opens(self, code: str = "") -> None:
        self._does(ChatStarted(self.address, code, Sender(self.name)))

    def says(self, words: str, *files: Attachment) -> None:
        self._does(MessageCame(self.address, words, files, Sender(self.name), secrets.token_hex(6)))

    def taps(self, label: str) -> bool:
        """Press the newest button of this label that was not pressed before; False when none is in sight."""
        for row in self._heard():
            for button in itertools.chain(*buttons_of(row)):
                if button.data and button.label == label and button.data not in self.pressed:
                    self.pressed.add(button.data)
                    self._does(ButtonTapped(self.address, button.data, button.label, Sender(self.name)))
                    return True
        return False

    def sees(self, label: str) -> bool:
        """Whether the newest message has a button of this label."""
        newest = self._heard()[:1]
        return any(button.label == label for row in newest for button in itertools.chain(*buttons_of(row)))

    def _heard(self) -> list[Outbox]:
        now, address = self.stage.clock.now(), self.address
        with self.stage.database.read() as tx:
            return tx.all(LATEST, channel=address.channel, chat=address.chat, now=now, limit=LOOK_BACK)

    def _does(self, event: Event) -> None:
        self.stage.post(event, str(self.address), self.address.channel)
