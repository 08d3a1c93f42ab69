"""Sending a cleaner to a visit, from the day's list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.roles import Role
from storage.orders import Order
from storage.people import Person
from tests.harness import Guest
from tests.web.house_server import HouseServer

DAY = "/desk/visits?day=2026-11-24"


@pytest.fixture
def house(tmp_path: Path) -> HouseServer:
    """Beside A1, which has a cleaner: A2 at the same hour, which has none."""
    house = HouseServer(tmp_path)
    house.login(house.lead, "chen")
    house.house.order(house.customer, number="A2")
    return house


@pytest.fixture
def other(house: HouseServer) -> Guest:
    return house.house.cleaner("赵春梅")


@pytest.fixture
def server(house: HouseServer, other: Guest) -> Iterator[HouseServer]:
    yield house.start()
    house.stop()


def cleaner_of(server: HouseServer, order: int) -> int | None:
    with server.house.tx() as tx:
        return tx.get(Order, order).cleaner_id


def option(guest: Guest, words: str = "") -> str:
    return f'<option value="{guest.person_id}">{guest.name}{words}</option>'


def test_who_could_go_is_offered_and_who_is_busy_then_is_marked(server: HouseServer, other: Guest) -> None:
    first, second = server.enter("chen").get(DAY).text.split('name="form" value="assign-2"')
    assert option(other) in first
    assert option(server.cleaner) not in first, "who goes already is no choice"
    assert second.index(option(other)) < second.index(option(server.cleaner, "（那时有别的单）"))


def test_cleaner_gets_the_job_and_the_one_before_hears_of_it(server: HouseServer, other: Guest) -> None:
    done = server.enter("chen").do("assign_cleaner", order=1, cleaner=other.person_id)
    assert done.told["said"]["text"] == "已派给赵春梅，本人会收到通知。"
    assert "changed" in done.told, "every open page looks again"
    assert cleaner_of(server, 1) == other.person_id
    assert any("锦绣路" in heard.text for heard in other.heard)
    assert any("不用管了" in heard.text for heard in server.cleaner.heard)


def test_nobody_chosen_and_nobody_who_cleans_are_refused_in_words(server: HouseServer) -> None:
    desk = server.enter("chen")
    assert "请填写“保洁师”" in desk.do("assign_cleaner", order=2, cleaner="").text
    assert desk.do("assign_cleaner", order=2, cleaner=server.customer.person_id).status == 404
    assert cleaner_of(server, 2) is None


def test_visit_that_has_begun_is_given_to_nobody(server: HouseServer, other: Guest) -> None:
    server.on_loop(server.engine.call(lambda tx: tx.change(Order, 1, status="started")))
    desk = server.enter("chen")
    assert 'value="assign-1"' not in desk.get(DAY).text
    assert desk.do("assign_cleaner", order=1, cleaner=other.person_id).status == 422
    assert cleaner_of(server, 1) == server.cleaner.person_id


def test_who_leads_no_more_sends_nobody(server: HouseServer, other: Guest) -> None:
    desk = server.enter("chen")
    csrf, demoted = desk.csrf, Role.CLEANER.value
    server.on_loop(server.engine.call(lambda tx: tx.change(Person, server.lead.person_id, role=demoted)))
    desk.do("assign_cleaner", csrf=csrf, order=1, cleaner=other.person_id)
    assert cleaner_of(server, 1) == server.cleaner.person_id
