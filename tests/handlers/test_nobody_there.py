"""A company whose staff are not there yet: nobody is promised a supervisor who was never told."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness import House

GAS = "家里有煤气味"
PHONE = "021-5555 0000"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def name_phone(house: House, phone: str) -> None:
    house.world = replace(house.world, company=replace(house.world.company, phone=phone))


@pytest.mark.parametrize("words", [GAS, "阿姨偷了我的戒指"])
def test_nobody_in_need_is_promised_a_supervisor_who_was_never_told(house: House, words: str) -> None:
    name_phone(house, PHONE)
    customer = house.customer()
    heard = [*customer.says(words), *customer.says("13812345678"), *customer.says("我们都安全")]

    told = "\n".join(one.text for one in heard)
    assert "主管" not in told
    assert all(number in told for number in ("HX1001", "110", "119", PHONE))


def test_a_company_without_a_number_names_none(house: House) -> None:
    name_phone(house, "")
    told = "\n".join(one.text for one in house.customer().says(GAS))

    assert "119" in told
    assert "公司电话" not in told


def test_a_stranger_whom_nobody_can_call_yet_hears_that_the_number_is_kept(house: House) -> None:
    stranger = house.stranger()
    assert stranger.says(GAS)[-1].key == "complaint.ask_phone"
    assert stranger.says("13812345678")[0].key == "complaint.kept_phone"


def test_an_ordinary_complaint_that_nobody_sees_yet_names_no_time_and_no_work_under_way(house: House) -> None:
    customer = house.customer()
    first = customer.says("昨天的保洁，厨房油烟机没有擦干净")[0]
    customer.says("跳过")
    customer.says("跳过")

    assert "还没有同事在线" in first.text
    assert "前答复" not in first.text
    assert customer.says("对")[0].key == "complaint.offer_alone"


def test_a_cleaner_who_reports_hears_that_no_supervisor_sees_it_yet(house: House) -> None:
    heard = [one.key for one in house.cleaner().says("客户家煤气泄漏了，味道很重")]

    assert heard == ["safety.gas", "complaint.reported_alone"]


def test_who_asks_how_it_stands_or_for_a_person_hears_the_same_until_somebody_is_there(house: House) -> None:
    customer = house.customer()
    for words in (GAS, "我们都安全"):
        customer.says(words)
    assert "还没有同事在线" in customer.says("查进度")[0].text
    assert customer.says("转人工")[-1].key == "talk.ask_alone"
    customer.says("算了")
    house.supervisor()
    house.advance(minutes=10)

    assert "催到上一级" in customer.says("查进度")[0].text


def test_who_comes_first_is_called_at_once_and_who_waits_in_need_hears_of_it(house: House) -> None:
    customer, other = house.customer(), house.stranger()
    for words in (GAS, "我们都安全"):
        customer.says(words)
    for words in ("昨天的保洁，厨房油烟机没有擦干净", "跳过", "跳过", "对"):
        other.says(words)
    customer.news()
    heard = house.supervisor().opens()

    assert [one.key for one in heard] == ["welcome.supervisor", "escalation.ping", "escalation.ping"]
    assert [one.text.split("】")[0] for one in heard[1:]] == ["【紧急", "【新"]
    assert [one.text for one in customer.news()] == [
        "陈主管上线了，我第一个提醒的就是案件 HX1001，回复会直接发到这里。"
    ]
    assert "陈主管" not in other.heard[-1].text
    assert "还没有同事在线" not in customer.says("查进度")[0].text


def test_where_a_supervisor_was_called_the_promise_is_made(house: House) -> None:
    house.supervisor()
    customer = house.customer()

    assert "主管已经收到提醒" in customer.says(GAS)[1].text
    assert customer.says("我们都安全")[-1].key == "complaint.offer_safety"
