"""Courtesies and second thoughts in the middle of our questions: none of them is written down as an answer."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import cases, requests
from tests.harness import START, Guest, House

DIRTY = "昨天的保洁，厨房油烟机没有擦干净"
PLACE = "锦绣路1200弄8号301"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def keys(house: House, guest: Guest, *words: str) -> list[str]:
    return [heard.key for word in words for heard in guest.says(word)]


def test_courtesies_are_no_answers_and_the_question_is_asked_again(house: House) -> None:
    guest = house.customer()
    guest.says(DIRTY)
    guest.taps("跳过")
    for words, kind in (("谢谢", "thanks"), ("？", "marks"), ("嗯", "nod"), ("快点！", "hurry"), ("在吗", "hello")):
        assert keys(house, guest, words) == [f"chat.aside_{kind}", "complaint.ask_demands"]
    assert keys(house, guest, "等一下") == ["chat.aside_wait"]
    guest.says("重新打扫")
    assert "补充" not in guest.heard[-1].text


def test_a_nod_to_the_wish_for_a_photo_promises_one(house: House) -> None:
    guest = house.customer()
    guest.says(DIRTY)
    assert keys(house, guest, "好的") == ["chat.aside_wait"]


@pytest.mark.parametrize("words", ["嗯", "对的", "好的谢谢"])
def test_a_nod_to_the_summary_confirms_it(house: House, words: str) -> None:
    house.supervisor()
    guest = house.customer()
    for said in (DIRTY, "跳过", "跳过"):
        guest.says(said)
    assert guest.heard[-1].key == "complaint.confirm"
    assert keys(house, guest, words)[0] == "complaint.offer_quality"


def test_no_said_to_the_summary_asks_what_is_wrong(house: House) -> None:
    guest = house.customer()
    assert keys(house, guest, DIRTY, "跳过", "跳过", "不对")[-1] == "complaint.correct"


def test_wishes_alone_belong_to_what_is_open(house: House) -> None:
    guest = house.customer()
    guest.says("你们阿姨把我花瓶打碎了")
    guest.says("转人工")
    assert keys(house, guest, "我要退款，再派人来重做，还要道歉") == ["complaint.joined"]
    guest.says("昨天还多收了我五十块钱，退钱")
    with house.tx() as tx:
        assert [case.type for case in cases.open_of_customer(tx, guest.person_id)] == ["billing", "damage"]


def test_days_that_no_calendar_has_and_times_that_are_over_are_not_booked(house: House) -> None:
    guest = house.customer()
    assert keys(house, guest, "想约2月30号上午日常保洁") == ["booking.no_such_day", "booking.ask_when"]
    assert keys(house, guest, "11月31号") == ["booking.no_such_day", "booking.ask_when"]
    assert keys(house, guest, "Feb 30 please") == ["booking.no_such_day", "booking.ask_when"]
    assert keys(house, guest, "昨天下午") == ["booking.time_over", "booking.ask_when"]
    assert keys(house, guest, "跟上次一样的时间") == ["booking.ask_place"]


def test_second_thoughts_change_what_they_are_about(house: House) -> None:
    guest = house.customer()
    guest.says("想约周六上午日常保洁")
    assert keys(house, guest, "算了，还是后天吧") == ["booking.time_changed", "booking.ask_place"]
    guest.says(PLACE)
    assert keys(house, guest, "下午两点") == ["booking.time_changed", "booking.ask_notes"]
    assert keys(house, guest, "对了多少钱啊")[0] == "inquiry.aside"
    assert keys(house, guest, "没问题") == ["chat.aside_nod", "booking.ask_notes"]
    for words in ("没有", "等等，换成深度保洁", "不对，地址是锦绣路1200弄8号302"):
        guest.says(words)
    summary = guest.heard[-1].text
    assert all(
        part in summary for part in ("深度保洁", "11月25日 周三 14:00", "地址：锦绣路1200弄8号302", "交代：没说")
    )


def test_a_booking_that_nobody_decided_yet_takes_second_thoughts(house: House) -> None:
    """The button that accepts it must not accept the old time."""
    lead, guest = house.supervisor(), house.customer()
    for words in ("想约周六上午日常保洁", PLACE, "没有", "没问题"):
        guest.says(words)
    assert keys(house, guest, "改到周日下午三点吧") == ["requests.added"]
    (told,) = lead.news()[-1:]
    assert told.key == "requests.said_more"
    assert "11月29日 周日 15:00" in told.text
    lead.taps("接受")
    assert "11月29日 周日 15:00" in guest.heard[-1].text
    with house.tx() as tx:
        assert requests.open_of_customer(tx, guest.person_id) == []


def test_calling_it_off_is_passed_on_too(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    for words in ("想约周六上午日常保洁", PLACE, "没有", "没问题"):
        guest.says(words)
    assert keys(house, guest, "改成擦玻璃", "不约了，取消吧") == ["requests.added"] * 2
    assert "不约了，取消吧" in lead.heard[-1].text


def test_a_visit_is_moved_to_what_was_said_last(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    house.order(guest, starts_at=START + timedelta(days=3))
    assert keys(house, guest, "我想改到2月30号") == ["booking.no_such_day", "booking.ask_new_time"]
    assert keys(house, guest, "改到昨天") == ["booking.time_over", "booking.ask_new_time"]
    assert "改到 后天，对吗" in guest.says("改到后天")[-1].text
    assert "改到 11月25日 周三 15:00，对吗" in guest.says("下午三点")[-1].text
    assert keys(house, guest, "谢谢") == ["chat.aside_thanks", "booking.sure_move"]
    assert keys(house, guest, "取消吧") == ["booking.sure_cancel"]
    assert keys(house, guest, "还是周五上午吧", "对") == ["booking.sure_move", "requests.received_change_open"]
    assert keys(house, guest, "改到周六上午吧") == ["requests.added"]
    lead.taps("接受")
    assert "11月28日 周六 09:00" in guest.heard[-1].text


def test_thinking_better_of_it_leaves_the_visit_as_it_is(house: House) -> None:
    guest = house.customer()
    house.order(guest)
    assert keys(house, guest, "改到后天上午", "算了不改了") == ["booking.sure_move", "booking.kept"]


def test_a_time_said_to_the_supervisor_who_offered_one_is_no_booking(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    for words in (DIRTY, "跳过", "跳过", "没错"):
        guest.says(words)
    lead.taps("接单")
    lead.taps("回复客户")
    lead.says("明天上午十点给您返工")
    assert keys(house, guest, "可以的，谢谢", "能不能改下午") == ["complaint.passed_on", "complaint.passed_on"]


def test_more_pictures_without_words_are_said_to_be_kept(house: House) -> None:
    guest = house.customer()
    assert guest.sends("photo")[-1].key == "showing.ask"
    assert guest.sends("voice")[-1].key == "showing.more"


def test_whoever_holds_a_case_hears_that_its_customer_is_gone(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says(DIRTY)
    lead.taps("接单")
    guest.says("删除我的数据")
    guest.taps("确定删除")
    assert lead.news()[-1].key == "staff.customer_erased"
    assert "HX1001" in lead.heard[-1].text
    lead.taps("回复客户")
    assert lead.says("您好")[-1].key == "reply.erased"


def test_a_cleaner_ends_a_job_with_a_friendly_word(house: House) -> None:
    cleaner, guest = house.cleaner(), house.customer()
    house.order(guest, cleaner, starts_at=START)
    house.advance(minutes=5)
    assert cleaner.says("还要十分钟")[0].key == "visits.late_noted"
    cleaner.says("到了")
    assert cleaner.says("弄完啦，收工")[0].key == "job.proof_finished"
    guest.news()
    assert keys(house, guest, "阿姨几点到？") == ["status.visit_over"]


def test_cancelling_a_talk_ends_it_for_staff_too(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    guest.says("转人工")
    assert keys(house, guest, "我的数据")[0].startswith("privacy.offer")
    assert "talk.ended" in keys(house, guest, "取消")
    with house.tx() as tx:
        assert requests.open_of_customer(tx, guest.person_id) == []


def test_cancel_said_to_the_question_whether_to_cancel_is_a_yes(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    house.order(guest)
    assert keys(house, guest, "我要取消预约", "取消") == ["booking.sure_cancel", "requests.received_change_open"]


def test_a_wish_is_neither_a_thing_nor_a_place(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    guest.says("昨天没打扫干净")
    assert guest.heard[-1].key == "complaint.ask_place"
    guest.says("我要退款")
    with house.tx() as tx:
        (case,) = cases.open_of_customer(tx, guest.person_id)
    assert case.matrix.get("place", []) == []
    assert case.matrix["demands"] == ["refund"]


def test_solved_after_all_closes_what_a_slip_of_the_finger_opened(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    for words in (DIRTY, "跳过", "跳过", "没错"):
        guest.says(words)
    for label in ("接单", "结案", "A", "跳过"):
        lead.taps(label)
    guest.taps("还没解决")
    assert [heard.key for heard in guest.taps("已经解决")] == ["follow_up.thanks"]
    with house.tx() as tx:
        assert cases.open_of_customer(tx, guest.person_id) == []


def test_a_lead_who_took_a_talk_can_send_plain_words_to_it(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("转人工")
    lead.taps("我来处理")
    guest.news()
    assert lead.says("您好，请讲")[-1].key == "staff.for_whom"
    lead.taps("正在聊")
    lead.taps("正在聊")
    assert ["您好，请讲" in heard.text for heard in guest.news()] == [True]


@pytest.mark.parametrize("words", ["收到了吗", "你们看到了吗？", "Did you get that?"])
def test_who_asks_whether_it_arrived_hears_so_and_has_answered_nothing(house: House, words: str) -> None:
    guest = house.customer()
    guest.says(DIRTY)
    asked = guest.heard[-1].key
    assert keys(house, guest, words) == ["chat.aside_got", asked]
