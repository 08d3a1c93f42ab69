"""What is asked about a complaint: what was told beside another answer is not asked for any more."""

from pathlib import Path

import pytest

from storage import cases
from tests.harness import Guest, House


@pytest.fixture
def customer(tmp_path: Path) -> Guest:
    return House(tmp_path).customer()


def test_a_remedy_named_in_place_of_a_photo_is_not_asked_for(customer: Guest) -> None:
    assert customer.says("昨天厨房灶台没擦干净")[-1].key == "complaint.ask_evidence"
    summary = customer.says("我要求退款")
    assert [heard.key for heard in summary] == ["complaint.confirm"]
    assert "希望：退款" in summary[-1].text


def test_a_photo_sent_beside_the_place_is_kept_and_not_asked_for(customer: Guest) -> None:
    assert customer.says("你们打扫得一点都不干净")[-1].key == "complaint.ask_place"
    assert customer.sends("photo", text="厨房")[-1].key != "complaint.ask_evidence"
    with customer.house.tx() as tx:
        (case,) = cases.of_customer(tx, customer.person_id)
    assert (case.matrix["place"], len(case.matrix["evidence"])) == (["厨房"], 1)


def test_an_answer_that_tells_nothing_more_leads_to_the_next_question(customer: Guest) -> None:
    customer.says("昨天厨房灶台没擦干净")
    assert customer.says("没拍照片")[-1].key == "complaint.ask_demands"


@pytest.mark.parametrize("wish", ["我要求退款", "I want a refund"])
def test_a_remedy_named_in_place_of_a_time_is_no_time(customer: Guest, wish: str) -> None:
    assert customer.says("保洁阿姨迟到了很久")[-1].key == "complaint.ask_occurred_at"
    summary = customer.says(wish)[-1]
    assert (summary.key, "时间：" in summary.text) == ("complaint.confirm", False)
    assert "希望：退款" in summary.text
