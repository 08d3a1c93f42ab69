"""查进度, 转人工, praise, suggestions and small talk: each gets its own short answer."""

from pathlib import Path

import pytest

from handlers.answers.feedback import kind_of
from storage import requests
from tests.harness import START, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_status_shows_all_that_is_open_in_one_message(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    house.order(guest, house.cleaner("李秀兰"))
    guest.says("能帮我喂金鱼吗？")
    (heard,) = guest.says("查进度")

    assert "李师傅上门" in heard.text
    assert "提问" in heard.text


def test_status_lists_the_newest_case_first_with_who_and_when(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("上周厨房油烟机没擦干净")
    guest.says("算了")
    lead.taps("接单")
    said = guest.says("查进度")[0].text

    assert "HX" in said
    assert "陈主管在处理" in said


def test_status_says_when_nothing_is_open(house: House) -> None:
    guest = house.customer()
    house.order(guest, starts_at=START.replace(day=1), event="finished")

    assert guest.says("查进度")[-1].key == "status.nothing"


def test_a_talk_goes_back_and_forth_until_it_is_ended(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    assert guest.says("转人工")[-1].key == "talk.ask_open"
    lead.taps("我来处理")
    guest.says("你们周末加价吗？")
    assert "你们周末加价吗？" in lead.news()[-1].text
    lead.says("不加价的", reply_to=f"out-{lead.heard[-1].row.id}")
    assert "不加价的" in guest.news()[-1].text
    lead.taps("处理完了")

    assert guest.news()[-1].key == "talk.ended_by_staff"
    assert guest.says("你们周末加价吗？")[-1].key == "inquiry.answered"


def test_words_before_anybody_is_there_are_kept_with_the_request(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("转人工")
    guest.says("我想问问开荒的事")
    lead.taps("我来处理")

    with house.tx() as tx:
        assert "我想问问开荒的事" in requests.all_open(tx)[0].text


def test_asking_for_a_person_twice_opens_one_request(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    guest.says("转人工")
    guest.says("转人工")

    with house.tx() as tx:
        assert len(requests.all_open(tx)) == 1


def test_at_night_the_talk_says_when_somebody_is_there(house: House) -> None:
    house.supervisor()
    house.advance(hours=13)
    guest = house.customer()

    assert "11月24日 周二 09:00" in guest.says("转人工")[-1].text


def test_a_talk_that_nobody_answered_stays_open_when_the_customer_falls_silent(house: House) -> None:
    guest = house.customer()
    guest.says("转人工")
    house.advance(hours=25)

    with house.tx() as tx:
        assert [one.state for one in requests.all_open(tx)] == ["open"]


def test_nobody_writes_into_anothers_talk(house: House) -> None:
    guest, other = house.customer(), house.customer("李先生")
    guest.says("转人工")
    refused = house.act(other, "tell_staff", request=1, text="hi")

    assert refused.error is not None
    assert refused.error.code == "forbidden"


def test_a_suggestion_is_kept_and_calls_nobody(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    heard = guest.says("建议你们出个月卡就好了")

    assert heard[-1].key == "requests.received_suggestion_open"
    assert lead.news() == []
    with house.tx() as tx:
        assert [one.kind for one in requests.of_customer(tx, guest.person_id)] == ["suggestion"]


def test_praise_after_a_recent_visit_offers_to_rate_it(house: House) -> None:
    guest = house.customer()
    house.order(guest, starts_at=START.replace(day=22), event="finished")

    assert "给这次服务打分" in guest.says("阿姨打扫得真干净")[-1].labels


@pytest.mark.parametrize(
    ("text", "kind"),
    [("谢谢", "thanks"), ("你好", "hello"), ("好的", "fine"), ("拜拜", "bye"), ("🙏", "thanks"), ("???", "marks"),
     ("asdfgh", "other"), ("你好，在吗", "hello"), ("早上好", "hello"), ("你好，我要开发票", "other")],
)  # fmt: skip
def test_small_talk_has_its_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_thanks_is_answered_and_opens_nothing(house: House) -> None:
    guest = house.customer()
    (heard,) = guest.says("谢谢")

    assert heard.labels == ()
    with house.tx() as tx:
        assert requests.of_customer(tx, guest.person_id) == []


def test_a_first_timer_is_shown_what_one_can_do(house: House) -> None:
    guest = house.stranger()
    assert guest.says("你好")[-1].labels == ("我要预约", "看价格", "有哪些服务", "找人聊")

    assert "¥60/小时" in guest.taps("看价格")[-1].text


def test_asking_for_a_person_calls_whoever_has_the_open_case_first(house: House) -> None:
    known, other, customer = house.supervisor(), house.supervisor("赵主管"), house.customer()
    customer.says("昨天的保洁，厨房油烟机没有擦干净")
    known.taps("接单")
    other.news()
    customer.says("转人工")

    assert known.heard[-1].key == "escalation.ping"
    assert other.news() == []

    house.advance(minutes=11)
    assert [heard.key for heard in other.news()] == ["escalation.ping"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("再见！", "bye"),
        ("在", "hello_new"),
        ("稍等", "wait"),
        ("不客气", "fine"),
        ("不用谢", "fine"),
        ("算了吧", "fine"),
    ],
)
def test_a_courtesy_by_itself_is_answered_in_kind_and_opens_nothing(house: House, words: str, kind: str) -> None:
    lead, guest = house.supervisor(), house.stranger()
    assert [heard.key for heard in guest.says(words)] == [f"feedback.{kind}"]
    assert lead.heard == []


@pytest.mark.parametrize("words", ["今天来的是哪位", "师傅几点到", "师傅什么时候到？"])
def test_who_comes_when_nobody_does_is_said_before_the_case(house: House, words: str) -> None:
    house.supervisor()
    guest = house.customer()
    guest.says("昨天的保洁，厨房油烟机没有擦干净")
    heard = next(one for one in guest.says(words) if one.key.startswith("status."))
    assert heard.key == "status.no_visit"
    assert "没有约好的上门" in heard.text
    assert "案件" in heard.text
    assert heard.labels == ("我要预约",)


def test_who_comes_to_see_to_the_case_is_about_the_case(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    guest.says("昨天的保洁，厨房油烟机没有擦干净")
    assert "status.open" in {one.key for one in guest.says("我的投诉到哪一步了？")}
