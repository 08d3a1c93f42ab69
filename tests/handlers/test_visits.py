"""A visit over the whole house: asked before and half-way, reported by the cleaner, checked by the supervisor."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import cases, orders
from storage.orders import Checkin, Order
from tests.harness import START, Guest, House

AT = START + timedelta(days=1, hours=4)


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
    """Tomorrow 14:00 to 17:00."""
    return int(house.order(customer, cleaner, number="A1", starts_at=AT)["id"])


def row(house: House, order: int) -> Order:
    with house.tx() as tx:
        return tx.get(Order, order)


def checkins(house: House, order: int) -> list[Checkin]:
    with house.tx() as tx:
        return orders.checkins(tx, order)


def keys(guest: Guest) -> list[str]:
    return [heard.key for heard in guest.news()]


def arrive(house: House, cleaner: Guest) -> None:
    house.until(AT)
    cleaner.taps("到达")


def test_an_order_without_an_address_shows_its_customer_no_line_for_one(house: House) -> None:
    customer = house.customer()
    house.order(customer, address="")
    house.advance(hours=8)
    asked = customer.heard[-1]
    assert asked.key == "before_visit.ask_new"
    assert "地址" not in asked.text
    assert "17:00\n上门保洁师：" in asked.text


def test_the_evening_before_the_customer_is_asked_and_the_cleaner_told(
    house: House, customer: Guest, cleaner: Guest, order: int
) -> None:
    house.advance(hours=8)
    asked = customer.heard[-1]
    assert asked.key == "before_visit.ask_new"
    assert "李秀兰" in asked.text
    assert "\n地址：上海市浦东新区锦绣路1200弄***\n上门" in asked.text
    assert "301" not in asked.text
    assert "138" not in asked.text
    customer.taps("家里有宠物")
    customer.says("一只猫，怕生")
    customer.says("没有了")
    assert row(house, order).needs == "家里有宠物：一只猫，怕生"
    assert "一只猫" in cleaner.heard[-1].text
    assert customer.person.profile["needs"] == ["家里有宠物：一只猫，怕生"]


def test_lasting_needs_are_known_at_the_next_visit(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    house.advance(hours=8)
    customer.says("家里有只猫怕生")
    customer.taps("没有了")
    house.order(customer, cleaner, number="A2", starts_at=AT + timedelta(days=7))
    house.until(AT + timedelta(days=6, hours=5))
    assert customer.heard[-1].key == "before_visit.ask_known"
    assert "怕生" in customer.heard[-1].text
    assert "怕生" in "".join(heard.text for heard in cleaner.says("明天"))


def test_a_booking_for_the_same_day_is_asked_about_at_once(house: House, customer: Guest, cleaner: Guest) -> None:
    house.order(customer, cleaner, starts_at=START + timedelta(hours=5))
    house.advance(minutes=2)
    assert keys(customer) == ["before_visit.ask_new"]


def test_every_checkpoint_counts_once(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT - timedelta(hours=1))
    cleaner.taps("出发")
    house.until(AT)
    cleaner.taps("到达")
    assert [heard.key for heard in cleaner.taps("到达")] == ["visits.already"]
    assert row(house, order).status == "started"
    cleaner.taps("中途自查")
    cleaner.sends("photo", "photo")
    cleaner.taps("发完了")
    cleaner.taps("完成")
    cleaner.says("钥匙交给门卫了")
    cleaner.taps("发完了")
    assert row(house, order).status == "finished"
    assert [(one.point, one.note, len(one.attachments)) for one in checkins(house, order)] == [
        ("left", "", 0), ("arrived", "", 0), ("checked", "", 2), ("finished", "钥匙交给门卫了", 0),
    ]  # fmt: skip


def test_a_problem_told_beside_the_pictures_is_kept_and_reported(house: House, cleaner: Guest, order: int) -> None:
    arrive(house, cleaner)
    cleaner.taps("完成")
    cleaner.says("客户家的花瓶被我不小心打碎了")
    assert checkins(house, order)[-1].note == "客户家的花瓶被我不小心打碎了"
    with house.tx() as tx:
        assert [case.text for case in cases.all_open(tx)] == ["客户家的花瓶被我不小心打碎了"]


def test_words_do_what_buttons_do(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT)
    cleaner.says("到了")
    cleaner.says("做完了")
    cleaner.says("不发")
    assert [one.point for one in checkins(house, order)] == ["arrived", "finished"]


def test_only_the_orders_own_cleaner_reports_from_it(house: House, cleaner: Guest, order: int) -> None:
    other = house.cleaner("赵春梅")
    house.until(AT)
    refused = house.act(other, "check_in", order=order, point="arrived")
    assert refused.error is not None
    assert "A1" in refused.error.message
    assert checkins(house, order) == []


def test_a_card_that_went_to_a_colleague_is_refused(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    house.order(customer, house.cleaner("赵春梅"), number="A1", event="assigned", starts_at=AT)
    house.until(AT)
    assert [heard.key for heard in cleaner.taps("到达")] == ["chat.refused"]
    assert checkins(house, order) == []


@pytest.mark.parametrize("role", ["customer", "supervisor"])
def test_nobody_else_checks_in(house: House, order: int, role: str) -> None:
    guest = house.customer("钱先生") if role == "customer" else house.supervisor("吴主管")
    assert house.act(guest, "check_in", order=order, point="arrived").error is not None


def test_nothing_is_finished_before_it_began(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT - timedelta(hours=1))
    refused = [cleaner.says(word)[-1] for word in ("完成", "自查")]

    assert ({heard.key for heard in refused}, "到达" in refused[-1].labels) == ({"visits.not_begun"}, True)
    assert cleaner.taps("到达")[-1].key == "visits.did_arrived"
    assert cleaner.taps("完成")[-1].key == "job.proof_finished"


def test_a_cancelled_or_far_job_is_not_begun(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    assert [heard.key for heard in cleaner.taps("到达")] == ["visits.too_early"]
    house.order(customer, cleaner, number="A1", event="cancelled", starts_at=AT)
    assert [heard.key for heard in cleaner.taps("到达")] == ["visits.is_cancelled"]


def test_running_late_reaches_the_customer_before_the_receipt(
    house: House, customer: Guest, cleaner: Guest, supervisor: Guest, order: int
) -> None:
    house.until(AT - timedelta(minutes=30))
    customer.news()
    supervisor.news()
    cleaner.says("路上堵车，要晚到20分钟")
    told, receipt = customer.heard[-1], cleaner.heard[-1]
    assert (told.key, receipt.key) == ("visits.late_customer", "visits.late_noted")
    assert (told.row.id or 0) < (receipt.row.id or 0)
    assert "14:20" in told.text
    assert keys(supervisor) == []
    house.until(AT + timedelta(minutes=25))
    assert keys(customer) == ["visits.late_customer"]


def test_a_long_delay_is_told_to_the_supervisor(house: House, cleaner: Guest, supervisor: Guest, order: int) -> None:
    house.until(AT - timedelta(minutes=30))
    cleaner.taps("要晚到")
    cleaner.taps("1 小时")
    assert "staff_visits.late" in keys(supervisor)


def test_silence_past_the_time_is_told_to_the_customer_first(
    house: House, customer: Guest, cleaner: Guest, supervisor: Guest, order: int
) -> None:
    house.until(AT + timedelta(minutes=11))
    told, ping = customer.heard[-1], supervisor.heard[-1]
    assert (told.key, ping.key) == ("visits.late_unknown", "staff_visits.no_show")
    assert (told.row.id or 0) < (ping.row.id or 0)
    assert cleaner.heard[-1].key == "visits.late_where"
    cleaner.taps("到达")
    house.advance(minutes=40)
    assert supervisor.heard[-1].row.id == ping.row.id


def test_after_an_outage_nobody_is_told_of_yesterdays_delay(
    house: House, customer: Guest, supervisor: Guest, order: int
) -> None:
    house.advance(hours=9)
    customer.news()
    supervisor.news()
    house.clock.time = AT + timedelta(hours=20)
    house.run()
    assert keys(customer) == []
    assert keys(supervisor) == ["staff_visits.no_trace"]


def test_half_way_a_problem_becomes_a_case(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    arrive(house, cleaner)
    house.advance(hours=1, minutes=31)
    assert customer.heard[-1].key == "mid_visit.ask"
    customer.taps("有点问题")
    customer.says("一直在玩手机，厨房还没开始擦")
    with house.tx() as tx:
        (case,) = cases.open_of_customer(tx, customer.person_id)
    assert case.order_id == order


def test_a_report_in_one_message_is_a_case_about_the_job(house: House, cleaner: Guest, order: int) -> None:
    arrive(house, cleaner)
    heard = cleaner.says("客户骂人，还不让我走")
    assert heard, "a report is never met with silence"
    with house.tx() as tx:
        (case,) = cases.all_open(tx)
    assert (case.origin, case.order_id, case.reporter_id) == ("cleaner", order, cleaner.person_id)


def test_a_report_by_buttons_is_a_case_in_words(house: House, cleaner: Guest, order: int) -> None:
    arrive(house, cleaner)
    cleaner.taps("报告问题")
    cleaner.taps("工具坏了")
    cleaner.says("吸尘器不转了")
    with house.tx() as tx:
        (case,) = cases.all_open(tx)
    assert case.text == "清洁工具坏了，干不了活。吸尘器不转了"


def test_what_was_not_understood_can_be_passed_on_as_it_is(house: House, cleaner: Guest, order: int) -> None:
    heard = cleaner.says("阳台那个东西怎么弄法来着")
    assert any("转给主管" in label for label in heard[-1].labels)
    cleaner.taps("转给主管")
    with house.tx() as tx:
        assert [case.text for case in cases.all_open(tx)] == ["阳台那个东西怎么弄法来着"]


def test_a_spot_check_is_kept_and_told(house: House, cleaner: Guest, supervisor: Guest, order: int) -> None:
    arrive(house, cleaner)
    cleaner.news()
    house.act(supervisor, "spot_check", order=order, result="fix", note="水龙头有水渍")
    assert checkins(house, order)[-1].note == "需整改：水龙头有水渍"
    assert "水龙头有水渍" in cleaner.heard[-1].text


def test_a_spot_check_is_for_leads_only(house: House, cleaner: Guest, order: int) -> None:
    assert house.act(cleaner, "spot_check", order=order, result="ok").error is not None


def test_a_visit_nobody_ended_is_rated_all_the_same(house: House, customer: Guest, cleaner: Guest, order: int) -> None:
    arrive(house, cleaner)
    house.until(AT + timedelta(hours=6, minutes=31))
    assert row(house, order).status == "finished"
    house.advance(hours=1)
    assert customer.heard[-1].key == "rating.ask_first"


def test_moving_the_visit_is_not_taken_for_a_need(house: House, customer: Guest, order: int) -> None:
    house.advance(hours=8)
    customer.says("明天有事，能不能改到周五下午")
    assert row(house, order).needs == ""
