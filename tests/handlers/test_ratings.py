"""Ratings over the whole house: asked once, reminded once, kept with who served, called back, never lost when low."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import Address, ChatClosed, OrderPosted
from storage import cases, ratings
from storage.conversations import Conversation
from storage.ratings import CallBack, Rating
from tests.harness import START, Guest, House

AT = START + timedelta(hours=3)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def customer(house: House) -> Guest:
    return house.customer()


@pytest.fixture
def cleaner(house: House) -> Guest:
    return house.cleaner()


@pytest.fixture
def supervisor(house: House) -> Guest:
    return house.supervisor()


@pytest.fixture
def order(house: House, customer: Guest, cleaner: Guest, supervisor: Guest) -> int:
    """A visit that ended, and whose rating is being asked for."""
    order = int(house.order(customer, cleaner, number="A1", starts_at=AT)["id"])
    house.until(AT)
    cleaner.taps("到达")
    house.until(AT + timedelta(hours=3))
    cleaner.taps("完成")
    cleaner.taps("不发")
    house.advance(minutes=31)
    return order


def rating(house: House, order: int) -> Rating | None:
    with house.tx() as tx:
        return ratings.of_order(tx, order)


def stars(house: House, order: int) -> int:
    found = rating(house, order)
    return found.stars if found is not None else 0


def owed(house: House) -> list[CallBack]:
    with house.tx() as tx:
        return ratings.open_calls(tx)


def keys(guest: Guest) -> list[str]:
    return [heard.key for heard in guest.news()]


def my_cases(house: House, customer: Guest) -> list[str]:
    with house.tx() as tx:
        return [case.text for case in cases.of_customer(tx, customer.person_id)]


def test_a_full_rating_is_kept_bit_by_bit(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    customer.taps("5 星")
    customer.taps("5")
    customer.taps("4")
    customer.taps("跳过")
    customer.taps("3")
    customer.says("油烟机擦得跟新的一样，谢谢")
    customer.taps("可以")
    kept = rating(house, order)
    assert kept is not None
    assert (kept.stars, kept.attitude, kept.result, kept.punctual, kept.value) == (5, 5, 4, 0, 3)
    assert (kept.comment, kept.consent, kept.cleaner_id) == ("油烟机擦得跟新的一样，谢谢", True, cleaner.person_id)
    assert customer.heard[-1].key == "rating.refer"
    assert customer.person.referral_code
    assert customer.person.referral_code in customer.heard[-1].text


@pytest.mark.parametrize(("words", "given"), [("5", 5), ("五星", 5), ("挺好的", 4), ("给3星吧", 3), ("太差了", 1)])
def test_typing_works_like_tapping(house: House, customer: Guest, order: int, words: str, given: int) -> None:
    customer.says(words)
    assert stars(house, order) == given


def test_a_low_rating_is_a_case_within_one_more_tap(house: House, customer: Guest, order: int) -> None:
    customer.taps("1 星")
    heard = customer.taps("没打扫干净")
    assert my_cases(house, customer) == ["没打扫干净，整体只给 1 星"]
    assert heard, "soothed in the same chat"


def test_a_low_rating_and_silence_is_one_case(house: House, customer: Guest, order: int) -> None:
    customer.taps("2 星")
    house.advance(hours=1)
    assert my_cases(house, customer) == ["对这次服务不满意，整体只给 2 星"]


def test_a_low_rating_is_a_case_though_the_chat_was_closed_at_once(house: House, customer: Guest, order: int) -> None:
    customer.taps("1 星")
    house.post(ChatClosed(customer.address), source="delivery", lane=str(customer.address))
    house.advance(hours=1)
    assert len(my_cases(house, customer)) == 1


def test_a_low_rating_whose_question_was_pushed_out_is_still_a_case(house: House, customer: Guest, order: int) -> None:
    customer.taps("2 星")
    customer.says("算了")
    house.advance(hours=1)
    assert my_cases(house, customer) == ["对这次服务不满意，整体只给 2 星"]


def test_a_complaint_in_place_of_stars_is_walked_and_stars_count(house: House, customer: Guest, order: int) -> None:
    customer.says("马桶没刷，地也没拖干净")
    assert my_cases(house, customer) == ["马桶没刷，地也没拖干净"]
    customer.taps("2 星")
    assert stars(house, order) == 2
    house.advance(hours=1)
    assert len(my_cases(house, customer)) == 1


def test_no_answer_leads_to_one_reminder_and_then_to_a_call(
    house: House, customer: Guest, supervisor: Guest, order: int
) -> None:
    customer.news()
    house.advance(hours=24)
    assert keys(customer) == ["rating.ask_remind"]
    assert owed(house) == []
    house.advance(hours=24)
    assert [call.order_id for call in owed(house)] == [order]
    house.advance(hours=48)
    assert keys(customer) == []
    assert keys(supervisor).count("call_back.digest") == 1


def test_the_reminder_comes_to_the_chat_they_used_last(house: House, customer: Guest, order: int) -> None:
    """Another browser or phone, for instance, where the question cannot be seen."""
    now = house.clock.now()
    with house.writing() as tx:
        tx.add(
            Conversation, channel="telegram", chat="9", person_id=customer.person_id, last_in_at=now, created_at=now
        )  # fmt: skip
    elsewhere = Guest(house, Address("telegram", "9"), customer.name, customer.phone)
    elsewhere.says("在吗")
    first = customer.news()
    elsewhere.news()
    house.advance(hours=24)

    assert (keys(customer), keys(elsewhere)) == ([], ["rating.ask_remind"])
    customer.presses(dict(first[-1].buttons)["4 星"])
    assert stars(house, order) == 4


def test_the_first_buttons_still_work_after_the_reminder(house: House, customer: Guest, order: int) -> None:
    house.advance(hours=49)
    customer.taps("5 星", nth=0)
    assert stars(house, order) == 5
    assert owed(house) == []


@pytest.mark.parametrize(("label", "given"), [("5 星", 5), ("1 星", 1)])
def test_an_old_button_still_rates_when_its_question_is_over(
    house: House, customer: Guest, order: int, label: str, given: int
) -> None:
    customer.says("算了")
    house.advance(days=5)
    customer.taps(label, nth=0)
    assert stars(house, order) == given
    customer.taps(label, nth=0)
    assert customer.heard[-1].key == "rating.already"


def test_an_old_button_of_last_month_is_answered_kindly(house: House, customer: Guest, order: int) -> None:
    customer.says("算了")
    house.advance(days=10)
    assert [heard.key for heard in customer.taps("5 星", nth=0)] == ["rating.too_late"]
    assert stars(house, order) == 0


def test_later_leaves_a_button_and_a_second_no_is_final(house: House, customer: Guest, order: int) -> None:
    assert customer.taps("以后再说")[-1].labels == ("去评价",)
    house.advance(hours=24)
    customer.taps("不评了")
    house.advance(days=3)
    assert owed(house) == []
    customer.taps("去评价")
    customer.taps("4 星")
    assert stars(house, order) == 4


def test_the_reminder_waits_for_the_morning(house: House, customer: Guest, cleaner: Guest) -> None:
    late = START + timedelta(hours=8)
    order = int(house.order(customer, cleaner, number="A1", starts_at=late)["id"])
    house.until(late + timedelta(hours=3))
    house.post(OrderPosted({"number": "A1", "event": "finished"}))
    customer.news()
    house.advance(hours=2)
    assert keys(customer) == []
    house.advance(hours=10)
    assert keys(customer) == ["rating.ask_first"]
    assert stars(house, order) == 0


def test_a_customer_without_a_chat_is_called(house: House) -> None:
    body = {
        "number": "B1",
        "event": "finished",
        "customer": {"phone": "13900001111"},
        "service": "日常保洁",
        "starts_at": START.isoformat(),
    }
    house.post(OrderPosted(body))
    house.advance(hours=1)
    assert [call.reason for call in owed(house)] == ["no_chat"]


def test_the_rating_stays_with_who_served(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    other = house.cleaner("赵春梅")
    house.post(OrderPosted({"number": "A1", "event": "assigned", "cleaner": {"id": other.person_id}}))
    customer.taps("5 星")
    kept = rating(house, order)
    assert kept is not None
    assert kept.cleaner_id == cleaner.person_id


def test_who_served_is_kept_without_check_ins_too(house: House, customer: Guest) -> None:
    first, second = house.cleaner(), house.cleaner("赵春梅")
    order = int(house.order(customer, first, number="C1", event="finished", starts_at=START - timedelta(hours=4))["id"])
    house.post(OrderPosted({"number": "C1", "event": "assigned", "cleaner": {"id": second.person_id}}))
    house.advance(hours=1)
    customer.taps("4 星")
    kept = rating(house, order)
    assert kept is not None
    assert kept.cleaner_id == first.person_id


def test_an_order_cancelled_during_its_rating_ends_it_kindly(house: House, customer: Guest, order: int) -> None:
    customer.taps("4 星")
    customer.news()
    house.post(OrderPosted({"number": "A1", "event": "cancelled"}))
    assert keys(customer) == ["orders.cancelled_rating"]
    assert customer.taps("5"), "an old button is answered"
    house.advance(days=4)
    assert owed(house) == []


def test_a_call_back_is_kept_and_a_bad_one_becomes_a_case(
    house: House, customer: Guest, supervisor: Guest, order: int
) -> None:
    house.advance(days=3)
    supervisor.taps("看名单")
    card = supervisor.taps("开始回访")
    assert customer.phone in card[-1].text
    supervisor.taps("接通了")
    supervisor.taps("2")
    supervisor.taps("没说")
    supervisor.says("窗户没擦")
    supervisor.taps("不愿意")
    assert owed(house) == []
    with house.tx() as tx:
        call = tx.get(CallBack, 1)
    assert call.answers == {"reached": "yes", "tries": 1, "stars": "2", "better": "窗户没擦", "again": "again_no"}
    assert call.done_by == supervisor.person_id
    kept = rating(house, order)
    assert kept is not None
    assert (kept.stars, kept.origin) == (2, "phone")
    assert len(my_cases(house, customer)) == 1


def test_nobody_answering_the_phone_leaves_the_call_open(house: House, supervisor: Guest, order: int) -> None:
    house.advance(days=3)
    supervisor.taps("看名单")
    supervisor.taps("开始回访")
    supervisor.taps("没打通")
    assert [call.answers for call in owed(house)] == [{"reached": "no_answer", "tries": 1}]


def test_calls_are_for_leads_only(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    house.advance(days=3)
    assert house.act(cleaner, "call_list").error is not None
    assert house.act(customer, "call_back", call=1).error is not None


def test_a_bad_call_recorded_at_the_desk_becomes_a_case(
    house: House, customer: Guest, supervisor: Guest, order: int
) -> None:
    house.advance(days=3)
    answers = {"reached": "yes", "stars": "2", "better": "窗户没擦"}
    house.act(supervisor, "call_back", call=1, answers=answers)
    [said] = my_cases(house, customer)
    assert "窗户没擦" in said


def test_words_that_complain_on_the_phone_become_a_case_whatever_the_stars(
    house: House, customer: Guest, supervisor: Guest, order: int
) -> None:
    house.advance(days=3)
    customer.news()
    house.act(supervisor, "call_back", call=1, answers={"reached": "yes", "stars": "4", "better": "阿姨把花瓶打碎了"})

    assert my_cases(house, customer) == ["阿姨把花瓶打碎了"]
    told = customer.news()[-1]
    assert (told.key, "HX1001" in told.text) == ("complaint.phoned", True)


def test_a_wish_said_on_the_phone_is_no_case(house: House, customer: Guest, supervisor: Guest, order: int) -> None:
    house.advance(days=3)
    house.act(supervisor, "call_back", call=1, answers={"reached": "yes", "better": "希望下次早一点来"})

    assert my_cases(house, customer) == []


def test_what_lapses_beneath_the_rating_does_not_ask_it_again(
    house: House, customer: Guest, cleaner: Guest, order: int
) -> None:
    """The evening before another visit was asked about as well, and nobody answered either question."""
    house.order(customer, cleaner, number="A2", starts_at=AT + timedelta(days=1))
    house.until(AT + timedelta(hours=8))
    asked = keys(customer)
    house.until(AT + timedelta(hours=22))

    assert ("before_visit.ask_new" in asked, keys(customer)) == (True, [])


def test_a_slip_ends_the_questions_and_the_call(house: House, customer: Guest, supervisor: Guest, order: int) -> None:
    house.advance(days=3)
    assert len(owed(house)) == 1
    done = house.act(supervisor, "record_rating", order=order, stars=4, origin="paper")
    assert done.error is None
    assert owed(house) == []
    assert customer.taps("5"), "an old button is answered"
    kept = rating(house, order)
    assert kept is not None
    assert (kept.stars, kept.origin) == (4, "paper")
    assert house.act(customer, "record_rating", order=order, stars=1, origin="paper").error is not None


def test_a_call_may_be_recorded_from_the_desk(house: House, supervisor: Guest, order: int) -> None:
    house.advance(days=3)
    assert house.act(supervisor, "call_back", call=1, answers={"mood": "5"}).error is not None
    house.act(supervisor, "call_back", call=1, answers={"reached": "yes", "stars": "5", "good": "很满意"})
    assert owed(house) == []
    kept = rating(house, order)
    assert kept is not None
    assert (kept.stars, kept.origin) == (5, "phone")


def test_rate_order_is_for_the_orders_own_customer(house: House, order: int) -> None:
    other = house.customer("钱先生")
    with house.tx() as tx:
        assert ratings.of_order(tx, order) is None
    assert house.act(other, "rate_order", order=order).error is not None


@pytest.mark.parametrize(
    "words", ["打错了，是2星", "不是5星，是2星", "手滑了，应该是两颗星", "改成2星吧", "点错了，应该是2"]
)
def test_stars_that_were_a_slip_are_put_right_and_low_ones_begin_what_low_ones_begin(
    house: House, customer: Guest, order: int, words: str
) -> None:
    customer.taps("5 星")
    assert [heard.key for heard in customer.says(words)] == ["rating.changed", "rating.wrong"]
    assert stars(house, order) == 2
    customer.taps("没打扫干净")
    assert my_cases(house, customer) == ["没打扫干净，整体只给 2 星"]


def test_low_stars_that_were_a_slip_become_no_case(house: House, customer: Guest, order: int) -> None:
    customer.taps("2 星")
    assert [heard.key for heard in customer.says("点错了，应该是五颗星")] == ["rating.changed", "rating.attitude"]
    house.advance(hours=2)
    assert (stars(house, order), my_cases(house, customer)) == (5, [])


def test_another_star_of_the_same_question_takes_the_first_one_back(house: House, customer: Guest, order: int) -> None:
    customer.taps("1 星")
    assert [heard.key for heard in customer.taps("5 星")] == ["rating.changed", "rating.attitude"]
    assert stars(house, order) == 5


def test_a_double_tap_on_stars_is_asked_about_once(house: House, customer: Guest, order: int) -> None:
    two = next(data for heard in customer.heard for label, data in heard.buttons if label == "2 星")
    assert [heard.key for heard in customer.presses(two)] == ["rating.wrong"]
    assert [heard.key for heard in customer.presses(two)] == ["rating.noted"]
    assert (stars(house, order), my_cases(house, customer)) == (2, [])
    customer.taps("没打扫干净")
    assert len(my_cases(house, customer)) == 1


def test_stars_put_right_days_later_keep_what_was_said_and_a_low_review_is_shared_no_longer(
    house: House, customer: Guest, order: int
) -> None:
    for label in ("5 星", "5", "4"):
        customer.taps(label)
    customer.taps("都不评了")
    customer.says("窗户擦得很亮")
    customer.taps("可以")
    house.advance(days=2)
    customer.says("我想改一下评价")
    assert customer.heard[-1].labels == ("1 星", "2 星", "3 星", "4 星", "5 星")
    customer.taps("3 星")
    kept = rating(house, order)
    assert kept is not None
    assert (kept.stars, kept.attitude, kept.comment, kept.consent) == (3, 5, "窗户擦得很亮", False)


def test_words_that_say_what_was_wrong_beside_lower_stars_are_the_complaint(
    house: House, customer: Guest, order: int
) -> None:
    customer.taps("5 星")
    customer.says("改成一星，厕所根本没刷")
    assert (stars(house, order), my_cases(house, customer)) == (1, ["改成一星，厕所根本没刷"])


def test_better_stars_reach_the_open_case_which_one_tap_of_the_customer_closes(
    house: House, customer: Guest, supervisor: Guest, order: int
) -> None:
    customer.taps("2 星")
    customer.taps("没打扫干净")
    supervisor.taps("接单")
    supervisor.news()
    customer.says("点错了，应该是五颗星")
    assert "评价从 2 星改成 5 星" in supervisor.news()[0].text
    customer.taps("已经解决")
    with house.tx() as tx:
        assert cases.of_customer(tx, customer.person_id)[0].status == "closed"
    assert customer.says("谢谢")[0].key == "feedback.thanks", "nothing about the case is asked any more"


def test_words_about_other_matters_change_no_stars(house: House, customer: Guest, order: int) -> None:
    customer.taps("5 星")
    customer.taps("都不评了")
    customer.says("没有")
    customer.taps("不用了")
    customer.says("预约能改成周五吗")
    customer.says("五星级酒店那种打扫多少钱")
    assert stars(house, order) == 5


def test_words_written_between_the_taps_are_the_comment(house: House, customer: Guest, order: int) -> None:
    customer.taps("5 星")
    assert customer.says("打扫得很干净，阿姨人很好，五星好评")[-1].key == "rating.share"
    kept = rating(house, order)
    assert kept is not None
    assert (kept.stars, kept.comment) == (5, "打扫得很干净，阿姨人很好，五星好评")


def test_every_aspect_left_may_be_given_in_one_word(house: House, customer: Guest, order: int) -> None:
    customer.taps("5 星")
    customer.says("4星")
    customer.says("都5")
    kept = rating(house, order)
    assert kept is not None
    assert (kept.attitude, kept.result, kept.punctual, kept.value) == (4, 5, 5, 5)
    assert customer.heard[-1].key == "rating.comment_open"


def test_a_complaint_between_the_taps_is_a_case(house: House, customer: Guest, order: int) -> None:
    customer.taps("3 星")
    customer.says("马桶根本没刷，要求返工")
    assert my_cases(house, customer) == ["马桶根本没刷，要求返工"]


def test_a_question_between_the_taps_is_answered_and_no_comment(house: House, customer: Guest, order: int) -> None:
    customer.taps("5 星")
    assert customer.says("多少钱一小时")[0].key == "inquiry.aside"
    kept = rating(house, order)
    assert kept is not None
    assert kept.comment == ""
