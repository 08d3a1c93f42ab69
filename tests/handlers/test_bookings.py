"""A booking asks only for what is unknown; staff decide with one tap; the customer hears of every step."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.events import OrderPosted
from storage import orders
from storage.orders import Order
from tests.harness import START, Guest, House

ALL_SAID = "我想约个深度保洁，周六上午，浦东锦绣路1200弄8号301，90平"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def visits(house: House, guest: Guest) -> list[Order]:
    with house.tx() as tx:
        return orders.of_customer(tx, guest.person_id)


def book(guest: Guest, text: str = ALL_SAID) -> None:
    guest.says(text)
    guest.taps("没有了")
    guest.taps("没问题")


def test_what_was_said_is_not_asked_again(house: House) -> None:
    guest = house.customer()
    assert guest.says(ALL_SAID)[-1].key == "booking.ask_notes"
    summary = guest.taps("没有了")[-1].text

    for part in ("深度保洁", "11月28日 周六 上午", "锦绣路1200弄8号301", "90㎡", guest.phone):
        assert part in summary


def test_the_summary_names_the_moment_that_was_understood(house: House) -> None:
    guest = house.customer()
    guest.says("我想约深度保洁，锦绣路1200弄8号，90平")
    guest.says("明天下午三点")
    assert "时间：11月24日 周二 15:00" in guest.taps("没有了")[-1].text


def test_of_a_day_staff_name_the_hour(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("我想约周六的深度保洁，锦绣路1200弄8号，90平")
    assert "时间：11月28日 周六\n" in guest.taps("没有了")[-1].text
    guest.taps("没问题")
    lead.news()
    assert lead.taps("接受")[-1].key == "booking.lead_time"


def test_a_stranger_is_asked_for_everything_step_by_step(house: House) -> None:
    guest = house.stranger()
    asked = [guest.says("我想预约")[-1].key, guest.taps("日常保洁")[-1].key, guest.taps("明天下午")[-1].key]
    asked += [guest.says("浦东锦绣路1号，60平")[-1].key, guest.says("我姓王，13812345678")[-1].key]

    assert asked == [f"booking.ask_{step}" for step in ("service", "when", "place", "phone", "notes")]


def test_whom_the_customer_wants_reaches_the_supervisor(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("下次还要李姐来，约个日常保洁，明天下午两点，锦绣路1200弄8号")
    guest.taps("没有了")
    guest.taps("没问题")

    assert "李姐" in lead.news()[-1].text


def test_an_accepted_booking_becomes_an_order_and_the_customer_knows(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    book(guest)
    lead.taps("接受")

    (visit,) = visits(house, guest)
    assert (visit.service, visit.status, visit.area_m2, visit.price_fen) == ("深度保洁", "booked", 90, 81_000)
    assert visit.region == "浦东"
    assert "深度保洁" in guest.news()[-1].text


def test_the_supervisor_sends_a_cleaner_who_is_free_then(house: House) -> None:
    lead, guest, free = house.supervisor(), house.customer(), house.cleaner("李秀兰")
    busy = house.cleaner("周芳")
    book(guest)
    house.order(house.customer("赵先生"), busy, starts_at=START + timedelta(days=5, hours=1))
    assert lead.taps("接受")[-1].labels == ("李秀兰",)
    lead.taps("李秀兰")

    assert visits(house, guest)[0].cleaner_id == free.person_id
    assert "深度保洁" in free.news()[-1].text
    assert "不用再点" in lead.taps("李秀兰")[-1].text


def test_a_visit_that_began_is_not_given_to_somebody_else(house: House) -> None:
    lead, guest, first, other = house.supervisor(), house.customer(), house.cleaner(), house.cleaner("周芳")
    book(guest)
    lead.taps("接受")
    lead.taps("李秀兰")
    house.post(OrderPosted({"number": visits(house, guest)[0].number, "event": "started"}, origin="api"))

    assert "不能再派" in lead.taps("周芳")[-1].text
    assert visits(house, guest)[0].cleaner_id == first.person_id
    assert other.news() == []


def test_accepting_asks_for_the_time_only_when_none_was_understood(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("约个深度保洁")
    guest.says("你们看着办")
    guest.says("锦绣路1号，90平")
    guest.taps("没有了")
    guest.taps("没问题")

    assert lead.taps("接受")[-1].key == "booking.lead_time"
    assert "没看明白" in lead.says("随便")[-1].text
    lead.says("明天下午三点")
    assert visits(house, guest)[0].starts_at.hour == 7, "15:00 in Shanghai"


def test_another_time_is_the_customers_to_accept(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    book(guest)
    lead.taps("换时间")
    lead.taps("后天上午")
    assert "11月25日 周三 09:00" in guest.news()[-1].text
    assert visits(house, guest) == []
    guest.taps("就这个时间")

    guest.taps("就这个时间")
    assert len(visits(house, guest)) == 1


def test_a_declined_booking_offers_another_time_with_all_else_known(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    book(guest)
    lead.taps("婉拒")
    assert guest.news()[-1].labels == ("换个时间", "找人聊")

    assert guest.taps("换个时间")[-1].key == "booking.ask_when"
    assert guest.taps("后天上午")[-1].key == "booking.confirm"


def test_the_second_supervisor_is_told_that_it_is_settled(house: House) -> None:
    first, second, guest = house.supervisor(), house.supervisor("刘主管"), house.customer()
    book(guest)
    first.taps("接受")

    assert second.taps("婉拒")[-1].key == "requests.ended_before"
    assert len(visits(house, guest)) == 1


def test_a_customer_may_not_accept_bookings(house: House) -> None:
    house.supervisor()
    guest = house.customer()
    book(guest)
    refused = house.act(guest, "accept_booking", request=1)

    assert refused.error is not None
    assert refused.error.code == "forbidden"
    assert visits(house, guest) == []


def test_a_visit_is_moved_to_the_time_after_the_word_to(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    house.order(guest, starts_at=START.replace(day=28, hour=1))
    assert "改到 11月29日 周日 14:00" in guest.says("周六那单能不能改到周日下午两点")[-1].text
    guest.taps("对，请改")
    lead.taps("接受")

    assert visits(house, guest)[0].starts_at == START.replace(day=29, hour=6)


def test_a_visit_is_cancelled_only_after_a_yes(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    house.order(guest)
    assert guest.says("帮我取消明天的保洁")[-1].key == "booking.sure_cancel"
    guest.taps("对，取消")
    assert visits(house, guest)[0].status == "booked"
    lead.taps("接受")

    assert visits(house, guest)[0].status == "cancelled"


def test_with_nothing_booked_there_is_nothing_to_cancel(house: House) -> None:
    assert house.customer().says("帮我取消明天的保洁")[-1].key == "booking.nothing_booked"


def test_the_desk_must_bring_the_time_that_the_chat_would_ask_for(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("约个深度保洁")
    guest.says("你们看着办")
    guest.says("锦绣路1号，90平")
    guest.taps("没有了")
    guest.taps("没问题")

    refused = house.act(lead, "accept_booking", request=1)
    assert refused.error is not None
    assert refused.error.code == "invalid"
    accepted = house.act(lead, "accept_booking", request=1, time="2026-11-25T14:00:00+08:00")
    assert accepted.result == {"accepted": True, "number": visits(house, guest)[0].number}


def test_another_service_asked_for_as_a_question_changes_the_booking_instead_of_being_explained(house: House) -> None:
    guest = house.customer()
    guest.says("我想约日常保洁")
    assert [heard.key for heard in guest.says("换成深度保洁可以吗")] == ["booking.service_changed", "booking.ask_when"]
    assert guest.says("深度保洁多少钱")[0].key == "inquiry.aside", "a question stays one"


def test_a_booking_that_waits_is_put_right_and_accepted_as_it_was_said_last(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    book(guest)
    guest.says("换成日常保洁可以吗")
    guest.says("地址错了，是浦东张杨路500号602")
    assert guest.heard[-1].key == "requests.added"
    lead.taps("接受")

    (visit,) = visits(house, guest)
    assert (visit.service, visit.address, visit.area_m2) == ("日常保洁", "浦东张杨路500号602", 90)


def test_a_visit_wished_for_at_night_is_offered_in_the_morning(house: House) -> None:
    guest = house.customer()
    guest.says("我想约明天凌晨3点的日常保洁，浦东锦绣路1200弄8号301")
    assert "09:00 到 20:00" in guest.heard[-1].text
    guest.taps("可以")
    assert "时间：11月24日 周二 09:00" in guest.taps("没有了")[-1].text


def test_no_slot_is_offered_on_a_day_off(house: House) -> None:
    house.clock.time = datetime(2026, 9, 29, 2, tzinfo=UTC)
    offered = house.customer().says("我想约日常保洁")[-1].labels
    assert "明天上午" in offered
    assert "后天上午" not in offered, "the first of October"


def test_words_about_a_visit_that_is_booked_are_no_new_booking(house: House) -> None:
    guest = house.customer()
    house.order(guest, number="A1")
    assert guest.says("明天那单我不在家，钥匙放门垫下面")[-1].key == "booking.sure_edit"
    guest.taps("不改了")
    guest.says("我还要约一个擦玻璃")
    assert guest.says("明天那单取消吧")[-1].key == "booking.sure_cancel"


def test_more_to_do_is_asked_for_while_the_cleaner_is_there(house: House) -> None:
    lead, guest, cleaner = house.supervisor(), house.customer(), house.cleaner()
    house.order(guest, cleaner, number="A1", starts_at=START)
    cleaner.says("到了")
    assert guest.says("可以多加一个小时吗")[-1].key == "booking.sure_edit"
    guest.taps("对，请改")
    assert "可以多加一个小时吗" in lead.news()[-1].text


def test_who_asks_to_complain_while_booking_is_heard(house: House) -> None:
    guest = house.customer()
    guest.says(ALL_SAID)
    guest.says("我要投诉")
    assert guest.heard[-1].key.startswith("complaint.")


@pytest.mark.parametrize(("words", "key"), [("能不能早点来", "edit"), ("那算了别来了", "cancel")])
def test_words_about_the_coming_visit_are_about_it_also_in_the_middle_of_another_booking(
    house: House, words: str, key: str
) -> None:
    guest = house.customer()
    house.order(guest, number="A1")
    assert guest.says(words)[-1].key == f"booking.sure_{key}"
    guest.taps("不取消了" if key == "cancel" else "不改了")
    guest.says("我还要约一个擦玻璃")
    if key == "cancel":
        assert guest.says(words)[-1].key == "booking.sure_cancel"


def test_a_visit_is_moved_to_the_time_it_is_changed_into(house: House) -> None:
    guest = house.customer()
    house.order(guest, number="A1")
    assert guest.says("明天我有事，改成星期天下午三点吧")[-1].key == "booking.sure_move"
    assert "11月29日 周日 15:00" in guest.heard[-1].text


@pytest.mark.parametrize(("size", "shown"), [("90平", "面积：90㎡"), ("3个房间", "交代：3个房间")])
def test_a_size_is_neither_when_nor_where_and_is_kept(house: House, size: str, shown: str) -> None:
    guest = house.customer()
    guest.says("我想约擦玻璃")
    assert [heard.key for heard in guest.says(size)] == ["booking.noted", "booking.ask_when"]
    guest.says("明天下午三点")
    assert [heard.key for heard in guest.says(size)] == ["booking.noted", "booking.ask_place"]
    guest.says("浦东锦绣路1200弄8号301")
    summary = guest.taps("没有了")[-1].text

    assert shown in summary
    assert "11月24日 周二 15:00" in summary
    assert "地址：浦东锦绣路1200弄8号301\n" in summary


def test_words_that_name_no_time_are_asked_about_once_and_an_address_among_them_is_kept(house: House) -> None:
    guest = house.customer()
    guest.says("我想约擦玻璃")
    assert [heard.key for heard in guest.says("没了")] == ["booking.no_time", "booking.ask_when"]
    house.advance(hours=4)
    guest.says("我想约擦玻璃")
    assert [heard.key for heard in guest.says("浦东锦绣路1200弄8号301")] == ["booking.noted", "booking.ask_when"]
    assert guest.says("明天下午三点")[-1].key == "booking.ask_notes"
    assert "地址：浦东锦绣路1200弄8号301\n" in guest.taps("没有了")[-1].text


@pytest.mark.parametrize("words", ["你们看着办", "等我下周回来", "尽快", "还没定", "as soon as possible"])
def test_a_time_left_open_is_an_answer(house: House, words: str) -> None:
    guest = house.customer()
    guest.says("我想约擦玻璃")
    assert guest.says(words)[-1].key == "booking.ask_place"
