"""Booking, changing, talking, erasing, asking: what each answer leads to, with a JSON round trip between turns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.effects import Do, EraseMe, OpenRequest, Say, Start
from domain.labels import Intent
from domain.understanding import Amount, Matrix, Understanding, When, Words
from flows.booking import BOOKING, Booking, address_in, name_in, phone_in
from flows.change import CHANGE, Change
from flows.erase import ERASE, Erase
from flows.flow import Answer
from flows.inquiry import INQUIRY, Inquiry
from flows.offer_time import OFFER_TIME, OfferTime
from flows.talk import TALK, Talk
from flows.times import is_only_time, no_such_day
from flows.write_customer import WRITE_CUSTOMER, WriteCustomer
from tests.flows.walking import walk

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SLOT = "2026-11-24T09:00:00+08:00"
SLOTS = (f"{SLOT}|明天上午|11月24日 上午",)
EMPTY = Booking(("daily|日常保洁|¥60/小时", "deep|深度保洁|¥9/平米"), SLOTS, NOW, "没说")
KNOWN = replace(EMPTY, service="deep", service_name="深度保洁", when="周六", address="锦绣路1号", phone="13812345678")
WORDS = Words("周四两点", 0, 4)


def reading(start: datetime, area: float = 0, words: str = "周四两点", hours: int = 1) -> Understanding:
    amounts = (Amount(area, "平米", WORDS),) if area else ()
    when = When(start, start + timedelta(hours=hours), Words(words, 0, len(words)))
    return Understanding(Intent.BOOKING, matrix=Matrix(occurred_at=when, amounts=amounts))


def test_a_booking_begins_with_the_first_unknown() -> None:
    assert walk(BOOKING, EMPTY).step == "service"
    assert walk(BOOKING, replace(EMPTY, service_name="深度保洁")).step == "when"
    assert walk(BOOKING, KNOWN).step == "notes"


def test_a_slot_and_a_typed_time_are_both_understood() -> None:
    asked = walk(BOOKING, replace(KNOWN, when=""))
    assert asked.taps(SLOT).standing.state.when == "11月24日 上午"
    read = reading(NOW + timedelta(days=3))
    typed = walk(BOOKING, replace(KNOWN, when="")).answers(Answer(text="周四两点", reading=read))
    assert typed.standing.state.starts_at == NOW + timedelta(days=3)


def test_a_time_that_is_over_is_asked_again_and_said_twice_kept_as_words_only() -> None:
    yesterday = Answer(text="昨天下午", reading=reading(NOW - timedelta(hours=20), words="昨天下午"))
    typed = walk(BOOKING, replace(KNOWN, when="")).answers(yesterday)

    assert (typed.step, typed.said) == ("when", ["booking.time_over", "booking.ask_when"])
    typed = typed.answers(yesterday)
    assert (typed.standing.state.time, typed.standing.state.starts_at) == ("昨天下午", None)


def test_a_morning_stays_one_and_is_planned_for_nine() -> None:
    morning = datetime(2026, 11, 24, 6, tzinfo=timezone(timedelta(hours=8)))
    read = reading(morning, words="明天上午", hours=6)
    typed = walk(BOOKING, replace(KNOWN, when="")).answers(Answer(text="明天上午吧", reading=read))

    assert typed.standing.state.time == "11月24日 上午"
    assert typed.standing.state.starts_at == datetime.fromisoformat(SLOT)


def test_an_address_said_with_the_time_is_not_asked_for_again() -> None:
    text = "周四两点，浦东花木路88号2号楼301，90平"
    said = Answer(text=text, reading=reading(NOW + timedelta(days=3), area=90))
    asked = walk(BOOKING, replace(KNOWN, when="", address="")).answers(said)

    assert asked.step == "notes"
    assert (asked.standing.state.when, asked.standing.state.address) == ("周四两点", "浦东花木路88号2号楼301")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("我想约25号下午两点的深度保洁", ""),
        ("地址是浦东花木路88号做深度保洁", "浦东花木路88号"),
        ("我家在仁恒花园3栋", "仁恒花园3栋"),
    ],
)
def test_a_date_is_no_address(text: str, address: str) -> None:
    assert address_in(text, None) == address


def test_a_wrong_number_is_asked_again_and_may_be_left_out() -> None:
    asked = walk(BOOKING, replace(KNOWN, phone=""))
    assert asked.says("12345").said == ["booking.bad_phone"]
    assert asked.step == "phone"
    assert asked.taps("skip").step == "notes"


def test_what_was_not_given_is_shown_as_such_and_not_sent() -> None:
    asked = walk(BOOKING, KNOWN).taps("none")
    assert asked.standing.state.area == "没说"
    (request,) = asked.taps("right").caused(OpenRequest)

    assert (request.args["area"], request.args["notes"], request.args["phone"]) == ("", "", "13812345678")


def test_words_at_the_end_are_one_more_note() -> None:
    asked = walk(BOOKING, KNOWN).says("家里有猫").says("马桶重点擦")

    assert asked.standing.state.notes == "家里有猫；马桶重点擦"
    assert asked.step == "confirm"


def test_changing_ones_mind_asks_anew_and_keeps_the_number() -> None:
    asked = walk(BOOKING, KNOWN).taps("none").taps("change")

    assert (asked.step, asked.standing.state.phone) == ("service", "13812345678")


def test_a_silent_booking_ends_with_one_line_that_waits_for_the_day() -> None:
    lapsed = walk(BOOKING, KNOWN).waits()

    assert lapsed.step == ""
    assert lapsed.caused(Say)[0].proactive


@pytest.mark.parametrize(
    ("text", "phone", "name"),
    [("王女士 13812345678", "13812345678", "王女士"), ("我姓王，138-1234-5678", "13812345678", "王"),
     ("+86 13812345678", "13812345678", ""), ("12345", "", "")],
)  # fmt: skip
def test_a_name_and_a_number_are_told_apart(text: str, phone: str, name: str) -> None:
    assert (phone_in(text), name_in(text)) == (phone, name)


def test_a_cancellation_may_become_a_move() -> None:
    change = Change("cancel", ("7|周二 日常保洁",), SLOTS, NOW, order=7, visit="周二 日常保洁")
    moved = walk(CHANGE, change).taps("move").taps(SLOT)
    assert moved.step == "confirm"
    (request,) = moved.taps("yes").caused(OpenRequest)

    assert (request.args["change"], request.args["order"]) == ("move", 7)


def test_with_several_visits_it_is_asked_which() -> None:
    change = Change("cancel", ("7|周二 日常保洁", "8|周四 擦玻璃"), SLOTS, NOW)

    assert walk(CHANGE, change).taps("8").standing.state.order == 8
    assert walk(CHANGE, change).taps("keep").said == ["booking.kept"]


def test_a_talk_passes_everything_on_until_it_ends() -> None:
    talk = walk(TALK, Talk(3, "open"))
    assert talk.says("在吗").caused(Do)[0].args["text"] == "在吗"
    assert talk.step == "say"

    assert [do.name for do in talk.taps("end").caused(Do)] == ["end_talk"]


def test_the_buttons_under_an_answer_lead_on() -> None:
    asked = Inquiry("¥60", "多少钱", "daily")
    assert walk(INQUIRY, asked).taps("book").caused(Start)[0].args == {"service": "daily"}
    assert walk(INQUIRY, asked).taps("person").caused(Do)[0].args == {"text": "多少钱"}
    assert walk(INQUIRY, asked).taps("more").said == ["inquiry.more"]


def test_only_a_clear_yes_erases() -> None:
    assert walk(ERASE, Erase()).taps("erase").caused(EraseMe)
    assert not walk(ERASE, Erase()).taps("keep").caused(EraseMe)
    assert not walk(ERASE, Erase()).waits().caused(EraseMe)


def test_staff_flows_do_what_they_were_begun_for() -> None:
    offer = walk(OFFER_TIME, OfferTime(3, "offer_time", "王女士", "周六", SLOTS)).taps(SLOT)
    assert offer.caused(Do)[0] == Do("offer_time", {"request": 3, "time": SLOT})
    written = walk(WRITE_CUSTOMER, WriteCustomer(3, "王女士")).says("您好")
    assert written.caused(Do)[0].args["text"] == "您好"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2月30号上午", "2月30号"), ("11月31日", "11月31日"), ("13月1号", "13月1号"), ("Feb 30 please", "Feb 30"),
        ("31st of June", "31st of June"), ("2月29号", ""), ("12月31号", ""), ("May 31", ""), ("Market 45, flat 3", ""),
        ("锦绣路1200弄88号", ""),
    ],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_known(text: str, day: str) -> None:
    assert no_such_day(text) == day


@pytest.mark.parametrize(
    ("text", "words", "only"),
    [("算了，还是后天吧", "后天", True), ("改到后天可以吗", "后天", False), ("后天有人看门", "后天", False)],
)
def test_a_time_alone_is_told_from_a_time_with_more(text: str, words: str, only: bool) -> None:
    assert is_only_time(text, reading(NOW + timedelta(days=2), words=words), NOW) is only
