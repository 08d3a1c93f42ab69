"""The part of the wiring that every command shares: database, company, engine. No channels, no server."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.company import load_company, load_texts
from bot.settings import Settings
from domain.channel import Channel
from domain.clock import Clock, SystemClock
from domain.company import Company
from domain.errors import Collided
from domain.understanding import Reader
from flows.table import FLOWS
from handlers.engine import Engine
from handlers.registry import registry
from handlers.texts import Texts
from handlers.watching import Nobody, Watcher
from handlers.world import World
from storage import facts, people
from storage.database import Database
from storage.migrating import migrate
from storage.people import Branch

CLOCK_OFFSET = "clock_offset"
FILES_SECRET = "files_secret"
TRIES = 5
T = TypeVar("T")


@dataclass(frozen=True)
class Core:
    """`clock` is shared: whoever moves it, moves it for all."""

    settings: Settings
    database: Database
    company: Company
    texts: Texts
    world: World
    clock: Clock
    engine: Engine


def build_core(
    settings: Settings,
    channels: Mapping[str, Channel],
    reader: Reader,
    clock: Clock | None = None,
    watcher: Watcher | None = None,
    expect: Callable[[Iterable[tuple[str, datetime]]], None] = lambda words: None,
    *,
    handles: bool = True,
) -> Core:
    """Needs the process lock. One that does not `handle` leaves the turns to others.

    `channels` may still be filled afterwards: links are made when they are asked for.
    """
    company = load_company(settings.company_dir, settings.timezone)
    texts = load_texts(settings.company_dir, company.hours.timezone)
    migrate(settings.url)
    database = Database(settings.url)
    keep_branches(database, company)
    clock = clock or make_clock(database, demo=settings.demo)
    world = World(
        company=company,
        texts=texts,
        reader=reader,
        flows=FLOWS,
        registry=registry(),
        code=secrets.token_urlsafe,
        link=lambda channel, code: channels[channel].link(code) if channel in channels else "",
        webhooks=bool(settings.webhook_url),
        reads_again=settings.reads_again,
        listens=settings.listens,
        site=settings.public_url,
        text_limits={name: channel.limits.text_units for name, channel in channels.items()},
        watcher=watcher or Nobody(),
        expect=expect,
    )
    return Core(settings, database, company, texts, world, clock, Engine(database, world, clock, handles=handles))


def keep_branches(database: Database, company: Company) -> None:
    """The company's branches as its file has them, found again by their codes. None is ever removed: orders name it."""
    wanted = {one.code: {"name": one.name, "timezone": one.timezone or company.hours.timezone}
              for one in company.branches}  # fmt: skip
    with database.read() as tx:
        known = {one.code: {"name": one.name, "timezone": one.timezone} for one in people.branches(tx)}
    if known | wanted == known:
        return
    insist(lambda: _write_branches(database, wanted))


def _write_branches(database: Database, wanted: Mapping[str, Mapping[str, str]]) -> None:
    with database.write() as tx:
        facts.touch(tx, "branches")
        for code, values in wanted.items():
            branch = people.branch_by_code(tx, code)
            if branch is None:
                tx.add(Branch, code=code, **values)
            else:
                tx.change(Branch, branch.id or 0, **values)


def make_clock(database: Database, *, demo: bool) -> SystemClock:
    """Wall time; in a demo moved ahead as far as it was when the process ended."""
    if not demo:
        return SystemClock()
    with database.read() as tx:
        return SystemClock(timedelta(seconds=float(facts.read(tx, CLOCK_OFFSET, "0"))))


def files_secret(database: Database) -> bytes:
    """What signs the addresses of files; made at the first start, the same ever after."""
    return insist(lambda: _files_secret(database))


def insist(work: Callable[[], T]) -> T:
    """Of several processes that start at once one comes first, and the others find what it wrote."""
    for _ in range(TRIES):
        with suppress(Collided):
            return work()
    return work()


def _files_secret(database: Database) -> bytes:
    with database.write() as tx:
        known = facts.read(tx, FILES_SECRET)
        if not known:
            known = secrets.token_hex(32)
            facts.write(tx, FILES_SECRET, known)
    return bytes.fromhex(known)
