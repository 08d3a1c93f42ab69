"""A whole company on a real SQLite database, driven by hand: people say and tap, time moves when told to.

The engine's rounds run in the test's own thread; nothing is delivered anywhere: what people hear is read from the
outbox, as a channel would. Texts, policies, flows and the reader are the real ones.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select

from bot.company import load_company, load_texts
from domain.clock import ManualClock
from domain.events import (
    Address,
    Attachment,
    ButtonTapped,
    ChatStarted,
    Event,
    Incoming,
    MessageCame,
    OrderPosted,
    Sender,
    StaffActed,
)  # fmt: skip
from domain.roles import Role
from domain.understanding import Reader
from flows.table import FLOWS
from handlers import history
from handlers.handled import Handled, handled
from handlers.registry import registry
from handlers.round import Round
from handlers.texts import Texts
from handlers.world import World
from nlp.reader import Reader as RealReader
from storage import conversations, inbox, people, timers
from storage.conversations import Conversation
from storage.database import Database, Tx
from storage.outbox import Outbox
from storage.people import Branch, Person
from storage.statement import Statement, core
from tests import databases

OUTBOX = core(Outbox)
OUTBOX_OF_CHAT = Statement(
    select(OUTBOX)
    .where(OUTBOX.c.channel == bindparam("channel"), OUTBOX.c.chat == bindparam("chat"))
    .order_by(OUTBOX.c.id)
)
COMPANY = Path(__file__).parent.parent / "company"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""


@cache
def shared_reader() -> Reader:
    return RealReader.load()


@cache
def shared_texts() -> Texts:
    return load_texts(COMPANY, "Asia/Shanghai")


@dataclass(frozen=True)
class Heard:
    """One message as its reader sees it."""

    text: str
    labels: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    key: str
    at: datetime
    row: Outbox = field(repr=False)


class House:
    """A company. `metadata.create_all` stands in for the migrations, whose equality another test proves.

    `on` is the kind of database.
    """

    def __init__(self, folder: Path, reader: Reader | None = None, on: str = "", **world: Any) -> None:
        self.clock = ManualClock(START)
        self.database = Database(databases.address(on or databases.usual(), folder))
        self.numbers = itertools.count(1)
        codes = itertools.count(1)
        self.world = replace(
            World(
                company=load_company(COMPANY),
                texts=shared_texts(),
                reader=reader or shared_reader(),
                flows=FLOWS,
                registry=registry(),
                code=lambda size: f"code{next(codes):0{max(4, size)}d}",
                link=lambda channel, code: f"https://huixiang.test/{channel}?c={code}",
            ),
            **world,
        )
        with self.database.write() as tx:
            self.branch = tx.add(Branch, code="pudong", name="浦东店")

    def tx(self) -> Any:
        """`with house.tx() as tx:` to read rows."""
        return self.database.read()

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        with self.database.write() as tx:
            yield tx

    def post(
        self, event: Event, *, source: str = "test", key: str = "", lane: str = "test", group: str = ""
    ) -> Handled:
        """Store an event, run rounds until nothing waits, and say how it ended."""
        incoming = Incoming(source, key or f"{next(self.numbers)}", lane, event, group)
        with self.database.write() as tx:
            stored = Round(tx, self.world, self.clock.now()).store(incoming)
        ended = self.run()
        if stored.ended is not None:
            return handled(stored.id, stored.ended, duplicate=True)
        return handled(stored.id, ended[stored.id], duplicate=not stored.fresh)

    def close(self) -> None:
        self.database.close()
        databases.drop(self.database.url)

    def run(self) -> dict[int, Any]:
        """Rounds at this moment, until nothing is due or waiting."""
        ended: dict[int, Any] = {}
        while True:
            with self.database.write() as tx:
                round_ = Round(tx, self.world, self.clock.now())
                more = round_.fire_and_handle()
            ended |= round_.ended
            assert not round_.held, f"a turn failed in {round_.held}: see the log above"
            if not more and not round_.ended:
                return ended

    def advance(self, **delta: float) -> None:
        """Let time pass; everything that falls due on the way happens at its own moment."""
        goal = self.clock.now() + timedelta(**delta)
        while (due := self._next_due()) is not None and due <= goal:
            self.clock.time = max(due, self.clock.now())
            self.run()
        self.clock.time = goal
        self.run()

    def until(self, moment: datetime) -> None:
        self.advance(seconds=(moment - self.clock.now()).total_seconds())

    def _next_due(self) -> datetime | None:
        with self.database.read() as tx:
            moments = [timers.next_due_at(tx), inbox.next_ready_at(tx)]
        return min((moment for moment in moments if moment is not None), default=None)

    def customer(self, name: str = "王女士", phone: str = "") -> "Guest":
        return self._guest(name, Role.CUSTOMER, phone=phone)

    def cleaner(self, name: str = "李秀兰", phone: str = "") -> "Guest":
        return self._guest(name, Role.CLEANER, phone=phone)

    def supervisor(self, name: str = "陈主管") -> "Guest":
        return self._guest(name, Role.SUPERVISOR)

    def manager(self, name: str = "林经理") -> "Guest":
        return self._guest(name, Role.MANAGER)

    def owner(self, name: str = "周总") -> "Guest":
        return self._guest(name, Role.OWNER)

    def order(self, customer: "Guest", cleaner: "Guest | None" = None, **more: Any) -> dict[str, Any]:
        """Post an order through the API's event; tomorrow 14:00–17:00 in Shanghai unless said. Its answer."""
        starts_at = more.pop("starts_at", START + timedelta(days=1, hours=4))
        number = more.pop("number", f"A{next(self.numbers):04d}")
        order = {
            "number": number,
            "event": "booked",
            "customer": {"name": customer.name, "phone": customer.phone},
            "cleaner": {"id": cleaner.person_id} if cleaner else None,
            "branch": "pudong",
            "service": "日常保洁",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
            "address": "上海市浦东新区锦绣路1200弄8号301",
            "region": "浦东",
            "area_m2": 90,
            "price_fen": 24_000,
            **more,
        }
        answer = self.post(OrderPosted(order), lane=f"order:{number}")
        if answer.error is not None:
            raise answer.error
        return answer.result or {}

    def act(self, guest: "Guest", action: str, **args: Any) -> Handled:
        """As from the desk."""
        return self.post(StaffActed(action, guest.person_id, args), source="desk")

    def _guest(self, name: str, role: Role, phone: str = "") -> "Guest":
        number = next(self.numbers)
        address = Address("web", f"guest{number}")
        phone = phone or f"138{number:08d}"
        now = self.clock.now()
        with self.database.write() as tx:
            branch = self.branch if role in (Role.CLEANER, Role.SUPERVISOR) else None
            person = tx.add(Person, name=name, role=role.value, phone=phone, branch_id=branch, created_at=now)
            tx.add(
                Conversation, channel="web", chat=address.chat, person_id=person, last_in_at=now, created_at=now
            )  # fmt: skip
        return Guest(self, address, name, phone)

    def stranger(self, channel: str = "web") -> "Guest":
        """Somebody who never wrote before."""
        return Guest(self, Address(channel, f"stranger{next(self.numbers)}"), "", "")


@dataclass
class Guest:
    """One person at one chat. What they hear in answer is what came since."""

    house: House
    address: Address
    name: str
    phone: str
    seen: int = 0

    @property
    def person_id(self) -> int:
        with self.house.tx() as tx:
            found = conversations.at(tx, self.address)
        assert found is not None, "nobody was ever here"
        return found.person_id

    @property
    def person(self) -> Person:
        with self.house.tx() as tx:
            return people.get(tx, self.person_id)

    def says(self, text: str, *files: Attachment, ref: str = "", reply_to: str = "", key: str = "") -> list[Heard]:
        ref = ref or f"m{next(self.house.numbers)}"
        return self.does(MessageCame(self.address, text, files, Sender(self.name), ref, reply_to), key=key)

    def sends(self, *kinds: str, text: str = "") -> list[Heard]:
        """Files of these kinds: photo, voice, sticker…"""
        files = tuple(Attachment(kind, f"f{next(self.house.numbers)}", 1000) for kind in kinds)  # type: ignore[arg-type]
        return self.says(text, *files)

    def edits(self, ref: str, text: str) -> list[Heard]:
        return self.does(MessageCame(self.address, text, (), Sender(self.name), ref, edited=True))

    def opens(self, code: str = "") -> list[Heard]:
        return self.does(ChatStarted(self.address, code, Sender(self.name)))

    def taps(self, label: str, *, nth: int = -1) -> list[Heard]:
        """Press the newest button whose label contains this; `nth` counts among all that fit."""
        fitting = [data for heard in self.heard for text, data in heard.buttons if label in text]
        assert fitting, f"no button {label!r} in {[heard.labels for heard in self.heard]}"
        return self.presses(fitting[nth])

    def presses(self, data: str) -> list[Heard]:
        return self.does(ButtonTapped(self.address, data, sender=Sender(self.name)))

    def does(self, event: Event, key: str = "") -> list[Heard]:
        """Post an event from this chat; what was heard since the last look."""
        self.news()
        self.house.post(event, source=self.address.channel, key=key, lane=str(self.address))
        return self.news()

    def news(self) -> list[Heard]:
        """What came since the last look."""
        new = [heard for heard in self.heard if (heard.row.id or 0) > self.seen]
        self.seen = max((heard.row.id or 0 for heard in new), default=self.seen)
        return new

    @property
    def heard(self) -> list[Heard]:
        """All that would have been delivered by now."""
        with self.house.tx() as tx:
            rows = tx.all(OUTBOX_OF_CHAT, channel=self.address.channel, chat=self.address.chat)
        now = self.house.clock.now()
        return [_heard(row) for row in rows if row.not_before <= now and row.state != "dead"]


def _heard(row: Outbox) -> Heard:
    buttons = [button for line in history.buttons_of(row) for button in line]
    return Heard(
        row.text,
        tuple(button.label for button in buttons),
        tuple((button.label, button.data) for button in buttons if button.data),
        row.about,
        row.created_at,
        row,
    )
