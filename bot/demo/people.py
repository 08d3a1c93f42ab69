"""The people of the demo, with a link for each that turns a browser into them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.core import Core
from domain.company import Hours
from domain.events import Incoming, OrderPosted
from domain.roles import Role
from flows.visiting import Visiting
from handlers.people.passwords import hash_password
from storage import desk, people
from storage.database import Tx
from storage.desk import Login
from storage.links import Link
from storage.people import Branch, Person
from storage.statement import Statement, core
from web.demo_seat import reserve

BRANCH = "pudong"
LINK = core(Link)
DEMO_LINKS = Statement(select(LINK).where(LINK.c.kind == "demo").order_by(LINK.c.id))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`username` when they may enter the desk."""

    role: Role
    name: str
    phone: str
    username: str = ""


CAST = (
    DemoPerson(Role.CUSTOMER, "王女士", "13800000001"),
    DemoPerson(Role.CLEANER, "李秀兰", "13800000002"),
    DemoPerson(Role.SUPERVISOR, "陈主管", "13800000003", "chen"),
    DemoPerson(Role.OWNER, "周总", "13800000004", "zhou"),
)


@dataclass(frozen=True, slots=True)
class Entrance:
    """How to become somebody of the demo: by link, and at the desk by name."""

    person: DemoPerson
    code: str


def entrances(tx: Tx) -> list[Entrance]:
    """Of the people that are there already; empty before the first start."""
    by_name = {person.name: person for person in CAST}
    found = []
    for link in tx.all(DEMO_LINKS):
        name = people.get(tx, link.args["person"]).name
        if name in by_name:
            found.append(Entrance(by_name[name], link.code))
    return found


def move_in(tx: Tx, now: datetime) -> list[Entrance]:
    """Make the branch, the people and their links; only for a database without any people."""
    known = people.branch_by_code(tx, BRANCH)
    branch = known.id or 0 if known is not None else tx.add(Branch, code=BRANCH, name="浦东店")
    return [_one(tx, person, branch, now) for person in CAST]


def _one(tx: Tx, person: DemoPerson, branch: int, now: datetime) -> Entrance:
    person_id = tx.add(
        Person,
        role=person.role.value,
        name=person.name,
        phone=person.phone,
        branch_id=None if person.role is Role.OWNER else branch,
        stage="using" if person.role is Role.CUSTOMER else "aware",
        created_at=now,
    )
    code = secrets.token_urlsafe(16)
    seat = reserve(tx, person_id, now) if person.role is Role.SUPERVISOR else {}
    tx.add(Link, code=code, kind="demo", args={"person": person_id, **seat}, created_at=now)
    return Entrance(person, code)


def first_orders(now: datetime, hours: Hours) -> list[Incoming]:
    """A visit that begins soon, and one tomorrow afternoon, as the company's own system would post them.

    Nobody cleans at night: whoever starts the demo then finds the first visit in the morning.
    """
    here = now.astimezone(ZoneInfo(hours.timezone))
    soon = here + timedelta(minutes=50)
    soon = soon.replace(minute=soon.minute // 10 * 10, second=0)
    soon = Visiting(hours.opens, hours.closes).nearest(soon, here, exact=True) or soon
    tomorrow = (here + timedelta(days=1)).replace(hour=14, minute=0, second=0)
    visits = ((soon, "日常保洁", 23_900), (tomorrow, "厨房深度清洁", 36_800))
    return [_posted(number, *visit) for number, visit in enumerate(visits, start=1)]


def _posted(number: int, starts_at: datetime, service: str, price_fen: int) -> Incoming:
    customer, cleaner = CAST[0], CAST[1]
    order: Mapping[str, Any] = {
        "number": f"DEMO-{number}",
        "customer": {"name": customer.name, "phone": customer.phone},
        "cleaner": {"phone": cleaner.phone},
        "branch": BRANCH,
        "service": service,
        "starts_at": starts_at.replace(microsecond=0).isoformat(),
        "ends_at": (starts_at.replace(microsecond=0) + timedelta(hours=3)).isoformat(),
        "address": "上海市浦东新区锦绣路 1200 弄 8 号 301",
        "region": "浦东",
        "area_m2": 90,
        "price_fen": price_fen,
    }
    return Incoming("demo", f"first:{number}", f"order:DEMO-{number}", OrderPosted(dict(order), origin="demo"))


async def settle(core: Core) -> tuple[list[Entrance], str]:
    """The demo's people and this start's password for the desk. Needs a running engine."""
    password = secrets.token_urlsafe(9)
    hashed = hash_password(password)
    now = core.clock.now()

    def work(tx: Tx) -> tuple[list[Entrance], bool]:
        known = entrances(tx)
        found = known or move_in(tx, now)
        _set_passwords(tx, hashed, now)
        return found, not known

    found, fresh = await core.engine.call(work)
    if fresh:
        await core.engine.accept(first_orders(now, core.company.hours))
    return found, password


def _set_passwords(tx: Tx, hashed: str, now: datetime) -> None:
    """Known only to who started this process: a new one each time."""
    for role in (Role.SUPERVISOR, Role.OWNER):
        for person in people.with_role(tx, role):
            username = next((one.username for one in CAST if one.phone == person.phone), "")
            if username and desk.login_of(tx, person.id or 0) is None:
                tx.add(Login, person_id=person.id, username=username, password_hash=hashed, created_at=now)
            elif username:
                desk.set_password(tx, person.id or 0, hashed)
