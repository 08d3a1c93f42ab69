"""The demo's month: visits, ratings, complaints, questions, as people live them. The same seed plays the same month."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.cast import Cast, Home, gather
from bot.demo.complaints import Complaints
from bot.demo.leads import Leads
from bot.demo.people import first_orders
from bot.demo.stage import Actor, Stage
from domain.events import OrderPosted, StaffActed
from storage import orders

DAYS = 30
AHEAD_DAYS = 3
LINES = Path(__file__).with_name("month.toml")
HOURS = (9, 9, 10, 13, 14, 14, 15)
LOOKS = range(8, 22)
LAST_COMPLAINTS = (18.5, 16.0, 13.5, 4.5, 1.5, 0.3)


@dataclass(frozen=True, slots=True)
class Visit:
    number: str
    service: str
    starts_at: datetime
    ends_at: datetime
    late: bool


class Month:
    """`now` is the moment the month ends and the demo goes live."""

    def __init__(self, stage: Stage, now: datetime, zone: ZoneInfo, seed: int = 7) -> None:
        self.stage = stage
        self.now = now
        self.zone = zone
        self.dice = Random(seed)
        self.lines: Mapping[str, Any] = tomllib.loads(LINES.read_text("utf-8"))
        self.number = 0
        self.busy: set[tuple[int, date, bool]] = set()

    def play(self) -> None:
        cast = gather(self.stage, self.lines, self.dice)
        self.complaints = Complaints(self.lines, self.dice)
        self.leads = Leads(self.stage, cast, self.lines, self.dice)
        for home in cast.homes:
            self._plan_visits(cast, home)
        for _ in range(45):
            self.stage.plan(self._some_moment(), self._asks)
        for day in range(-DAYS, 0):
            for hour in LOOKS:
                self._plan_look(self._at(day + 1, hour))
        for hours, home in zip(LAST_COMPLAINTS, self.dice.sample(cast.homes[1:], len(LAST_COMPLAINTS)), strict=True):
            self._plan_complaint(home, self.now - timedelta(hours=hours))
        self.stage.play(self.now)
        for incoming in first_orders(self.now, self.stage.world.company.hours):
            self.stage.post(incoming.event, incoming.lane)
        self.stage.play(self.now)
        self.stage.deliver()

    def _plan_complaint(self, home: Home, at: datetime) -> None:
        """Whatever the month brought: at its end there is something to do."""
        self.stage.plan(at, lambda: self._complain(home))

    def _complain(self, home: Home) -> None:
        self.complaints.begin(home, "")

    def _plan_look(self, at: datetime) -> None:
        self.stage.plan(at, lambda: self.leads.look(self.now - at))

    def _plan_visits(self, cast: Cast, home: Home) -> None:
        """Spread over the month and a little beyond; always with the same cleaner, most of the time."""
        cleaners = cast.cleaners[home.branch]
        usual = self.dice.choice(cleaners)
        for _ in range(home.visits):
            day = self.dice.uniform(-DAYS + 3, AHEAD_DAYS)
            cleaner = usual if self.dice.random() < 0.8 else self.dice.choice(cleaners)
            starts_at = self._at(day, self.dice.choice(HOURS))
            busy = (cleaner.person, starts_at.date(), starts_at.hour < 12)
            if busy not in self.busy:
                self.busy.add(busy)
                self._plan_visit(home, cleaner, starts_at)

    def _plan_visit(self, home: Home, cleaner: Actor, starts_at: datetime) -> None:
        service = self.dice.choices(self.lines["service"], [one["weight"] for one in self.lines["service"]])[0]
        self.number += 1
        number = f"DD{starts_at:%m%d}{self.number:03d}"
        ends_at = starts_at + timedelta(hours=service["hours"])
        visit = Visit(number, service["name"], starts_at, ends_at, self.dice.random() < 0.07)
        booked = max(self.stage.clock.now(), starts_at - timedelta(days=self.dice.uniform(1.5, 5)))
        order = self._order(home, cleaner, visit, service["price_fen"])
        self.stage.plan(booked, lambda: self.stage.post(OrderPosted(order, "csv"), f"order:{number}"))
        if self.dice.random() < 0.04:
            cancelled = {"number": number, "event": "cancelled"}
            when = starts_at - timedelta(hours=self.dice.uniform(4, 20))
            self.stage.plan(when, lambda: self.stage.post(OrderPosted(cancelled, "api"), f"order:{number}"))
            return
        self._plan_day(home, cleaner, visit)

    def _plan_day(self, home: Home, cleaner: Actor, visit: Visit) -> None:
        """The evening before, the checkpoints, and what comes after."""
        stage, dice = self.stage, self.dice
        starts_at, ends_at = visit.starts_at, visit.ends_at
        eve = (starts_at - timedelta(days=1)).replace(hour=18, minute=dice.randint(5, 55))
        stage.plan(eve, lambda: self._needs(home.customer))
        middle, done = starts_at + (ends_at - starts_at) / 2, ends_at + timedelta(minutes=dice.randint(-10, 15))
        arrives = starts_at + timedelta(minutes=35 if visit.late else dice.randint(-8, 4))
        left = starts_at - timedelta(minutes=dice.randint(30, 50))
        points = zip(("left", "arrived", "checked", "finished"), (left, arrives, middle, done), strict=True)
        for point, at in points:
            self._plan_point(cleaner, visit.number, point, at)
        stage.plan(middle + timedelta(minutes=dice.randint(5, 20)), lambda: self._taps(home.customer, "👍 顺利", 0.5))
        wait = timedelta(minutes=dice.choice((35, 50, 70, 120, 200)))
        stage.plan(done + wait, lambda: self._after(home, visit))

    def _plan_point(self, cleaner: Actor, number: str, point: str, at: datetime) -> None:
        self.stage.plan(at, lambda: self._check_in(cleaner, number, point))

    def _check_in(self, cleaner: Actor, number: str, point: str) -> None:
        with self.stage.database.read() as tx:
            order = orders.by_number(tx, number)
        if order is not None and order.cleaner_id == cleaner.person:
            report = StaffActed("check_in", cleaner.person, {"order": order.id, "point": point})
            self.stage.post(report, str(cleaner.address), "desk")

    def _needs(self, customer: Actor) -> None:
        if self.dice.random() < 0.3:
            if customer.taps("写下来"):
                customer.says(self.dice.choice(self.lines["words"]["needs"]))
                customer.taps("没有了")
        else:
            self._taps(customer, "没有", 0.75)

    def _taps(self, customer: Actor, label: str, chance: float) -> None:
        if self.dice.random() < chance:
            customer.taps(label)

    def _after(self, home: Home, visit: Visit) -> None:
        """A rating, or a complaint, or nothing."""
        mood = home.mood - (0.35 if visit.late else 0) + self.dice.uniform(-0.25, 0.25)
        if mood < 0.38 and self.complaints.begin(home, visit.service):
            return
        if self.dice.random() < 0.78:
            self._rate(home.customer, 5 if mood > 0.7 else 4 if mood > 0.5 else 3 if mood > 0.35 else 2)

    def _rate(self, customer: Actor, stars: int) -> None:
        if not customer.taps(f"{stars} 星"):
            return
        words = self.lines["words"]
        if stars <= 2:
            customer.taps(self.dice.choice(("没打扫干净", "不准时", "服务态度")))
            self.complaints.walk(customer)
            return
        for _ in range(4):
            customer.taps(str(min(5, max(1, stars + self.dice.choice((-1, 0, 0, 1))))))
        if self.dice.random() < 0.6:
            customer.says(self.dice.choice(words["praise"] if stars > 3 else words["middling"]))
        else:
            customer.taps("没有了")
        customer.taps(self.dice.choice(("可以", "可以", "不用了")))

    def _asks(self) -> None:
        """Somebody new, who asks something and sometimes wants more."""
        surname = self.dice.choice(self.lines["customers"]["surnames"])
        asker = self.stage.stranger(f"{surname}{self.dice.choice(('女士', '先生'))}")
        asker.opens()
        for _ in range(self.dice.choice((1, 1, 2))):
            asker.says(self.dice.choice(self.lines["words"]["inquiries"]))
        if self.dice.random() < 0.25:
            self._books(asker)
        elif self.dice.random() < 0.25:
            asker.taps("找人聊")
        elif self.dice.random() < 0.4:
            asker.says(self.dice.choice(self.lines["words"]["chitchat"]))

    def _books(self, asker: Actor) -> None:
        """From the question to a booking that a supervisor decides."""
        if not asker.taps("我要预约"):
            asker.says("我要预约")
        asker.taps(self.dice.choice(("日常保洁", "深度保洁")))
        asker.taps(self.dice.choice(("后天上午", "后天下午", "明天下午")))
        branch = self.dice.choice(self.lines["branch"])
        door = f"{self.dice.randint(1, 30)}号{self.dice.randint(1, 18)}02"
        street = self.dice.choice(branch["streets"]).replace(" ", "")
        asker.says(f"{branch['region']}{street}{door}，{self.dice.choice((75, 90, 120))}平")
        asker.says(f"{asker.name} 1351234{self.dice.randint(1000, 9999)}")
        asker.taps("没有了")
        asker.taps("没问题")

    def _at(self, days: float, hour: int) -> datetime:
        day = (self.now + timedelta(days=days)).astimezone(self.zone)
        return day.replace(hour=hour, minute=self.dice.choice((0, 0, 30)), second=0, microsecond=0)

    def _some_moment(self) -> datetime:
        return self._at(self.dice.uniform(-DAYS + 1, -0.1), self.dice.randint(8, 21))

    def _order(self, home: Home, cleaner: Actor, visit: Visit, price_fen: int) -> dict[str, Any]:
        return {
            "number": visit.number,
            "customer": {"name": home.customer.name, "phone": home.customer.phone},
            "cleaner": {"id": cleaner.person},
            "branch": home.branch,
            "service": visit.service,
            "starts_at": visit.starts_at.isoformat(),
            "ends_at": visit.ends_at.isoformat(),
            "address": home.address,
            "region": home.region,
            "area_m2": home.area_m2,
            "price_fen": price_fen,
        }
