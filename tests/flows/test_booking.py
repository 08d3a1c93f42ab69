"""Booking, changing, talking, erasing, asking: what each answer leads to, with a JSON round trip between turns."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from domain.effects import Do, EraseMe, OpenRequest, Say, Start
from domain.labels import Intent
from domain.understanding import Amount, Matrix, Understanding, When, Words
from flows.booking import BOOKING
from flows.change import CHANGE, Change
from flows.erase import ERASE, Erase
from flows.flow import Answer
from flows.inquiry import INQUIRY, Inquiry
from flows.offer_time import OFFER_TIME, OfferTime
from flows.talk import TALK, Talk
from flows.times import is_only_time, no_such_day
from flows.visiting import Visiting
from flows.wish import Booking, address_in, name_in, phone_in
from flows.write_customer import WRITE_CUSTOMER, WriteCustomer
from tests.flows.walking import walk

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SLOT = "2026-11-24T09:00:00+08:00"
SLOTS = (f"{SLOT}|明天上午|11月24日 上午",)
EMPTY = Booking(("daily|日常保洁|¥60/小时", "deep|深度保洁|¥9/平米"), SLOTS, "没说", begun_at=NOW)
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
    change = Change("cancel", ("7|周二 日常保洁",), SLOTS, begun_at=NOW, order=7, visit="周二 日常保洁")
    moved = walk(CHANGE, change).taps("move").taps(SLOT)
    assert moved.step == "confirm"
    (request,) = moved.taps("yes").caused(OpenRequest)

    assert (request.args["change"], request.args["order"]) == ("move", 7)


def test_with_several_visits_it_is_asked_which() -> None:
    change = Change("cancel", ("7|周二 日常保洁", "8|周四 擦玻璃"), SLOTS, begun_at=NOW)

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
    [("算了，还是后天吧", "后天", True), ("改到后天可以吗", "后天", True), ("后天有人看门", "后天", False)],
)
def test_a_time_alone_is_told_from_a_time_with_more(text: str, words: str, only: bool) -> None:
    assert is_only_time(text, reading(NOW + timedelta(days=2), words=words), NOW) is only


STANDING = replace(
    KNOWN, address="锦绣路1200弄8号301", area="90㎡", also=("大扫除|deep", "钟点工|daily"), starts_at=NOW, exact=False
)


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("换成日常保洁可以吗", "service", "daily"), ("还是钟点工吧", "service", "daily"),
        ("地址错了，是浦东张杨路500号602", "address", "浦东张杨路500号602"), ("不对，是302", "address", "锦绣路1200弄8号302"),
        ("电话错了，是13912345678", "phone", "13912345678"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("notes_asked", [False, True])
def test_what_was_chosen_is_put_right_in_the_middle_of_a_booking(
    words: str, field: str, value: str, notes_asked: bool
) -> None:
    standing = walk(BOOKING, replace(STANDING, notes_asked=notes_asked))
    changed = standing.answers(Answer(text=words, reading=Understanding(Intent.INQUIRY)))

    assert changed.standing is not None
    assert getattr(changed.standing.state, field) == value
    assert changed.step == ("confirm" if notes_asked else "notes"), "the same question waits"
    assert changed.standing.state.notes in ("", "没说"), "a correction is no note"
    assert changed.said == (["booking.confirm"] if notes_asked else [f"booking.{field}_changed", "booking.ask_notes"])


def test_a_time_put_right_with_a_reason_changes_the_time_and_keeps_the_reason() -> None:
    saturday = reading(NOW + timedelta(days=5), words="周六", hours=24)
    changed = walk(BOOKING, replace(STANDING, notes_asked=True)).answers(
        Answer(text="改成周六吧，猫要去打针", reading=saturday)
    )

    assert changed.standing is not None
    assert (changed.standing.state.when, changed.standing.state.notes) == ("周六", "猫要去打针")


@pytest.mark.parametrize(
    ("words", "step"), [("地址错了", "place"), ("能不能换个时间", "when"), ("号码填错了", "phone")]
)
def test_a_mistake_named_without_what_is_right_is_asked_again(words: str, step: str) -> None:
    assert walk(BOOKING, replace(STANDING, notes_asked=True)).says(words).step == step


@pytest.mark.parametrize(
    "words", ["阿姨来了换鞋，从锦绣路1200弄3号门进", "换气扇和玻璃也要擦", "到了打我老公电话13912345678"]
)
def test_a_note_that_only_resembles_a_correction_stays_a_note(words: str) -> None:
    noted = walk(BOOKING, STANDING).says(words)

    assert noted.standing is not None
    assert noted.standing.state.notes == words
    assert (noted.standing.state.address, noted.standing.state.service) == ("锦绣路1200弄8号301", "deep")


VISITING = Visiting(time(9), time(20), (date(2026, 11, 26),))
SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [
        (datetime(2026, 11, 25, 3, tzinfo=SHANGHAI), datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 25, 22, tzinfo=SHANGHAI), datetime(2026, 11, 25, 18, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 26, 10, tzinfo=SHANGHAI), datetime(2026, 11, 25, 18, tzinfo=SHANGHAI)),
    ],
)
def test_a_time_when_nobody_comes_is_said_so_with_the_nearest(wanted: datetime, nearest: datetime) -> None:
    asked = walk(BOOKING, replace(KNOWN, when="", visiting=VISITING))
    asked = asked.answers(Answer(text="夜里", reading=reading(wanted, words="夜里")))

    assert (asked.step, asked.said) == ("hours", ["booking.out_of_hours"])
    assert asked.standing is not None
    assert asked.standing.state.nearest == nearest
    asked = asked.taps("near")
    assert asked.standing is not None
    assert (asked.step, asked.standing.state.time) == ("notes", nearest)


def test_a_time_insisted_on_is_left_to_staff_and_a_usual_one_is_not_remarked_on() -> None:
    night = Answer(text="凌晨三点", reading=reading(datetime(2026, 11, 25, 3, tzinfo=SHANGHAI), words="凌晨三点"))
    asked = walk(BOOKING, replace(KNOWN, when="", visiting=VISITING)).answers(night)
    insisted = asked.answers(night)
    assert insisted.standing is not None
    assert (insisted.step, insisted.standing.state.starts_at) == ("notes", datetime(2026, 11, 25, 3, tzinfo=SHANGHAI))

    usual = Answer(text="下午两点", reading=reading(datetime(2026, 11, 25, 14, tzinfo=SHANGHAI), words="下午两点"))
    assert walk(BOOKING, replace(KNOWN, when="", visiting=VISITING)).answers(usual).step == "notes"


def test_a_visit_is_not_moved_into_the_night_in_silence() -> None:
    change = Change("move", ("1|周二的保洁",), SLOTS, begun_at=NOW, order=1, visit="周二的保洁", visiting=VISITING)
    night = Answer(text="凌晨三点", reading=reading(datetime(2026, 11, 25, 3, tzinfo=SHANGHAI), words="凌晨三点"))
    asked = walk(CHANGE, change).answers(night)

    assert asked.step == "hours"
    asked = asked.taps("near")
    assert asked.standing is not None
    assert (asked.step, asked.standing.state.time) == ("confirm", datetime(2026, 11, 25, 9, tzinfo=SHANGHAI))


def test_words_that_name_no_place_are_asked_about_once_and_a_place_said_later_counts() -> None:
    asked = walk(BOOKING, replace(KNOWN, address="")).says("哦不对，别取消")
    assert (asked.step, asked.said) == ("place", ["booking.no_place"])
    asked = asked.says("随便").says("浦东锦绣路5号")
    assert asked.standing is not None
    assert (asked.step, asked.standing.state.address) == ("notes", "浦东锦绣路5号")


@pytest.mark.parametrize("words", ["取消吧", "那就不约了，谢谢", "我不想约了", "算了，先不订了"])
def test_a_booking_is_called_off_in_words_at_any_step(words: str) -> None:
    assert walk(BOOKING, replace(KNOWN, address="")).says(words).said == ["booking.dropped"]
    assert walk(BOOKING, KNOWN).says(words).said == ["booking.dropped"]


def test_a_thing_that_is_not_wanted_any_more_calls_nothing_off() -> None:
    assert walk(BOOKING, KNOWN).says("旧地毯不要了，帮忙扔掉").step == "confirm"
    assert walk(BOOKING, KNOWN).says("不要").step == "confirm", "nothing to add"


def test_a_service_that_is_not_on_the_list_is_asked_about_once_and_then_left_to_staff() -> None:
    asked = walk(BOOKING, EMPTY).says("搬家清洁")
    assert (asked.step, asked.said) == ("service", ["booking.no_service", "booking.ask_service"])
    asked = asked.says("搬家清洁")
    assert asked.standing is not None
    assert (asked.step, asked.standing.state.service_name) == ("when", "搬家清洁")


@pytest.mark.parametrize(
    ("words", "hour", "meant"),
    [("周三三点", 3, 15), ("凌晨三点", 3, 3), ("早上8点", 8, 8), ("周三十点", 10, 10), ("3am", 3, 3)],
)
def test_a_bare_hour_is_the_one_of_the_day(words: str, hour: int, meant: int) -> None:
    moment = datetime(2026, 11, 25, hour, tzinfo=SHANGHAI)
    assert VISITING.by_day(moment, words).hour == meant


def test_a_service_may_be_named_by_how_it_begins() -> None:
    named = walk(BOOKING, EMPTY).says("日常").standing
    assert named is not None
    assert named.state.service == "daily"
