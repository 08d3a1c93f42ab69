"""What cleaners say, in their own short words, and that each gets its answer."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import cases, orders, timers
from storage.orders import Order
from tests.harness import START, Guest, House

AT = START + timedelta(hours=4)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def cleaner(house: House) -> Guest:
    return house.cleaner()


@pytest.fixture
def order(house: House, cleaner: Guest) -> int:
    """Today 14:00; it is 10:00."""
    return int(house.order(house.customer(), cleaner, number="A1", starts_at=AT)["id"])


def points(house: House, order: int) -> list[str]:
    with house.tx() as tx:
        return [row.point for row in orders.checkins(tx, order)]


@pytest.mark.parametrize("words", ["今天", "任务", "我的单", "今日任务", "today"])
def test_the_jobs_of_the_day_are_one_word_away(cleaner: Guest, order: int, words: str) -> None:
    header, card = cleaner.says(words)
    assert header.key == "visits.day"
    assert card.key == "visits.card"
    assert "王女士" in card.text
    assert "301" in card.text
    assert card.labels == ("出发", "到达", "要晚到", "报告问题")


def test_an_empty_day_names_the_next_job(house: House, cleaner: Guest) -> None:
    assert [heard.key for heard in cleaner.says("今天")] == ["visits.day_empty"]
    house.order(house.customer(), cleaner, starts_at=START + timedelta(days=2))
    assert [heard.key for heard in cleaner.says("今天")] == ["visits.day_empty", "visits.next_card"]


def test_no_customer_phone_is_shown(house: House, cleaner: Guest) -> None:
    customer = house.customer(phone="13912345678")
    house.order(customer, cleaner, starts_at=AT)
    cleaner.says("今天")
    assert not any("13912345678" in heard.text for heard in cleaner.heard)


@pytest.mark.parametrize(
    ("words", "minutes"), [("堵车了，晚到20分钟", 20), ("来不及了要晚半小时", 30), ("会晚到一刻钟", 15)]
)
def test_late_with_minutes_needs_no_question(
    house: House, cleaner: Guest, order: int, words: str, minutes: int
) -> None:
    house.until(AT - timedelta(minutes=40))
    assert [heard.key for heard in cleaner.says(words)] == ["visits.late_noted"]
    with house.tx() as tx:
        (row,) = orders.checkins(tx, order)
    assert (row.point, row.note) == ("late", f"{minutes}′ {words}")


def test_late_without_minutes_is_asked_about(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT - timedelta(minutes=40))
    assert [heard.key for heard in cleaner.says("路上堵车")] == ["late.ask"]
    (noted,) = cleaner.says("二十来分钟")
    assert (noted.key, "到达" in noted.labels) == ("visits.late_noted", True)


def test_a_late_customer_is_not_a_late_cleaner(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT)
    cleaner.says("客户说她要晚到半小时")
    assert points(house, order) == []


def test_a_photo_in_the_middle_of_a_job_stays_with_it(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT)
    cleaner.says("到了")
    assert cleaner.sends("photo")[-1].key == "cleaners.picture_kept"
    assert points(house, order) == ["arrived", "checked"]


def test_a_photo_without_a_job_is_answered(cleaner: Guest) -> None:
    assert cleaner.sends("photo")[-1].key == "cleaners.which_picture"


@pytest.mark.parametrize("kind", ["sticker", "location", "other"])
def test_what_cannot_be_read_gets_the_menu(cleaner: Guest, kind: str) -> None:
    heard = cleaner.sends(kind)[-1]
    assert heard.key == "cleaners.cannot_read"
    assert "今日任务" in heard.labels


def test_a_report_with_its_photo_is_one_case(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT)
    cleaner.says("到了")
    cleaner.sends("photo", text="吸尘器坏了，不转了")
    with house.tx() as tx:
        (case,) = cases.all_open(tx)
    assert (case.origin, case.order_id) == ("cleaner", order)
    assert len(case.matrix["evidence"]) == 1


def test_danger_interrupts_anything(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT)
    cleaner.says("到了")
    cleaner.taps("完成")
    cleaner.says("客户对我动手动脚，我好怕")
    with house.tx() as tx:
        (case,) = cases.all_open(tx)
    assert case.priority == "urgent"


def test_quitting_leaves_the_question_and_nothing_else(cleaner: Guest, order: int) -> None:
    cleaner.says("报告问题")
    assert [heard.key for heard in cleaner.says("算了")] == ["chat.cancelled"]


def test_no_job_is_said_kindly(cleaner: Guest) -> None:
    assert cleaner.says("到了")[-1].key == "cleaners.no_job"


@pytest.mark.parametrize("words", ["你好", "谢谢", "？？", "哈哈", "👍"])
def test_nothing_is_met_with_silence(cleaner: Guest, words: str) -> None:
    assert cleaner.says(words)


@pytest.fixture
def asked(house: House, cleaner: Guest, order: int) -> Guest:
    """Whom we asked for her side of yesterday's visit; her next one begins in an hour."""
    house.supervisor()
    customer = house.customer("赵先生", "13900000001")
    house.order(customer, cleaner, number="B1", starts_at=START - timedelta(days=1), event="finished")
    customer.says("昨天厨房灶台没擦干净，要求返工")
    for answer in ("跳过", "跳过"):
        customer.taps(answer)
    customer.taps("没错")
    house.until(START + timedelta(hours=3))
    assert "side.ask" in [heard.key for heard in cleaner.news()]
    return cleaner


def test_who_comes_late_is_late_though_their_side_of_another_visit_is_being_asked(asked: Guest) -> None:
    assert asked.says("堵车了，大概晚10分钟")[-1].key != "side.thanks"


def test_a_closed_door_is_reported_though_the_side_of_another_visit_is_being_asked(
    house: House, asked: Guest, order: int
) -> None:
    heard = [one.key for one in asked.says("客户不在家门锁着进不去")]
    assert heard == ["complaint.reported", "chat.resume", "side.ask"]
    with house.tx() as tx:
        assert [case.order_id for case in cases.all_open(tx) if case.origin == "cleaner"] == [order]
    assert asked.says("昨天客户家灶台油垢太厚，擦不掉")[-1].key == "side.thanks"


@pytest.mark.parametrize("words", ["客户自己说不用擦灶台的", "她家灶台本来就坏的", "那天客户不在家，没法做"])
def test_what_happened_then_is_their_side_and_no_report(house: House, asked: Guest, words: str) -> None:
    assert asked.says(words)[-1].key == "side.thanks"
    with house.tx() as tx:
        assert len(cases.all_open(tx)) == 1


def test_a_sentence_that_is_not_understood_may_be_passed_on(cleaner: Guest, order: int) -> None:
    assert "转给主管" in cleaner.says("点错了，还没做完呢")[-1].labels


@pytest.mark.parametrize("number", ["2", "5", "5."])
def test_a_number_alone_checks_nobody_in(house: House, cleaner: Guest, order: int, number: str) -> None:
    house.until(AT - timedelta(minutes=40))
    assert cleaner.says(number)[0].key == "cleaners.hello"
    assert points(house, order) == []


def test_few_minutes_typed_as_a_bare_number_are_minutes(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT - timedelta(minutes=40))
    cleaner.says("路上堵车")
    assert cleaner.says("5")[0].key == "visits.late_noted"
    assert points(house, order) == ["late"]


def finished(house: House, cleaner: Guest) -> None:
    house.until(AT)
    cleaner.says("到达")
    house.advance(minutes=5)
    assert cleaner.says("完成")[-1].key == "job.proof_finished"


def status(house: House, order: int) -> str:
    with house.tx() as tx:
        return tx.get(Order, order).status


@pytest.mark.parametrize("words", ["点错了，还没做完", "按错了", "还没做完呢", "点错了，还没做完[tap]"])
def test_a_slip_of_the_finger_is_taken_back(house: House, cleaner: Guest, order: int, words: str) -> None:
    finished(house, cleaner)
    cleaner.sends("photo")
    heard = cleaner.taps("点错了，还没做完") if words.endswith("[tap]") else cleaner.says(words)
    assert [one.key for one in heard] == ["visits.goes_on"]
    assert "完成" in heard[0].labels
    assert (status(house, order), points(house, order)) == ("started", ["arrived", "checked"])

    house.advance(hours=3)
    with house.tx() as tx:
        asking = timers.find(tx, "rating", f"order:{order}")
    assert asking is not None
    assert asking.fired_at is not None
    assert asking.fired_at < asking.due_at, "it was called off"
    assert cleaner.says("完成")[-1].key == "job.proof_finished"


def test_who_was_asked_how_it_went_is_not_told_that_it_goes_on(house: House, cleaner: Guest, order: int) -> None:
    finished(house, cleaner)
    button = cleaner.heard[-1]
    cleaner.taps("不发了")
    house.advance(hours=1)
    assert status(house, order) == "finished"
    assert [one.key for one in cleaner.says("点错了，还没做完")] != ["visits.goes_on"]
    assert button.labels == ("不发了", "点错了，还没做完")
    assert status(house, order) == "finished"


def test_before_the_end_not_done_yet_is_just_said(house: House, cleaner: Guest, order: int) -> None:
    house.until(AT)
    cleaner.says("到达")
    assert "visits.goes_on" not in [one.key for one in cleaner.says("还没做完")]
    assert points(house, order) == ["arrived"]


def test_not_done_told_with_trouble_is_a_report_and_takes_nothing_back(
    house: House, cleaner: Guest, order: int
) -> None:
    finished(house, cleaner)
    cleaner.taps("不发了")
    heard = cleaner.says("阳台的窗户擦不干净，没做完，客户发火不让我走")
    assert "visits.goes_on" not in [one.key for one in heard]
    assert status(house, order) == "finished"
    with house.tx() as tx:
        assert len(cases.all_open(tx)) == 1


def test_not_done_as_an_answer_about_another_visit_takes_nothing_back(house: House, cleaner: Guest, order: int) -> None:
    finished(house, cleaner)
    cleaner.taps("不发了")
    cleaner.says("报告问题")
    assert "visits.goes_on" not in [one.key for one in cleaner.says("还没做完")]
    assert status(house, order) == "finished"
