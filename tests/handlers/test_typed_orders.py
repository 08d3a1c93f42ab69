"""A lead types what a button would do: it is done, or said what is missing; no customer is offered such words."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import cases, orders
from tests.harness import START, Guest, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def lead(house: House) -> Guest:
    return house.supervisor()


@pytest.fixture
def manager(house: House, lead: Guest) -> Guest:
    return house.manager()


@pytest.fixture
def customer(house: House, lead: Guest) -> Guest:
    """Whose case the lead has taken."""
    customer = house.customer()
    customer.says("昨天的保洁，厨房油烟机没有擦干净")
    lead.taps("接单")
    customer.news()
    return customer


def owner(house: House) -> int | None:
    with house.tx() as tx:
        return cases.all_open(tx)[0].owner_id


@pytest.mark.parametrize(
    "words",
    [
        "把HX1001给林经理",
        "HX1001改派林经理",
        "hx1001 换林经理处理",
        "请将案件HX1001转交给林经理。",
        "改派林经理",
        "HX1001让林经理接",
    ],
)
def test_a_case_is_handed_on_in_words(house: House, lead: Guest, manager: Guest, customer: Guest, words: str) -> None:
    assert [heard.key for heard in lead.says(words)] == ["reassign.done"]
    assert owner(house) == manager.person_id


def test_the_same_words_as_a_reply_to_the_card_are_not_sent_to_the_customer(
    house: House, lead: Guest, manager: Guest, customer: Guest
) -> None:
    card = f"out-{lead.heard[-1].row.id}"
    lead.says("改派给林经理", reply_to=card)
    assert owner(house) == manager.person_id
    assert "改派" not in "".join(heard.text for heard in customer.news())


def test_a_case_cannot_go_to_a_cleaner_whose_visit_is_offered_instead(
    house: House, lead: Guest, customer: Guest
) -> None:
    cleaner = house.cleaner()
    house.order(customer, number="A1", starts_at=START + timedelta(days=1))
    heard = lead.says("把HX1001给李秀兰")
    assert [(one.key, one.labels) for one in heard] == [("staff.no_lead", ("A1 派给李秀兰", "改派"))]
    lead.taps("A1 派给李秀兰")
    with house.tx() as tx:
        order = orders.by_number(tx, "A1")
    assert order is not None
    assert order.cleaner_id == cleaner.person_id


@pytest.mark.parametrize("words", ["A1改派李秀兰", "a1派给李秀兰", "A1 换秀兰去"])
def test_a_visit_is_given_to_a_cleaner_in_words(house: House, lead: Guest, customer: Guest, words: str) -> None:
    cleaner = house.cleaner()
    house.order(customer, number="A1", starts_at=START + timedelta(days=1))
    assert lead.says(words)[-1].key == "requests.assigned"
    with house.tx() as tx:
        order = orders.by_number(tx, "A1")
    assert order is not None
    assert order.cleaner_id == cleaner.person_id


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("HX1001", "staff.shown"), ("HX1001结案", "close_case.grade"), ("结案", "close_case.grade"),
        ("HX1001 补偿50元", "compensate.which"), ("hx1001退50", "compensate.confirm_cash_alone"), ("先接HX1001", "staff.taken_yours"), ("改派", "reassign.ask"), ("HX1001 改分类", "staff.correct_ask"),
        ("HX9999改派林经理", "staff.no_such_case"), ("HX1001接单", "staff.taken_yours"),
    ],
)  # fmt: skip
def test_other_orders_do_what_their_buttons_do(
    lead: Guest, manager: Guest, customer: Guest, words: str, key: str
) -> None:
    assert lead.says(words)[-1].key == key


def test_a_colleague_whom_nobody_knows_is_said_so(lead: Guest, manager: Guest, customer: Guest) -> None:
    assert [heard.key for heard in lead.says("HX1001改派小红")] == ["staff.nobody_called", "reassign.ask"]


def test_without_a_number_and_with_several_in_hand_the_number_is_asked_for(
    house: House, lead: Guest, customer: Guest
) -> None:
    house.customer("李先生", "13811110000").says("沙发被划破了，要你们赔")
    lead.taps("接单")
    assert [heard.key for heard in lead.says("结案")] == ["staff.my_cases", "staff.which_case"]


@pytest.mark.parametrize("words", ["HX1001给您安排明天返工", "给您安排明天返工", "让您久等了"])
def test_words_for_the_customer_are_no_order(lead: Guest, customer: Guest, words: str) -> None:
    assert [heard.key for heard in lead.says(words)] == ["staff.for_whom"]


def test_an_order_with_a_number_is_one_also_while_words_for_the_customer_are_awaited(
    house: House, lead: Guest, manager: Guest, customer: Guest
) -> None:
    lead.taps("回复客户")
    assert lead.says("HX1001改派林经理")[0].key == "reassign.done"
    assert owner(house) == manager.person_id
    assert "改派" not in "".join(heard.text for heard in customer.news())
    lead.says("让您久等了")
    assert "让您久等了" in customer.news()[-1].text


@pytest.mark.parametrize("number", ["6!", "-5", "5.", "6", "5️⃣"])
def test_a_number_alone_is_no_command_however_it_is_written(lead: Guest, number: str) -> None:
    lead.says(number)
    assert lead.person.on_duty
    assert [heard.key for heard in lead.heard] == ["staff.menu"]


@pytest.mark.parametrize("number", ["-5", "5."])
def test_a_number_that_is_no_sum_is_asked_again_in_a_compensation(lead: Guest, customer: Guest, number: str) -> None:
    lead.taps("补偿")
    assert lead.says(number)[0].key == "compensate.no_amount"
