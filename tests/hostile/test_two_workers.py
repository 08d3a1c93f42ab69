"""Two workers on one PostgreSQL, at the same thing at the same moment."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import ButtonTapped, Incoming, Sender
from handlers.engine import Engine
from handlers.round import Round
from storage import cases, escalations, inbox
from storage.database import Database
from tests import databases
from tests.harness import Guest, Heard, House

GAS = "你们保洁把燃气阀门碰开了，现在家里一股煤气味，怎么办"
PING = "escalation.ping"
MANY = 8
SOON = 30.0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, on=databases.POSTGRES)
    yield house
    house.close()


def pings(guest: Guest) -> list[Heard]:
    return [heard for heard in guest.heard if heard.key == PING]


def takes(guest: Guest, ping: Heard) -> Incoming:
    data = next(data for label, data in ping.buttons if "接单" in label)
    tap = ButtonTapped(guest.address, data, sender=Sender(guest.name))
    return Incoming("web", f"tap:{ping.row.id}", str(guest.address), tap)


async def test_taking_a_case_while_another_process_climbs_has_one_outcome(house: House) -> None:
    supervisor, manager = house.supervisor(), house.manager()
    customers = [house.customer(f"客户{number}") for number in range(MANY)]
    for customer in customers:
        customer.says(GAS)
    taps = [takes(supervisor, ping) for ping in pings(supervisor)]
    assert len(taps) == MANY
    house.clock.advance(timedelta(minutes=2))  # every rung is over, and its timer waits
    await at_once(house, taps)
    called = len(pings(manager))
    house.advance(minutes=10)

    with house.tx() as tx:
        mine = [case.id for customer in customers for case in cases.of_customer(tx, customer.person_id)]
        climbs = [escalations.about(tx, f"case:{case}") for case in mine]
    assert len(climbs) == MANY
    assert {(climb.state, climb.taken_by) for climb in climbs if climb} == {("held", supervisor.person_id)}
    assert called <= MANY
    assert len(pings(manager)) == called, "nobody is called about what somebody has taken"


async def at_once(house: House, taps: list[Incoming]) -> None:
    """Half of the taps wait when both begin to look for what is due, and half come meanwhile."""
    with house.writing() as tx:
        round_ = Round(tx, house.world, house.clock.now())
        for tap in taps[::2]:
            round_.store(tap)
    others = Database(house.database.url)
    workers = [Engine(one, house.world, house.clock) for one in (house.database, others)]
    for worker in workers:
        worker.start()
    await asyncio.gather(*(workers[0].accept([tap]) for tap in taps[1::2]))
    async with asyncio.timeout(SOON):
        while await workers[1].call(lambda tx: inbox.count(tx, "new")):
            await asyncio.sleep(0.02)
    for worker in workers:
        await worker.stop()
    others.close()
