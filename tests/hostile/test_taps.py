"""Buttons pressed twice, too late, by the wrong person, or never shown by us: no wrong effect, and always an answer."""

from datetime import timedelta

import pytest

from storage import cases, coupons
from storage.cases import Case
from tests.harness import START, Guest, House

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
STALE = "chat.stale_button"


@pytest.fixture
def customer(house: House) -> Guest:
    return house.customer("王女士", "13811112222")


@pytest.fixture
def supervisor(house: House) -> Guest:
    return house.supervisor()


def my_case(house: House, customer: Guest) -> Case:
    with house.tx() as tx:
        return cases.of_customer(tx, customer.person_id)[0]


def kinds(house: House, customer: Guest) -> list[str]:
    case = my_case(house, customer)
    with house.tx() as tx:
        return [entry.kind for entry in cases.entries(tx, case.id or 0)]


def button(guest: Guest, label: str) -> str:
    return [data for heard in guest.heard for text, data in heard.buttons if text == label][-1]


def keys(guest: Guest, data: str) -> list[str]:
    return [heard.key for heard in guest.presses(data)]


def test_a_double_tap_takes_a_case_once(house: House, supervisor: Guest, customer: Guest) -> None:
    customer.says(COMPLAINT)
    take = button(supervisor, "接单")
    customer.news()
    supervisor.presses(take)
    again = supervisor.presses(take)

    assert [heard.key for heard in again] == ["staff.taken_yours"]
    assert kinds(house, customer).count("taken") == 1
    assert [heard.key for heard in customer.news()] == ["staff.customer_taken"]


def test_a_double_tap_pays_once(house: House, supervisor: Guest, customer: Guest) -> None:
    house.owner()
    customer.says(COMPLAINT)
    supervisor.taps("接单")
    supervisor.taps("补偿")
    supervisor.taps("优惠券")
    supervisor.taps("¥50")
    give = supervisor.heard[-1].buttons[0][1]
    supervisor.presses(give)
    again = supervisor.presses(give)

    assert again, "told that it was done"
    with house.tx() as tx:
        assert [coupon.amount_fen for coupon in coupons.of_customer(tx, customer.person_id)] == [5_000]
    assert my_case(house, customer).cost_fen == 5_000
    assert kinds(house, customer).count("compensated") == 1


def test_a_double_tap_approves_once(house: House, supervisor: Guest, customer: Guest) -> None:
    owner = house.owner()
    customer.says(COMPLAINT)
    supervisor.taps("接单")
    supervisor.taps("补偿")
    supervisor.taps("优惠券")
    supervisor.taps("¥300")
    supervisor.taps("提交")
    approve = button(owner, "同意")
    owner.presses(approve)

    assert keys(owner, approve) == ["money.decided_before"]
    with house.tx() as tx:
        assert len(coupons.of_customer(tx, customer.person_id)) == 1
    assert my_case(house, customer).cost_fen == 30_000


def test_a_double_tap_in_a_flow_answers_one_question(house: House, supervisor: Guest, customer: Guest) -> None:
    """The second press belongs to the first question; it must not answer the next one."""
    customer.says(COMPLAINT)
    skip = button(customer, "跳过")
    customer.presses(skip)
    before = customer.heard[-1]
    again = customer.presses(skip)

    assert again[0].key == STALE
    assert (again[-1].key, again[-1].labels) == (before.key, before.labels), "the question that waits is asked again"


def test_a_tap_on_a_closed_case_changes_nothing(house: House, supervisor: Guest, customer: Guest) -> None:
    customer.says(COMPLAINT)
    card = supervisor.heard[-1]
    supervisor.taps("接单")
    supervisor.taps("结案")
    supervisor.taps("A 做得好")
    supervisor.taps("跳过")
    assert my_case(house, customer).status == "closed"
    before = kinds(house, customer)
    customer.news()
    for _, data in card.buttons:
        answer = supervisor.presses(data)
        assert "已经结案" in answer[-1].text

    assert kinds(house, customer) == before
    assert customer.news() == []


def test_a_card_of_somebody_else_does_nothing(house: House, supervisor: Guest, customer: Guest) -> None:
    """Whoever copies the data of a button into their own chat meets the same answer as for an old one."""
    cleaner = house.cleaner()
    customer.says(COMPLAINT)
    for _, data in supervisor.heard[-1].buttons:
        assert keys(customer, data)[0] == STALE
        assert keys(cleaner, data)[0] == STALE
    assert my_case(house, customer).owner_id is None


def test_two_take_the_same_card_and_one_has_it(house: House, supervisor: Guest, customer: Guest) -> None:
    other = house.supervisor("何主管")
    customer.says(COMPLAINT)
    supervisor.taps("接单")
    assert "已由陈主管接单" in other.taps("接单")[-1].text
    assert my_case(house, customer).owner_id == supervisor.person_id


def test_a_button_of_staff_dies_with_the_role(house: House, supervisor: Guest, customer: Guest) -> None:
    """The role is checked when the button is pressed, not when it was shown."""
    customer.says(COMPLAINT)
    with house.writing() as tx:
        tx.driver.execute("UPDATE person SET role = 'cleaner' WHERE id = ?", (supervisor.person_id,))
    assert [heard.key for heard in supervisor.taps("接单")] == ["chat.refused"]
    assert my_case(house, customer).owner_id is None


def test_a_month_old_button_is_answered_and_does_nothing(house: House, supervisor: Guest, customer: Guest) -> None:
    customer.says(COMPLAINT)
    take, skip = button(supervisor, "接单"), button(customer, "跳过")
    house.until(START + timedelta(days=31))
    supervisor.news()
    customer.news()

    assert keys(supervisor, take) == [STALE]
    assert keys(customer, skip)[0] == STALE
    assert my_case(house, customer).owner_id is None


@pytest.mark.parametrize(
    "data",
    ["", ".", "x", "x.0", "code0001", "code0001.", "code0001.-1", "code0001.99", "code0001.0.0", "code0001.٣", "\x00.0",
     "' OR 1=1 --.0", "💥.💥", "a" * 64, "code0001.99999999999999999999"],
)  # fmt: skip
def test_forged_data_is_an_old_button(house: House, supervisor: Guest, customer: Guest, data: str) -> None:
    customer.says(COMPLAINT)
    before = kinds(house, customer)
    assert keys(customer, data)[0] == STALE
    assert keys(supervisor, data)[0] == STALE
    assert kinds(house, customer) == before


def test_two_taps_at_once_on_the_rating_give_one_rating(house: House, customer: Guest) -> None:
    cleaner = house.cleaner()
    house.order(customer, cleaner, number="A1", starts_at=START + timedelta(hours=1))
    house.until(START + timedelta(hours=1))
    cleaner.taps("到达")
    house.until(START + timedelta(hours=4))
    cleaner.taps("完成")
    cleaner.taps("不发")
    house.advance(minutes=31)
    five = next(data for text, data in customer.heard[-1].buttons if "5 星" in text)
    customer.presses(five)
    answer = customer.presses(five)
    with house.tx() as tx:
        assert tx.driver.execute("SELECT stars, attitude FROM rating").fetchall() == [(5, 0)]
    assert [heard.key for heard in answer] == ["rating.noted"], "what was asked stands above, and is not asked again"
