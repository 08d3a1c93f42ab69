"""In danger a person must be able to call: somebody whose number nobody knows is asked for it, once and kindly."""

from pathlib import Path

import pytest

from flows.complaint import number_in
from handlers.people.collecting import lines
from storage import cases
from storage.cases import Case
from storage.people import UNCONFIRMED
from tests.harness import Guest, House

GAS = "你们保洁把燃气阀门碰开了，现在家里一股煤气味，怎么办"
ASKED = "complaint.ask_phone"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def case_of(house: House, guest: Guest) -> Case:
    with house.tx() as tx:
        return cases.of_customer(tx, guest.person_id)[0]


def asked(guest: Guest) -> int:
    return sum(heard.key == ASKED for heard in guest.heard)


def test_a_stranger_in_danger_is_asked_where_to_call_after_the_safety_words(house: House) -> None:
    lead, stranger = house.supervisor(), house.stranger()
    keys = [heard.key for heard in stranger.says(GAS)]
    assert (keys[0], keys[-1]) == ("safety.gas", ASKED)
    lead.taps("接单")
    answer = stranger.says("13812345678，浦东锦绣路1200弄8号，我们在楼下")

    assert [heard.key for heard in answer] == ["complaint.got_phone", "complaint.ask_safe"]
    assert "13812345678" in lead.heard[-1].text
    assert (stranger.person.phone, stranger.person.profile[UNCONFIRMED]) == ("", "13812345678")
    stranger.taps("我们都安全")
    assert case_of(house, stranger).confirmed_at is not None
    assert asked(stranger) == 1


def test_who_was_called_gets_the_number_at_once_and_who_comes_later_reads_it_on_the_card(house: House) -> None:
    lead, manager, stranger = house.supervisor(), house.manager(), house.stranger()
    stranger.says(GAS)
    stranger.says("我的电话 021-58881234，锦绣路1200弄8号")
    called = lead.heard[-1]
    house.advance(minutes=2)

    assert ("021-58881234" in called.text, called.labels) == (True, ("接单", "回复客户"))
    for text in (manager.heard[-1].text, lead.taps("接单")[-1].text):
        assert "电话：021-58881234（客户刚留的，还没核对）" in text
        assert "补充：锦绣路1200弄8号" in text


def test_it_can_be_skipped_and_is_not_asked_again(house: House) -> None:
    house.supervisor()
    stranger = house.stranger()
    stranger.says(GAS)
    assert stranger.taps("跳过")[-1].key == "complaint.ask_safe"
    stranger.taps("跳过")
    stranger.says("味道越来越大了，煤气味很重")

    assert (asked(stranger), "complaint.confirm" in {heard.key for heard in stranger.heard}) == (1, False)


def test_words_instead_of_a_number_are_kept_and_nobody_insists(house: House) -> None:
    lead, stranger = house.supervisor(), house.stranger()
    stranger.says(GAS)
    heard = stranger.says("我们已经跑到楼下了，太吓人了")

    assert [one.key for one in heard] == ["complaint.ask_safe"]
    assert "已经跑到楼下了" in lead.taps("接单")[-1].text


def test_a_number_said_at_once_is_not_asked_for(house: House) -> None:
    lead, stranger = house.supervisor(), house.stranger()
    heard = stranger.says("家里一股煤气味，是你们保洁碰开的，快打我电话13812345678")

    assert heard[-1].key == "complaint.ask_safe"
    assert "电话：13812345678" in lead.taps("接单")[-1].text


def test_somebody_we_can_call_is_not_asked(house: House) -> None:
    lead, customer = house.supervisor(), house.customer()
    customer.says(GAS)

    assert asked(customer) == 0
    assert f"电话：{customer.phone}" in lead.heard[-1].text


def test_the_number_is_shown_only_while_somebody_must_call_at_once(house: House) -> None:
    lead, customer = house.supervisor(), house.customer()
    customer.says("昨天的保洁，厨房油烟机没有擦干净")
    assert customer.phone not in lead.heard[-1].text + lead.taps("接单")[-1].text
    customer.says(GAS)
    assert customer.phone in lead.taps("接单")[-1].text


def test_who_is_called_about_what_a_cleaner_reports_is_the_cleaner(house: House) -> None:
    lead, cleaner = house.supervisor(), house.cleaner(phone="13800000002")
    cleaner.says("客户家煤气泄漏了，味道很重")

    assert f"电话：{cleaner.phone}" in lead.heard[-1].text


def test_an_ordinary_case_asks_for_no_number(house: House) -> None:
    stranger = house.stranger()
    stranger.says("昨天的保洁，厨房油烟机没有擦干净")

    assert asked(stranger) == 0


def test_a_case_that_becomes_urgent_asks_then(house: House) -> None:
    house.supervisor()
    stranger = house.stranger()
    stranger.says("你们太差劲了，我要投诉")
    heard = stranger.says("现在家里一股煤气味，是你们保洁碰开的")

    assert heard[-1].key == ASKED


def test_an_urgent_matter_without_a_danger_asks_as_well(house: House) -> None:
    house.supervisor()
    stranger = house.stranger()
    stranger.says("保洁走了以后我两万块的金项链不见了，我要报警！")

    assert case_of(house, stranger).priority == "urgent"
    assert asked(stranger) == 1


def test_the_number_is_told_and_erased_like_everything_about_a_person(house: House) -> None:
    lead, stranger = house.supervisor(), house.stranger()
    stranger.says(GAS)
    stranger.says("13812345678")
    lead.taps("接单")
    with house.tx() as tx:
        assert "13812345678" in str(list(lines(tx, stranger.person)))
    stranger.taps("我们都安全")
    stranger.says("删除我的信息")
    stranger.taps("删除")

    assert not any("13812345678" in heard.text for heard in lead.heard)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812345678", "13812345678"),
        ("我电话138-1234-5678，快点", "138-1234-5678"),
        ("+86 13812345678", "+86 13812345678"),
        ("021-58881234", "021-58881234"),
        ("call +44 20 7946 0958 please", "+44 20 7946 0958"),
        ("锦绣路1200弄8号301", ""),
        ("1200-8-301", ""),
        ("订单 202611230001", ""),
        ("", ""),
    ],
)
def test_what_reads_like_a_number_to_call(text: str, number: str) -> None:
    assert number_in(text) == number
