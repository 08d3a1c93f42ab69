"""Talking about a case as people do: without reply marks, and without being told that nothing was understood."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.events import MessageCame
from storage import cases
from tests.harness import Guest, House


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Guest, Guest]:
    """(customer, supervisor) of a case that was taken."""
    house = House(tmp_path)
    supervisor, customer = house.supervisor(), house.customer()
    customer.says("昨天你们保洁把我家的花瓶打碎了，八百多块买的")
    customer.says("取消")
    supervisor.taps("接单")
    return customer, supervisor


@pytest.mark.parametrize("answer", ["可以，三点在家", "行", "周六上午行吗？", "改到明天下午吧"])
def test_an_answer_to_a_question_of_staff_reaches_them(pair: tuple[Guest, Guest], answer: str) -> None:
    customer, supervisor = pair
    supervisor.says("下午三点我上门看一下可以吗？", reply_to=f"out-{supervisor.heard[-1].row.id}")
    supervisor.news()
    customer.says(answer)

    assert [answer in heard.text for heard in supervisor.news()] == [True]


@pytest.mark.parametrize("said", ["退一半可以吗？我是陈主管。", "照价赔您，三天内退到。"])
@pytest.mark.parametrize("answer", ["有购买记录，三百二十块，不能就这么算了", "不行，全退"])
def test_an_answer_that_complains_opens_no_second_case(pair: tuple[Guest, Guest], said: str, answer: str) -> None:
    customer, supervisor = pair
    supervisor.says(said, reply_to=f"out-{supervisor.heard[-1].row.id}")
    supervisor.news()
    customer.says(answer)

    assert [answer in heard.text for heard in supervisor.news()] == [True]
    with customer.house.tx() as tx:
        assert len(cases.of_customer(tx, customer.person_id)) == 1


def test_a_call_that_is_asked_for_is_no_threat(pair: tuple[Guest, Guest]) -> None:
    customer, supervisor = pair
    supervisor.says("方便发个购买记录吗？", reply_to=f"out-{supervisor.heard[-1].row.id}")
    supervisor.news()

    assert [heard.key for heard in customer.says("有的，直接打我手机也行")] == ["complaint.passed_on"]


def test_thanks_are_small_talk_when_nothing_was_asked(pair: tuple[Guest, Guest]) -> None:
    customer, supervisor = pair
    supervisor.says("碎片先留着，我们在核实。", reply_to=f"out-{supervisor.heard[-1].row.id}")
    supervisor.news()

    assert [heard.key for heard in customer.says("谢谢")] == ["feedback.thanks"]
    assert supervisor.news() == []


def test_what_fits_nothing_else_belongs_to_the_open_case(pair: tuple[Guest, Guest]) -> None:
    customer, supervisor = pair
    supervisor.news()

    assert [heard.key for heard in customer.says("碎片我装在纸箱里放门口鞋柜上了")] == ["complaint.passed_on"]
    assert ["纸箱" in heard.text for heard in supervisor.news()] == [True]


def test_when_a_person_asks_our_own_questions_are_over(tmp_path: Path) -> None:
    house = House(tmp_path)
    supervisor, customer = house.supervisor(), house.customer()
    customer.says("昨天你们保洁把我家的花瓶打碎了，八百多块买的")
    supervisor.says("碎片还在吗？", reply_to=f"out-{supervisor.heard[-1].row.id}")
    supervisor.news()

    assert [heard.key for heard in customer.says("在的，我收在盒子里")] == ["complaint.passed_on"]
    assert "收在盒子里" in supervisor.news()[-1].text


@pytest.mark.parametrize("answer", ["想退款", "退款"])
def test_a_wish_is_an_answer_and_no_question_how_it_stands(tmp_path: Path, answer: str) -> None:
    house = House(tmp_path)
    supervisor, customer = house.supervisor(), house.customer()
    customer.says("昨天打扫的，厨房油烟机没擦干净")

    assert "status.list" not in {heard.key for heard in customer.says(answer)}
    assert "希望：退款" in supervisor.taps("接单")[-1].text


def test_a_wish_for_money_is_heard_where_work_is_offered(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.supervisor()
    customer = house.customer()
    customer.says("昨天打扫的，厨房油烟机没擦干净，要求退款")
    customer.taps("跳过")

    assert "退款" in next(heard.text for heard in customer.taps("没错") if heard.key == "complaint.wish_heard")


def test_the_question_how_it_stands_is_answered_in_the_middle_of_a_complaint(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.supervisor()
    customer = house.customer()
    customer.says("昨天打扫的，厨房油烟机没擦干净")

    assert ["HX1001" in customer.says(asked)[0].text for asked in ("查进度", "退款到哪了", "有结果了吗")] == [True] * 3


def test_in_danger_words_go_to_the_urgent_case_and_not_to_who_wrote_lately(pair: tuple[Guest, Guest]) -> None:
    customer, supervisor = pair
    supervisor.says("碎片先留着，我们在核实。", reply_to=f"out-{supervisor.heard[-1].row.id}")
    customer.says("现在家里一股煤气味")
    customer.taps("我们都安全")
    supervisor.news()
    customer.says("我们都没事，在楼下")

    assert supervisor.news() == []
    assert "我们都没事，在楼下" in supervisor.taps("接单")[-1].text


@pytest.mark.parametrize(
    ("kept", "yesterday"),
    [
        (timedelta(hours=3), "2026-11-22"),  # said before midnight
        (timedelta(0), "2026-11-23"),
        (timedelta(hours=-3), "2026-11-23"),  # a clock that is ahead of ours
        (timedelta(days=3), "2026-11-23"),  # no channel keeps it so long: a clock that is wrong
    ],
)
def test_yesterday_is_counted_from_when_it_was_said_and_not_from_when_we_could_read_it(
    tmp_path: Path, kept: timedelta, yesterday: str
) -> None:
    house = House(tmp_path)
    house.clock.time = datetime(2026, 11, 24, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    customer = house.customer()
    customer.does(MessageCame(customer.address, "昨天的厨房没擦干净", said_at=house.clock.now() - kept))

    with house.tx() as tx:
        (case,) = cases.of_customer(tx, customer.person_id)
    assert case.matrix["occurred_at"]["start"].startswith(yesterday)


@pytest.mark.parametrize(
    ("answer", "things"),
    [("大概五千块吧", None), ("小米的，大概五千", ["小米的，大概五千"]), ("一台电视", ["一台电视"])],
)
def test_the_worth_told_for_a_thing_is_not_taken_for_the_thing(
    tmp_path: Path, answer: str, things: list[str] | None
) -> None:
    house = House(tmp_path)
    house.supervisor()
    customer = house.customer()
    customer.says("阿姨把我家东西碰坏了，赔钱！")
    assert customer.says(answer)[-1].key != "complaint.ask_objects"
    with house.tx() as tx:
        [case] = cases.of_customer(tx, customer.person_id)
    assert case.matrix.get("objects") == things


@pytest.mark.parametrize(
    "words", ["我不投诉了", "没事了，不用管了", "算了，不追究了，谢谢", "不用了，没事了", "是误会，不好意思"]
)
@pytest.mark.parametrize("asked", [False, True])
def test_a_complaint_taken_back_is_told_to_its_lead_and_closed_by_one_tap_only(
    tmp_path: Path, words: str, asked: bool
) -> None:
    house = House(tmp_path)
    supervisor, customer = house.supervisor(), house.customer()
    customer.says("昨天厨房灶台没擦干净，要求返工")
    if not asked:
        customer.says("取消")
    supervisor.taps("接单")
    supervisor.news()
    assert [heard.key for heard in customer.says(words)] == ["complaint.take_back"]
    assert words in supervisor.news()[-1].text
    with house.tx() as tx:
        assert len(cases.all_open(tx)) == 1
    customer.taps("撤下")
    with house.tx() as tx:
        assert cases.all_open(tx) == []
    assert customer.says("好的")[-1].key == "feedback.fine", "nothing is asked about it any more"


def test_that_all_is_well_again_takes_no_danger_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.supervisor()
    customer = house.customer()
    customer.says("厨房有煤气味")
    assert "complaint.take_back" not in [heard.key for heard in customer.says("没事了")]


@pytest.fixture
def dirty(tmp_path: Path) -> Guest:
    """A customer whose quality case was confirmed: 返工 is under way."""
    house = House(tmp_path)
    house.supervisor()
    customer = house.customer()
    customer.says("昨天厨房灶台没擦干净，要求返工")
    for answer in ("跳过", "跳过", "没错"):
        customer.taps(answer)
    return customer


@pytest.mark.parametrize(
    ("words", "kind", "work"),
    [
        ("算了，还是要重新打扫，另外沙发也刮坏了", "damage", "compensation_review"),
        ("卫生间也没擦干净，还多收了我两百块", "billing", "refund_review"),
    ],
)
def test_another_failing_told_beside_the_first_gets_its_own_work(
    dirty: Guest, words: str, kind: str, work: str
) -> None:
    assert [heard.key for heard in dirty.says(words)] == ["complaint.joined"]
    with dirty.house.tx() as tx:
        (case,) = cases.of_customer(tx, dirty.person_id)
        kinds = [task.kind for task in cases.tasks(tx, case.id or 0)]
    assert {case.type, *case.secondary} == {"quality", kind}
    assert "rework" in kinds
    assert work in kinds


def test_what_is_denied_or_said_again_adds_no_work(dirty: Guest) -> None:
    dirty.says("东西没坏也没丢，就是灶台没擦干净，要重新打扫")
    with dirty.house.tx() as tx:
        (case,) = cases.of_customer(tx, dirty.person_id)
        assert [task.kind for task in cases.tasks(tx, case.id or 0)] == ["rework"]
    assert (case.type, case.secondary) == ("quality", [])


def test_words_that_open_a_closed_case_again_are_answered_so(pair: tuple[Guest, Guest]) -> None:
    customer, supervisor = pair
    supervisor.house.act(supervisor, "close_case", case=1, grade="A")
    customer.news()

    assert [heard.key for heard in customer.says("花瓶碎了，说好赔的到现在没赔，你们骗人")] == ["complaint.reopened"]
    assert [heard.key for heard in customer.says("打碎花瓶的事，说好赔的到现在没赔")] == ["complaint.joined"]


@pytest.mark.parametrize("word", ["跳过", "跳过。", "没错", "先跳过，谢谢"])
def test_a_button_typed_after_its_question_is_over_tells_nobody_anything(pair: tuple[Guest, Guest], word: str) -> None:
    customer, supervisor = pair
    supervisor.news()

    assert [heard.key for heard in customer.says(word)] == ["chat.lapsed"]
    assert supervisor.news() == []
    with customer.house.tx() as tx:
        assert "more" not in cases.of_customer(tx, customer.person_id)[0].matrix
