"""Questions are answered from the catalogue, counted, and handed to a person when the catalogue is at a loss."""

from pathlib import Path

import pytest

from storage import requests
from tests.harness import START, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("深度保洁多少钱？", "¥9/平米"),
        ("洗油烟机怎么收费", "¥180/台"),
        ("100平深度保洁多少钱", "100 平的深度保洁，大约 ¥900"),
        ("真皮沙发能洗吗，多少钱", "真皮沙发 ¥120/座"),
        ("都有哪些服务", "开荒保洁"),
        ("你们阿姨有健康证吗？", "健康证"),
        ("浦东能上门吗？", "浦东可以上门"),
        ("崇明能上门吗？", "崇明我们暂时还到不了"),
        ("大理石台面能擦吗", "中性清洁剂"),
        ("可以开发票吗", "电子普票或专票"),
        ("打碎东西赔不赔", "责任险"),
        ("有什么优惠", "新客首单"),
    ],
)
def test_the_answer_comes_from_the_catalogue(house: House, question: str, answer: str) -> None:
    heard = house.stranger().says(question)

    assert answer in heard[0].text
    assert heard[0].labels == ("我要预约", "还想问别的", "找人聊")


def test_several_topics_in_one_message_are_all_answered(house: House) -> None:
    heard = house.stranger().says("深度保洁多少钱？阿姨有健康证吗？可以开发票吗")

    assert all(part in heard[0].text for part in ("¥9/平米", "健康证", "电子普票"))


def test_every_question_is_counted_by_topic(house: House) -> None:
    guest = house.stranger()
    guest.says("深度保洁多少钱？")
    guest.says("擦玻璃多少钱")

    with house.tx() as tx:
        assert requests.count_topics(tx, START)["price"] == 2


def test_what_the_catalogue_does_not_know_goes_to_a_person_with_the_question(house: House) -> None:
    lead, guest = house.supervisor(), house.stranger()
    heard = guest.says("能帮我喂金鱼吗？")

    assert heard[-1].key == "requests.received_question_open"
    assert "能帮我喂金鱼吗？" in lead.news()[-1].text
    lead.says("可以的，您提前备注就行", reply_to=f"out-{lead.heard[-1].row.id}")
    assert "可以的，您提前备注就行" in guest.news()[-1].text


def test_after_hours_the_asker_is_told_when_somebody_will_answer(house: House) -> None:
    house.advance(hours=13)

    assert "11月24日" in house.stranger().says("能帮我喂金鱼吗？")[-1].text


def test_a_question_in_the_middle_of_a_booking_is_answered_and_the_booking_goes_on(house: House) -> None:
    guest = house.customer()
    guest.says("我想约个深度保洁")
    heard = guest.says("擦玻璃多少钱？")

    assert "¥8/平米" in heard[0].text
    assert heard[-1].key == "booking.ask_when"


def test_an_old_answer_is_not_said_again_after_something_else(house: House) -> None:
    guest = house.customer()
    guest.says("深度保洁多少钱？")
    guest.taps("我要预约")
    heard = guest.says("取消")

    assert [one.key for one in heard] == ["chat.cancelled"]


def test_asking_moves_a_stranger_from_aware_to_interested_to_deciding(house: House) -> None:
    guest = house.stranger()
    guest.says("都有哪些服务")
    assert guest.person.stage == "interested"
    guest.says("深度保洁多少钱？")
    assert guest.person.stage == "deciding"


@pytest.mark.parametrize(("word", "part"), [("价格", "¥60/小时"), ("服务项目", "日常保洁")])
def test_a_word_that_our_greeting_teaches_is_answered_also_in_the_middle_of_a_booking(
    house: House, word: str, part: str
) -> None:
    guest = house.customer()
    assert part in guest.says(word)[-1].text
    guest.says("预约")
    assert [heard.key for heard in guest.says(word)] == ["inquiry.aside", "chat.resume", "booking.ask_service"]
