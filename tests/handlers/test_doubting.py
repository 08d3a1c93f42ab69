"""Doubt is said: what is wanted is asked when it is not clear, and so is the type of a complaint. Danger never is."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest

from domain.company import Doubts
from domain.labels import CaseType, Hazard, Intent, Priority
from domain.understanding import Likely, Understanding
from storage import cases, requests
from storage.cases import Case
from storage.people import Person
from tests.harness import Guest, House, shared_reader

VAGUE, STILL_VAGUE, ODD, GAS = "卡的事情", "就那张卡嘛", "垃圾堆门口一股味", "屋里一股怪味"
UNSURE = (Likely("intent.inquiry", 0.4), Likely("intent.complaint", 0.35), Likely("type.billing", 0.8))
KINDS = (Likely("type.hygiene", 0.4), Likely("type.quality", 0.35), Likely("type.response", 0.02))
READINGS = {
    VAGUE: Understanding(Intent.INQUIRY, doubts=UNSURE),
    STILL_VAGUE: Understanding(Intent.CHITCHAT, doubts=(Likely("intent.chitchat", 0.4), *UNSURE[1:])),
    ODD: Understanding(
        Intent.COMPLAINT, primary=CaseType.HYGIENE, priority=Priority.NORMAL,
        doubts=(Likely("intent.complaint", 0.9), *KINDS),
    ),
    GAS: Understanding(
        Intent.COMPLAINT, primary=CaseType.SAFETY, priority=Priority.URGENT, hazard=Hazard.GAS,
        doubts=(Likely("intent.complaint", 0.3), Likely("intent.inquiry", 0.3), *KINDS),
    ),
}  # fmt: skip


class Reader:
    """Unsure about some messages, whatever the model has learnt."""

    def understand(self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        return READINGS.get(text) or shared_reader().understand(text, at, sender)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, Reader())


def the_case(house: House, customer: Guest) -> Case:
    with house.tx() as tx:
        (case,) = cases.of_customer(tx, customer.person_id)
    return case


def kinds_of_requests(house: House, customer: Guest) -> list[str]:
    with house.tx() as tx:
        return [one.kind for one in requests.of_customer(tx, customer.person_id)]


def test_the_likeliest_wishes_are_asked_about_in_one_sentence(house: House) -> None:
    (asked,) = house.customer().says(VAGUE)
    assert "咨询、反映问题，还是预约" in asked.text
    assert asked.labels == ("咨询", "反映问题", "预约/改约", "转人工")


def test_it_is_asked_in_the_language_of_the_customer(house: House) -> None:
    customer = house.customer()
    with house.writing() as tx:
        tx.change(Person, customer.person_id, locale="en")
    (asked,) = customer.says(VAGUE)
    assert "ask something, report a problem or book or change a visit?" in asked.text


@pytest.mark.parametrize("answer", ["反映问题", "投诉", "2"])
def test_the_answer_may_be_tapped_or_typed(house: House, answer: str) -> None:
    customer = house.customer()
    customer.says(VAGUE)
    customer.taps(answer) if answer == "反映问题" else customer.says(answer)
    case = the_case(house, customer)
    assert (case.text, case.type) == (VAGUE, "billing")


def test_clearer_words_join_the_first_ones(house: House) -> None:
    customer = house.customer()
    customer.says(VAGUE)
    customer.says("昨天的保洁多收了我五十块钱，我要退款")
    assert the_case(house, customer).text.startswith(VAGUE)


def test_unsure_twice_a_person_takes_over(house: House) -> None:
    lead, customer = house.supervisor(), house.customer()
    customer.says(VAGUE)
    heard = customer.says(STILL_VAGUE)
    assert "请同事直接跟您说" in heard[0].text
    assert kinds_of_requests(house, customer) == ["handoff"]
    assert VAGUE in lead.heard[-1].text
    assert STILL_VAGUE in lead.heard[-1].text


def test_silence_leaves_it_to_somebody_who_looks(house: House) -> None:
    lead, customer = house.supervisor(), house.customer()
    customer.says(VAGUE)
    house.advance(minutes=16)
    assert kinds_of_requests(house, customer) == ["question"]
    assert VAGUE in lead.heard[-1].text


def test_danger_is_never_asked_about_first(house: House) -> None:
    customer = house.customer()
    heard = customer.says(GAS)
    assert "阀" in heard[0].text
    assert the_case(house, customer).priority == "urgent"


def test_an_answer_we_wait_for_is_taken_as_one(house: House) -> None:
    """Words we are not sure of lead nobody away from the question at hand."""
    customer = house.customer()
    customer.says("昨天的保洁，厨房油烟机没有擦干净")
    customer.says(VAGUE)
    assert "clarify.ask" not in [heard.key for heard in customer.heard]


def test_a_company_may_do_without_being_asked(tmp_path: Path) -> None:
    house = House(tmp_path, Reader())
    house.world = replace(house.world, company=replace(house.world.company, doubts=Doubts(0, 0)))
    customer = house.customer()
    customer.says(VAGUE)
    assert "clarify.ask" not in [heard.key for heard in customer.heard]
    customer.says(ODD)
    assert the_case(house, customer).doubts == []


def test_a_doubtful_type_opens_the_case_and_is_asked_first(house: House) -> None:
    customer = house.customer()
    soothed, asked = customer.says(ODD)
    case = the_case(house, customer)
    assert case.doubts == ["hygiene", "quality"]
    assert case.number in soothed.text
    assert soothed.key.startswith("soothe.any"), "no type is named that may be wrong"
    assert asked.labels == ("卫生、健康", "没打扫干净", "跳过")


def test_the_case_follows_the_type_that_the_customer_names(house: House) -> None:
    customer = house.customer()
    customer.says(ODD)
    heard = customer.taps("没打扫干净")
    case = the_case(house, customer)
    assert (case.type, case.doubts, case.policy["webhook"]) == ("quality", [], "intervention.rework")
    assert "哪个位置" in heard[-1].text, "what matters for this type is asked next"
    customer.taps("跳过")
    assert customer.heard[-1].labels == ("没错", "需要改"), "two questions at the most"


def test_skipped_the_type_stays_as_it_was_read(house: House) -> None:
    customer = house.customer()
    customer.says(ODD)
    customer.taps("跳过")
    assert the_case(house, customer).type == "hygiene"
    assert "complaint.ask_type" not in [heard.key for heard in customer.news()]


def test_the_type_may_be_told_in_words(house: House) -> None:
    customer = house.customer()
    customer.says(ODD)
    customer.says("地板被划了一道很深的口子")
    case = the_case(house, customer)
    assert (case.type, case.doubts) == ("damage", [])
    assert "地板被划了一道很深的口子" in case.matrix["more"]


@pytest.mark.parametrize("word", ["坏了", "丢了", "没了"])
def test_a_word_or_two_in_the_middle_of_a_booking_opens_no_case(house: House, word: str) -> None:
    guest, lead = house.customer(), house.supervisor()
    guest.says("我想约擦玻璃")
    assert guest.says(word)[-1].key == "booking.ask_when"
    assert lead.news() == []
    assert guest.says("明天下午三点")[-1].key == "booking.ask_place"


def test_what_was_meant_by_a_word_or_two_becomes_a_case_with_one_tap(house: House) -> None:
    guest = house.customer()
    guest.says("我想约擦玻璃")
    assert [heard.key for heard in guest.says("坏了")] == ["clarify.hint", "booking.ask_when"]
    guest.taps("反映问题")
    assert the_case(house, guest).text == "坏了"


@pytest.mark.parametrize("words", ["投诉", "玻璃打碎了"])
def test_a_complaint_that_says_so_needs_no_question_in_the_middle_of_a_booking(house: House, words: str) -> None:
    guest = house.customer()
    guest.says("我想约擦玻璃")
    guest.says(words)
    assert the_case(house, guest).text == words
