"""The demo's time machine: what happens on the way happens at its own moment, and there is no way back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core import make_clock
from bot.demo.machine import TimeMachine
from domain.channel import TryLater
from domain.clock import SystemClock
from storage.outbox import Outbox
from storage.statement import Statement, core
from storage.timers import Timer
from tests.contracts.scripted import Office
from tests.harness import START, Guest, House

TIMER = core(Timer)
OUT = core(Outbox)
FIRED = Statement(select(TIMER).where(TIMER.c.fired_at.is_not(None)).order_by(TIMER.c.fired_at))
MESSAGES = Statement(select(OUT).where(OUT.c.created_at > START).order_by(OUT.c.sent_at, OUT.c.id))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Stage:
    office: Office
    clock: SystemClock
    machine: TimeMachine
    customer: Guest


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A visit tomorrow at two, and a wall clock that stands: only the machine moves time."""
    house = House(tmp_path)
    customer = house.customer()
    house.supervisor()
    house.order(customer, house.cleaner())
    clock = SystemClock(wall=START.timestamp, steady=lambda: 0.0)
    office = Office(house, tmp_path, clock)
    async with office.delivering() as delivery:
        yield Stage(office, clock, TimeMachine(office.engine, clock, delivery), customer)
    house.close()


def fired(stage: Stage) -> list[Timer]:
    with stage.office.house.tx() as tx:
        return tx.all(FIRED)


def messages(stage: Stage) -> list[Outbox]:
    with stage.office.house.tx() as tx:
        return tx.all(MESSAGES)


async def test_everything_happens_at_its_own_moment_and_in_order(stage: Stage) -> None:
    await stage.machine.forward(2 * DAY)
    assert stage.clock.now() == START + 2 * DAY
    timers = fired(stage)
    assert {"day_before", "late_check", "no_trace"} <= {timer.what for timer in timers}
    assert [(timer.what, timer.fired_at) for timer in timers] == [(timer.what, timer.due_at) for timer in timers]
    said = messages(stage)
    assert len(said) >= 4
    assert [row.sent_at for row in said] == [row.not_before for row in said]
    assert len({row.sent_at for row in said}) >= 3, "not all at the end"


async def test_a_message_kept_for_the_morning_goes_in_the_morning(stage: Stage) -> None:
    morning, chat = START + 22 * HOUR, stage.customer.address
    row = {"channel": chat.channel, "chat": chat.chat, "event_id": 1, "token": "kept", "text": "早上好"}
    kept = await stage.office.engine.call(lambda tx: tx.add(Outbox, **row, not_before=morning, created_at=START))
    await stage.machine.forward(DAY)
    assert stage.office.row(kept).sent_at == morning


async def test_two_clicks_add_up_but_a_moment_is_reached_once(stage: Stage) -> None:
    await asyncio.gather(stage.machine.forward(HOUR), stage.machine.forward(HOUR))
    assert stage.clock.now() == START + 2 * HOUR
    await asyncio.gather(stage.machine.until(START + 5 * HOUR), stage.machine.until(START + 5 * HOUR))
    assert stage.clock.now() == START + 5 * HOUR
    await stage.machine.until(START + HOUR)
    assert stage.clock.now() == START + 5 * HOUR, "never back"


async def test_a_channel_that_waits_holds_up_nobody(stage: Stage) -> None:
    stage.office.channel.script["慢"].extend([TryLater(120.0)] * 3)
    [slow] = await stage.office.say(stage.customer, "慢")
    await stage.machine.forward(HOUR)
    assert stage.office.row(slow).sent_at == START + timedelta(minutes=6)


async def test_the_clock_of_a_demo_stays_where_it_was_moved(stage: Stage) -> None:
    await stage.machine.forward(5 * HOUR)
    await stage.machine.forward(-3 * HOUR)
    database = stage.office.house.database
    assert make_clock(database, demo=True).offset == 5 * HOUR
    assert make_clock(database, demo=False).offset == timedelta(0)
