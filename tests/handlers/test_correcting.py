"""A lead puts a reading right with one tap: the case follows, and an example is kept to learn from."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import cases, corrections, escalations
from storage.cases import Case, CaseEntry
from storage.corrections import Correction
from tests.harness import Guest, House

GREASE = "昨天的保洁，厨房油烟机没有擦干净"


class Shop:
    def __init__(self, folder: Path) -> None:
        self.house = House(folder)
        self.lead, self.customer = self.house.supervisor(), self.house.customer("王女士", "13811112222")
        self.customer.says(GREASE)

    @property
    def case(self) -> Case:
        with self.house.tx() as tx:
            return cases.of_customer(tx, self.customer.person_id)[0]

    @property
    def learnt(self) -> list[Correction]:
        with self.house.tx() as tx:
            return corrections.all_of_them(tx)

    def entry(self, kind: str) -> CaseEntry:
        with self.house.tx() as tx:
            return [entry for entry in cases.entries(tx, self.case.id or 0) if entry.kind == kind][-1]

    def correct(self, **right: str) -> None:
        assert self.house.act(self.lead, "correct_case", case=self.case.id, **right).error is None


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def labels(guest: Guest) -> tuple[str, ...]:
    return guest.heard[-1].labels


def test_the_card_offers_it_and_the_choices_come_when_asked_for(shop: Shop) -> None:
    assert "改分类" in labels(shop.lead)
    shop.lead.taps("改分类")
    assert {"优先级：紧急", "卫生健康", "不是投诉"} <= set(labels(shop.lead))
    assert "清洁质量" not in labels(shop.lead), "it is that already"


def test_a_graver_priority_calls_people_anew_with_new_deadlines(shop: Shop) -> None:
    shop.lead.news()
    shop.correct(priority="urgent")
    assert shop.case.respond_by == shop.house.clock.now() + timedelta(minutes=5)
    assert "紧急" in shop.lead.news()[-1].text
    with shop.house.tx() as tx:
        climbing = escalations.about(tx, f"case:{shop.case.id}")
    assert climbing is not None
    assert climbing.ladder["urgent"]


def test_a_lower_priority_gives_more_time_and_ends_the_danger(shop: Shop) -> None:
    shop.customer.says("我家煤气味很重，头好晕")
    assert shop.case.hazard
    shop.correct(priority="normal")
    assert (shop.case.priority, shop.case.hazard) == ("normal", "")


def test_it_stands_on_the_timeline_with_what_it_was(shop: Shop) -> None:
    shop.correct(type="hygiene", priority="high")
    noted = shop.entry("corrected")
    assert noted.actor_id == shop.lead.person_id
    assert noted.data == {"type": "hygiene", "priority": "high", "was": "quality", "was_priority": "normal"}


def test_the_words_are_kept_with_the_right_labels_once(shop: Shop) -> None:
    shop.correct(type="hygiene")
    shop.correct(priority="high")
    (example,) = shop.learnt
    assert (example.text, example.intent, example.type, example.priority) == (GREASE, "complaint", "hygiene", "high")
    assert (example.sender, example.by_id) == ("customer", shop.lead.person_id)
    assert example.was == {"type": "quality", "priority": "normal", "secondary": []}


def test_no_complaint_calls_the_case_off_and_the_customer_hears_so(shop: Shop) -> None:
    shop.customer.news()
    shop.lead.taps("改分类")
    shop.lead.taps("不是投诉")
    shop.lead.taps("咨询")
    assert (shop.case.status, shop.case.mistaken) == ("closed", "inquiry")
    assert shop.entry("no_complaint").data == {"intent": "inquiry"}
    (told,) = shop.customer.news()
    assert "不按投诉处理" in told.text
    (example,) = shop.learnt
    assert (example.intent, example.type, example.priority) == ("inquiry", "", "")


def test_nothing_goes_on_about_a_case_that_was_called_off(shop: Shop) -> None:
    shop.house.act(shop.lead, "no_complaint", case=shop.case.id, intent="praise")
    for guest in (shop.lead, shop.customer):
        guest.news()
    shop.house.advance(days=10)
    assert shop.lead.news() == shop.customer.news() == []
    with shop.house.tx() as tx:
        assert [task.state for task in cases.tasks(tx, shop.case.id or 0) if task.state == "open"] == []


def test_the_customer_may_say_that_it_was_one(shop: Shop) -> None:
    shop.house.act(shop.lead, "no_complaint", case=shop.case.id, intent="inquiry")
    shop.customer.taps("就是要投诉")
    assert (shop.case.status, shop.case.mistaken) == ("open", "")
    assert shop.learnt == []


def test_erasing_the_customer_takes_the_example_along(shop: Shop) -> None:
    shop.correct(type="hygiene")
    shop.customer.says("我的数据")
    shop.customer.taps("删除我的信息")
    shop.customer.taps("确定删除")
    assert shop.learnt == []
