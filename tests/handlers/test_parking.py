"""An event that fails for good is parked, staff are told, and nobody waits behind it, whatever else is broken."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.events import MessageCame, dump_event
from domain.understanding import Understanding
from handlers.round import RETRY_SECONDS, Round
from handlers.texts import Texts
from storage import inbox
from storage.inbox import Inbox
from tests.harness import Guest, House, shared_texts


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
def lead(house: House) -> Guest:
    return house.supervisor()


def rounds(house: House) -> None:
    """As the engine does, however often it takes until nothing waits."""
    for seconds in (0, *RETRY_SECONDS):
        house.clock.advance(timedelta(seconds=seconds))
        with house.writing() as tx:
            Round(tx, house.world, house.clock.now()).fire_and_handle()


def store(house: House, body: str) -> int:
    now = house.clock.now()
    with house.writing() as tx:
        return inbox.insert_once(
            tx, source="test", key="bad", lane="web:bad", album="", body=body, fingerprint="", state="new",
            received_at=now, ready_at=now,
        ) or 0  # fmt: skip


def state(house: House, row: int) -> str:
    with house.tx() as tx:
        return str(tx.get(Inbox, row).state)


class Breaks:
    """A reader with a mistake in it."""

    def understand(self, text: str, at: datetime, sender: str = "customer") -> Understanding:
        raise ZeroDivisionError


def test_an_event_of_a_newer_version_is_parked_and_the_others_go_on(house: House, lead: Guest) -> None:
    row = store(house, '{"wish":"of tomorrow","kind":"not known yet"}')
    rounds(house)
    assert state(house, row) == "parked"
    assert str(row) in lead.heard[-1].text
    assert house.customer().says("查进度"), "nobody waits behind it"


def test_where_even_the_apology_fails_staff_are_told_and_the_others_go_on(tmp_path: Path) -> None:
    """What broke the turn breaks the sentence about it: the round must not go with it."""
    tables = {name: {**files, "chat": {**files["chat"]}} for name, files in shared_texts().tables.items()}
    for files in tables.values():
        files["chat"].pop("broken")
    house = House(tmp_path, Breaks(), texts=Texts(tables))
    lead, cleaner = house.supervisor(), house.cleaner()
    row = store(house, dump_event(MessageCame(house.customer().address, "在吗")))
    rounds(house)
    assert state(house, row) == "parked"
    assert lead.heard[-1].key == "staff.parked"
    assert house.act(lead, "on_duty").error is None, "the round goes on"
    assert cleaner.heard == []
    house.close()
