"""Everybody reads their own language: no sentence of ours reaches staff in the customer's, nor the other way round."""

import re
from pathlib import Path

import pytest

from storage.people import Person
from tests.harness import Guest, Heard, House

CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def speaks(house: House, guest: Guest, locale: str) -> Guest:
    with house.writing() as tx:
        tx.change(Person, guest.person_id, locale=locale)
    return guest


def ours(heard: list[Heard], *theirs: str) -> str:
    """All that was said, buttons too, without what people themselves wrote."""
    said = "\n".join("\n".join((one.text, *one.labels)) for one in heard)
    for words in theirs:
        said = said.replace(words, "")
    return said


def test_every_card_of_a_request_is_in_the_language_of_its_reader(house: House) -> None:
    lead = speaks(house, house.supervisor("Chen"), "en")
    guest = house.customer("王女士")
    words = ("想约周六上午深度保洁，锦绣路1200弄8号301，90平", "锦绣路1200弄8号301", "王女士", "90㎡", "取消周六的那次")
    guest.says(words[0])
    guest.taps("没有了")
    guest.taps("没问题")
    lead.taps("Accept")
    guest.says(words[-1])
    guest.taps(guest.heard[-1].labels[0])
    guest.says("转人工")
    stranger = house.stranger()
    stranger.says("查进度")
    stranger.says("13812345678")

    said = ours(lead.heard, *words, "转人工")
    assert {heard.key for heard in lead.heard} >= {"escalation.ping", "requests.accepted"}
    assert CHINESE.findall(said) == []
    assert "Sat 28/11, morning" in said


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("my coupons", "rewards.none"),
        ("my data", "privacy.offer"),
        ("Delete my data", "erase.ask"),
        ("status", "status."),
    ],
)
def test_the_words_we_teach_work_in_english_in_the_middle_of_a_complaint(house: House, words: str, key: str) -> None:
    house.supervisor()
    guest = speaks(house, house.customer("Emma"), "en")
    guest.says("The cleaner broke my vase yesterday, it cost 300 yuan")
    heard = [one.key for one in guest.says(words)]

    assert any(one.startswith(key) for one in heard), heard


def test_an_english_customer_is_chinese_to_chinese_staff_but_for_their_own_words(house: House) -> None:
    lead = house.supervisor()
    guest = speaks(house, house.customer("Emma"), "en")
    guest.says("hello")
    guest.taps("Book a visit")
    guest.taps("Deep")
    guest.taps("Tomorrow morning")
    guest.says("1200 Jinxiu Road 8")
    guest.taps("Nothing else")
    guest.taps("That is right")

    card = lead.heard[-1].text
    assert "服务：深度保洁" in card
    assert "（11月24日 周二 上午）" in card
    assert "morning" not in card


def test_the_holder_of_a_case_reads_what_the_customer_confirmed_in_their_own_language(house: House) -> None:
    lead = speaks(house, house.supervisor("Chen"), "en")
    customer = house.customer("")
    words = "昨天的保洁，厨房油烟机没有擦干净"
    customer.says(words)
    lead.taps("Take")
    for label in ("跳过", "跳过", "没错"):
        customer.taps(label)
    customer.sends("photo")

    said = ours(lead.heard, words, "厨房", "油烟机", "昨天")
    assert "staff.confirmed" in {heard.key for heard in lead.heard}
    assert CHINESE.findall(said) == []


def test_a_time_that_is_not_understood_is_said_in_the_language_of_whoever_wrote_it(house: House) -> None:
    lead = speaks(house, house.supervisor("Chen"), "en")
    guest = house.customer()
    guest.says("想约周六上午深度保洁，锦绣路1200弄8号301，90平")
    guest.taps("没有了")
    guest.taps("没问题")
    lead.taps("Other time")
    heard = lead.says("whenever")

    assert "I could not read that time" in heard[-1].text


def test_a_refusal_is_in_the_language_of_whoever_is_refused(house: House) -> None:
    lead = speaks(house, house.supervisor("Chen"), "en")
    house.customer().says("昨天的保洁，厨房油烟机没有擦干净")
    with house.writing() as tx:
        tx.change(Person, lead.person_id, role="cleaner")

    assert lead.taps("Take")[-1].text == "You do not have the right to do this."
