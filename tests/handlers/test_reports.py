"""What a cleaner reports stays between the cleaner and us: the customer of the visit hears nothing of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import cases
from tests.harness import START, Guest, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def people(house: House) -> tuple[Guest, Guest, Guest]:
    """(customer, cleaner, supervisor) of a visit that is going on."""
    customer, cleaner, supervisor = house.customer(), house.cleaner(), house.supervisor()
    house.order(customer, cleaner, starts_at=START - timedelta(hours=1))
    cleaner.says("到了")
    customer.news()
    return customer, cleaner, supervisor


def test_the_customer_hears_nothing_of_it(house: House, people: tuple[Guest, Guest, Guest]) -> None:
    customer, cleaner, supervisor = people
    cleaner.says("客户喝多了一直动手动脚，我害怕")
    supervisor.taps("接单")
    supervisor.taps("回复保洁师")
    supervisor.says("马上出来，到小区门口等我")

    assert customer.news() == []
    assert "马上出来" in cleaner.heard[-1].text


def test_the_cleaner_answers_and_the_supervisor_reads_it(house: House, people: tuple[Guest, Guest, Guest]) -> None:
    customer, cleaner, supervisor = people
    cleaner.says("吸尘器坏了，插上没反应")
    supervisor.says("我送一台过去", reply_to=f"out-{supervisor.heard[-1].row.id}")
    cleaner.says("好的，我先擦厨房", reply_to=f"out-{cleaner.heard[-1].row.id}")

    assert supervisor.heard[-1].text.startswith("李秀兰（案件")
    assert [heard.text for heard in customer.news() if "案件" in heard.text] == []


def test_asking_how_things_stand_does_not_tell_of_it(people: tuple[Guest, Guest, Guest]) -> None:
    customer, cleaner, _ = people
    cleaner.says("客户骂人，还不让我走")

    assert "案件" not in customer.says("查进度")[-1].text


def test_days_later_only_the_customer_of_their_own_case_is_asked(
    house: House, people: tuple[Guest, Guest, Guest]
) -> None:
    customer, cleaner, supervisor = people
    cleaner.says("吸尘器坏了，插上没反应")
    supervisor.taps("接单")
    house.advance(days=4)

    assert "follow_up.ask" not in [heard.key for heard in customer.heard]


def test_a_cleaner_at_the_door_is_answered_soon(house: House, people: tuple[Guest, Guest, Guest]) -> None:
    _, cleaner, supervisor = people
    cleaner.says("吸尘器坏了，插上没反应")

    assert "优先级：高" in supervisor.heard[-1].text


def test_words_for_the_cleaner_who_is_there_reach_them_with_one_tap(people: tuple[Guest, Guest, Guest]) -> None:
    customer, cleaner, _ = people
    customer.says("不好意思刚睡着了，现在开门")
    cleaner.news()
    customer.taps("转告保洁师")

    assert "现在开门" in cleaner.news()[-1].text


@pytest.mark.parametrize("words", ["好像修好了，没事了", "刚才那个问题解决了", "吸尘器又能用了，不用管了"])
@pytest.mark.parametrize("taken", [False, True])
def test_that_it_is_all_right_again_reaches_the_case_and_its_lead_and_closes_nothing(
    house: House, people: tuple[Guest, Guest, Guest], words: str, taken: bool
) -> None:
    customer, cleaner, supervisor = people
    cleaner.says("吸尘器坏了，插上没反应")
    if taken:
        supervisor.taps("接单")
    supervisor.news()
    assert [heard.key for heard in cleaner.says(words)] == ["cleaners.seems_over"]
    (told,) = supervisor.news()
    assert (told.key, told.labels) == (
        "staff.seems_over",
        ("回复保洁师", "结案") if taken else ("接单", "回复保洁师"),
    )
    assert words in told.text
    with house.tx() as tx:
        (case,) = cases.all_open(tx)
        assert words in [entry.text for entry in cases.entries(tx, case.id or 0)]
    assert customer.news() == []


def test_that_it_is_not_mended_after_all_stays_one_case(house: House, people: tuple[Guest, Guest, Guest]) -> None:
    _, cleaner, _ = people
    cleaner.says("吸尘器坏了，插上没反应")
    cleaner.says("修好了")
    cleaner.says("吸尘器又坏了，还是没反应")
    with house.tx() as tx:
        assert len(cases.all_open(tx)) == 1


def test_without_a_report_the_same_words_open_nothing(house: House, people: tuple[Guest, Guest, Guest]) -> None:
    _, cleaner, _ = people
    assert [heard.key for heard in cleaner.says("没事了")] == ["cleaners.hello"]


def test_waiting_before_a_closed_door_is_one_report_and_another_trouble_a_second(
    house: House, people: tuple[Guest, Guest, Guest]
) -> None:
    _, cleaner, _ = people
    for words in ("客户家没人开门", "打了三个电话没人接", "等了二十分钟了"):
        cleaner.says(words)
    with house.tx() as tx:
        (case,) = cases.all_open(tx)
        said = [entry.text for entry in cases.entries(tx, case.id or 0)]
    assert {"打了三个电话没人接", "等了二十分钟了"} <= set(said)
    cleaner.says("我不小心把客户的花瓶打碎了")
    with house.tx() as tx:
        assert len(cases.all_open(tx)) == 2
