"""Links bring people in: an order's own customer, a friend, a new member of staff, somebody with a card in hand."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.events import OrderPosted, StaffActed
from domain.roles import Role
from storage import desk, orders, people
from storage.links import Link
from tests.harness import START, Guest, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def invited(house: House, **more: Any) -> str:
    args = {"role": "supervisor", "name": "赵主管", "branch": "pudong", **more}
    result = house.act(house.owner(), "invite_staff", **args).result
    assert result is not None
    return str(result["code"])


def code_of(house: House, guest: Guest) -> str:
    with house.tx() as tx:
        return orders.of_customer(tx, guest.person_id)[0].code


def put_link(house: House, kind: str, **args: Any) -> str:
    with house.writing() as tx:
        tx.add(Link, code=f"{kind}-code", kind=kind, args=args, created_at=START)
    return f"{kind}-code"


def test_an_invitation_makes_staff_of_whoever_opens_it(house: House) -> None:
    guest = house.stranger()
    heard = guest.opens(invited(house))

    assert (guest.person.role, guest.person.name, guest.person.branch_id) == ("supervisor", "赵主管", house.branch)
    assert [one.key for one in heard] == ["welcome.supervisor"]


def test_a_lead_who_comes_sees_what_nobody_could_be_called_about(house: House) -> None:
    code, guest = invited(house), house.stranger()
    house.customer().says("昨天的保洁，厨房油烟机没有擦干净")
    heard = guest.opens(code)

    assert [one.key for one in heard] == ["welcome.supervisor", "staff.waiting"]
    assert "HX1001" in heard[-1].labels


def test_an_invitation_works_once(house: House) -> None:
    code, first, second = invited(house), house.stranger(), house.stranger()
    first.opens(code)

    assert second.opens(code)[-1].key == "links.invitation_used"
    assert second.person.role == "customer"
    assert first.opens(code)[-1].key == "welcome.supervisor"


def test_an_invitation_expires(house: House) -> None:
    code, guest = invited(house, hours=2), house.stranger()
    house.advance(hours=2, minutes=1)

    assert guest.opens(code)[-1].key == "links.invitation_expired"
    assert guest.person.role == "customer"


@pytest.mark.parametrize(("inviter", "role", "allowed"), [
    ("owner", "owner", True), ("manager", "supervisor", True), ("manager", "owner", False),
    ("supervisor", "cleaner", False), ("customer", "owner", False),
])  # fmt: skip
def test_who_may_invite_whom(house: House, inviter: str, role: str, allowed: bool) -> None:
    error = house.act(getattr(house, inviter)(), "invite_staff", role=role, name="小赵").error

    assert (error is None) is allowed


@pytest.mark.parametrize(("wrong", "told"), [
    ({"name": ""}, "名字"), ({"name": " \u200b"}, "名字"), ({"branch": "nope"}, "没有编号是 nope 的门店，有的是：pudong。"),
])  # fmt: skip
def test_an_invitation_for_nobody_or_to_a_branch_that_is_none_is_refused_with_what_there_is(
    house: House, wrong: dict[str, str], told: str
) -> None:
    error = house.act(house.owner(), "invite_staff", **{"role": "cleaner", "name": "孙丽", **wrong}).error
    assert error is not None
    assert told in error.message


def test_the_command_line_invites_as_the_company(house: House) -> None:
    answer = house.post(StaffActed("invite_staff", None, {"role": "cleaner", "name": "小赵"}), source="cli")

    assert answer.result is not None
    assert answer.result["links"]["web"].endswith(answer.result["code"])


def test_a_customer_with_orders_who_becomes_staff_keeps_them_apart(house: House) -> None:
    guest = house.customer()
    house.order(guest)
    before = guest.person_id
    guest.opens(invited(house, role="cleaner", name="小赵"))

    assert guest.person.role == "cleaner"
    assert guest.person_id != before
    with house.tx() as tx:
        assert len(orders.of_customer(tx, before)) == 1


def test_who_got_a_login_first_and_then_a_chat_is_one_person(house: House) -> None:
    login = {"name": "周总", "role": "owner", "password_hash": "x"}
    house.post(StaffActed("give_login", None, login), source="cli")
    answer = house.post(StaffActed("invite_staff", None, {"role": "owner", "name": "周总"}), source="cli")
    guest = house.stranger()
    guest.opens(str((answer.result or {})["code"]))

    with house.tx() as tx:
        named = [one for one in people.with_role(tx, Role.OWNER) if one.name == "周总"]
        login_of = desk.login_of(tx, guest.person_id)
    assert [one.id for one in named] == [guest.person_id]
    assert login_of is not None
    assert guest.says("待处理")[-1].key == "staff.waiting_none"


def test_an_orders_link_joins_the_chat_to_its_customer(house: House) -> None:
    order = {"number": "A1", "customer": {"name": "王女士", "phone": "13812345678"}, "service": "擦玻璃"}
    house.post(OrderPosted({**order, "starts_at": (START + timedelta(days=3)).isoformat()}))
    with house.tx() as tx:
        stored = orders.by_number(tx, "A1")
    assert stored is not None
    guest = house.stranger()
    heard = guest.opens(stored.code)

    assert (guest.person_id, guest.person.phone) == (stored.customer_id, "13812345678")
    assert "擦玻璃" in heard[-1].text


def test_somebody_elses_order_stays_closed(house: House) -> None:
    owner, other = house.customer(), house.customer("李先生")
    house.order(owner)

    assert other.opens(code_of(house, owner))[-1].key == "links.order_refused"


def test_opening_the_link_of_a_finished_visit_rates_nothing(house: House) -> None:
    guest = house.customer()
    house.order(guest, event="finished")
    heard = guest.opens(code_of(house, guest))

    assert heard[-1].labels == ("给这次服务打分",)
    with house.tx() as tx:
        assert tx.driver.execute("SELECT count(*) FROM rating").fetchone()[0] == 0


def test_a_printed_card_welcomes_and_is_remembered(house: House) -> None:
    guest = house.stranger()
    heard = guest.opens(put_link(house, "card", branch=house.branch))

    assert heard[-1].key == "links.card"
    assert (guest.person.profile["came_by"], guest.person.branch_id) == ("card", house.branch)


def test_a_demo_link_makes_the_chat_that_of_the_demo_person(house: House) -> None:
    cleaner, visitor = house.cleaner(), house.stranger()
    heard = visitor.opens(put_link(house, "demo", person=cleaner.person_id))

    assert visitor.person_id == cleaner.person_id
    assert heard[-1].key == "welcome.cleaner"


def test_an_unknown_code_is_a_plain_welcome(house: House) -> None:
    assert house.stranger().opens("whatever")[-1].key == "welcome.customer"


def test_a_phone_number_joins_only_after_staff_confirmed_it(house: House) -> None:
    lead, known = house.supervisor(), house.customer("王女士", phone="13812345678")
    house.order(known, starts_at=START + timedelta(days=3))
    guest = house.stranger()
    assert guest.says("我用 13812345678 约过，帮我查进度")[-1].key == "requests.received_phone_open"
    assert "王女士" in lead.news()[-1].text
    assert guest.person_id != known.person_id
    lead.taps("是本人")

    assert guest.person_id == known.person_id
    assert "1 个订单" in guest.news()[-1].text


def test_a_strangers_number_says_the_same_whether_known_or_not(house: House) -> None:
    house.supervisor()
    house.customer(phone="13812345678")
    known, unknown = house.stranger(), house.stranger()

    assert known.says("13812345678")[-1].text == unknown.says("13900001111")[-1].text


def test_a_lead_gets_a_login_and_a_new_password_later(tmp_path: Path) -> None:
    house = House(tmp_path)
    owner, cleaner = house.owner("周总"), house.cleaner()
    first = house.act(owner, "give_login", name="周总", password_hash="one")
    assert first.result == {"username": "周总", "name": "周总", "role": "owner"}
    assert house.act(owner, "give_login", name="周总", username="zhou", password_hash="two").result is not None
    assert house.act(cleaner, "give_login", name="周总", password_hash="three").error is not None
    assert house.act(owner, "give_login", name=cleaner.name, password_hash="four").error is not None
    with house.tx() as tx:
        login = desk.login_by_name(tx, "zhou")
    assert login is not None
    assert login.password_hash == "two"
