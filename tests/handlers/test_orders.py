"""Orders: stored once by their number, told when they change, joined by a link."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Invalid
from domain.events import OrderPosted
from handlers.orders import join
from handlers.turn import Turn
from storage import orders, people
from storage.orders import Order
from tests.harness import START, Guest, House

LATER = START + timedelta(days=3, hours=4)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def row(house: House, number: str) -> Order:
    with house.tx() as tx:
        found = orders.by_number(tx, number)
    assert found is not None
    return found


def keys(guest: Guest) -> list[str]:
    return [heard.key for heard in guest.news()]


def body(number: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "customer": {"name": "孙女士", "phone": "139 0000 1111"},
        "service": "深度保洁",
        "starts_at": LATER.isoformat(),
        **more,
    }


def post(house: House, raw: dict[str, Any]) -> dict[str, Any]:
    answer = house.post(OrderPosted(raw))
    if answer.error:
        raise answer.error
    return answer.result or {}


def test_a_booking_is_told_to_both_sides(house: House) -> None:
    customer, cleaner = house.customer(), house.cleaner()
    answer = house.order(customer, cleaner, number="A1", starts_at=LATER)
    assert (answer["number"], answer["status"], answer["version"]) == ("A1", "booked", 1)
    assert answer["links"]["web"].startswith("https://")
    assert answer["links"]["telegram"]
    assert keys(customer) == ["orders.booked"]
    assert keys(cleaner) == ["orders.job_new"]


def test_the_same_order_again_changes_nothing_and_tells_nobody(house: House) -> None:
    customer, cleaner = house.customer(), house.cleaner()
    first = house.order(customer, cleaner, number="A1", starts_at=LATER)
    customer.news()
    cleaner.news()
    assert house.order(customer, cleaner, number="A1", starts_at=LATER) == first
    assert keys(customer) == keys(cleaner) == []


def test_a_customer_known_only_by_phone_is_made_once(house: House) -> None:
    post(house, body("A1"))
    post(house, body("A2", customer={"phone": "+86 13900001111"}))
    assert row(house, "A1").customer_id == row(house, "A2").customer_id
    with house.tx() as tx:
        customer = people.get(tx, row(house, "A1").customer_id)
    assert (customer.name, customer.phone) == ("孙女士", "13900001111")


def test_a_moved_order_is_told_once_to_each_side(house: House) -> None:
    customer, cleaner = house.customer(), house.cleaner()
    house.order(customer, cleaner, number="A1", starts_at=LATER)
    customer.news()
    cleaner.news()
    answer = house.order(customer, cleaner, number="A1", event="moved", starts_at=LATER + timedelta(hours=2))
    assert answer["version"] == 2
    heard = customer.news()
    assert [one.key for one in heard] == ["orders.moved"]
    assert "14:00" in heard[0].text
    assert "16:00" in heard[0].text
    assert keys(cleaner) == ["orders.job_moved"]


def test_another_cleaner_takes_over_and_the_first_one_knows(house: House) -> None:
    customer, first, second = house.customer(), house.cleaner("李秀兰"), house.cleaner("赵春梅")
    house.order(customer, first, number="A1")
    house.advance(hours=9)
    for guest in (customer, first, second):
        guest.news()
    post(house, {"number": "A1", "event": "assigned", "cleaner": "赵春梅"})
    assert keys(first) == ["orders.job_gone"]
    assert keys(second) == ["orders.job_new"]
    assert keys(customer) == ["orders.cleaner_changed"]


def test_a_cancelled_order_is_told_and_nothing_more_is_asked(house: House) -> None:
    customer, cleaner = house.customer(), house.cleaner()
    house.order(customer, cleaner, number="A1", starts_at=LATER)
    customer.news()
    cleaner.news()
    post(house, {"number": "A1", "event": "cancelled"})
    assert keys(customer) == ["orders.cancelled"]
    assert keys(cleaner) == ["orders.job_cancelled"]
    house.advance(days=7)
    assert keys(customer) == keys(cleaner) == []


def test_a_late_report_never_turns_a_visit_back(house: House) -> None:
    post(house, body("A1", event="finished"))
    assert post(house, body("A1", event="started"))["status"] == "finished"
    assert post(house, body("A1", event="cancelled"))["status"] == "cancelled"
    assert post(house, body("A1", event="booked"))["status"] == "booked"


def test_an_old_visit_from_an_import_is_kept_and_nobody_is_bothered(house: House) -> None:
    customer, cleaner = house.customer(), house.cleaner()
    house.order(customer, cleaner, number="A1", event="finished", starts_at=START - timedelta(days=30))
    house.advance(days=5)
    assert keys(customer) == keys(cleaner) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "2026-11-24 14:00"}, "starts_at"),
        ({"ends_at": (LATER - timedelta(hours=1)).isoformat()}, "body"),
        ({"customer": {"name": "孙女士"}}, "customer"),
        ({"customer": {"phone": "abc"}}, "customer.phone"),
        ({"cleaner": "没有这个人"}, "cleaner"),
        ({"branch": "nowhere"}, "branch"),
        ({"price_fen": -1}, "price_fen"),
        ({"colour": "red"}, "colour"),
        ({"number": ""}, "number"),
        ({"service": None}, "service"),
    ],
)
def test_a_wrong_body_names_the_field(house: House, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        post(house, body("A1") | change)
    assert field in refused.value.details["fields"]
    with house.tx() as tx:
        assert orders.by_number(tx, "A1") is None


def test_two_cleaners_of_one_name_must_be_told_apart(house: House) -> None:
    house.cleaner("李秀兰")
    other = house.cleaner("李秀兰")
    with pytest.raises(Invalid):
        post(house, body("A1", cleaner="李秀兰"))
    post(house, body("A1", cleaner=other.phone))
    assert row(house, "A1").cleaner_id == other.person_id


def joined(house: House, guest: Guest, number: str) -> Any:
    """As the links area does when somebody opens an order's link."""
    with house.writing() as tx:
        turn = Turn(house.world, tx, 10_000 + next(house.numbers), house.clock.now())
        dialog = turn.dialog_at(guest.address)
        found = orders.by_number(tx, number)
        assert dialog is not None
        assert found is not None
        result = join(turn, dialog, found)
        turn.save()
    return result


def test_a_stranger_who_opens_the_link_becomes_the_customer_we_knew_by_phone(house: House) -> None:
    stranger = house.stranger()
    stranger.says("你好")
    chat_only = stranger.person_id
    post(house, body("A1"))
    assert joined(house, stranger, "A1").how == "joined"
    assert stranger.person_id == row(house, "A1").customer_id != chat_only
    assert stranger.person.name == "孙女士"
    assert joined(house, stranger, "A1").how == "already"


def test_who_joins_late_is_asked_the_day_before_question_at_once(house: House) -> None:
    stranger = house.stranger()
    stranger.says("你好")
    post(house, body("A1"))
    house.until(LATER - timedelta(hours=20))
    stranger.news()
    assert joined(house, stranger, "A1").asked
    assert keys(stranger) == ["before_visit.ask_new"]


def test_a_customer_with_a_past_takes_the_order_of_an_unknown_number(house: House) -> None:
    customer = house.customer()
    post(house, body("A1"))
    assert joined(house, customer, "A1").how == "joined"
    assert row(house, "A1").customer_id == customer.person_id


def test_nobody_takes_the_order_of_somebody_in_a_chat(house: House) -> None:
    mine, other, cleaner = house.customer(), house.customer("钱先生"), house.cleaner()
    house.order(mine, number="A1")
    assert joined(house, other, "A1").how == "refused"
    assert joined(house, cleaner, "A1").how == "refused"
    assert row(house, "A1").customer_id == mine.person_id
