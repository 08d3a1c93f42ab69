"""By when a case is solved: days as a customer counts them, at an hour when somebody is there, and told as it is."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage import cases
from storage.cases import Case
from tests.harness import Guest, House

SHANGHAI = ZoneInfo("Asia/Shanghai")
ORDINARY = "昨天的保洁，厨房油烟机没有擦干净"
BROKEN = "阿姨把我三千块的花瓶打碎了"
GAS = "你们保洁把燃气阀门碰开了，现在家里一股煤气味，怎么办"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def case_of(house: House, customer: Guest) -> Case:
    with house.tx() as tx:
        return cases.of_customer(tx, customer.person_id)[0]


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("said_at", "words", "respond_by", "resolve_by"),
    [
        ("11-23 10:00", ORDINARY, "11-23 15:00", "11-26 10:00"),  # three days are three days
        ("11-23 12:30", ORDINARY, "11-23 17:00", "11-26 13:00"),  # falls into lunch
        ("11-23 22:00", BROKEN, "11-24 09:30", "11-25 09:00"),  # falls into the night
        ("11-23 22:00", GAS, "11-23 22:05", "11-24 02:00"),  # urgent is exact
        ("12-30 19:50", ORDINARY, "12-31 13:50", "01-02 19:50"),
    ],
)
def test_solved_within_days_of_the_wall_clock_when_somebody_is_there(
    house: House, said_at: str, words: str, respond_by: str, resolve_by: str
) -> None:
    house.supervisor()
    customer = house.customer()
    house.until(datetime.fromisoformat(f"2026-{said_at}").replace(tzinfo=SHANGHAI))
    customer.says(words)

    case = case_of(house, customer)
    assert (shown(case.respond_by), shown(case.resolve_by)) == (respond_by, resolve_by)


def test_after_a_long_holiday_nothing_is_due_before_the_first_answer(house: House) -> None:
    house.clock.time = datetime(2026, 9, 30, 19, 50, tzinfo=SHANGHAI)  # the evening before 国庆
    customer = house.customer()
    customer.says(BROKEN)

    case = case_of(house, customer)
    assert (shown(case.respond_by), shown(case.resolve_by)) == ("10-08 09:20", "10-08 09:20")


def test_the_customer_is_told_what_the_card_says(house: House) -> None:
    supervisor, customer = house.supervisor(), house.customer()
    customer.says(BROKEN)
    while "没错" not in customer.heard[-1].labels:
        customer.taps("跳过")
    heard = customer.taps("没错")

    with house.tx() as tx:
        tasks = cases.tasks(tx, case_of(house, customer).id or 0)
    assert "11月24日 周二 10:00 前给您处理意见" in heard[-1].text
    assert "解决期限：11月24日 周二 10:00" in supervisor.heard[0].text
    assert shown(tasks[-1].due_at) == "11-24 10:00"


def test_no_promise_is_over_when_it_is_made(house: House) -> None:
    house.supervisor()
    customer = house.customer()
    customer.says(BROKEN)
    house.clock.time += timedelta(days=3)  # the machine was off
    house.run()

    told = next(heard.text for heard in customer.heard if heard.key == "complaint.offer_damage")
    assert "11月26日 周四 10:30 前给您处理意见" in told


def test_the_time_a_customer_takes_to_answer_is_given_back(house: House) -> None:
    supervisor, customer = house.supervisor(), house.customer()
    customer.says(ORDINARY)
    supervisor.taps("接单")
    supervisor.says("您好，明天上午十点上门返工，方便吗？", reply_to=f"out-{supervisor.heard[-1].row.id}")
    house.advance(hours=26)
    customer.says("方便的")

    case = case_of(house, customer)
    assert case.waiting_since is None
    assert shown(case.resolve_by) == "11-27 13:00"  # 26 hours later it would be at lunch
    assert case.resolve_by - case.opened_at == timedelta(hours=99)
