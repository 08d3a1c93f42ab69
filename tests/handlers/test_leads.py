"""What those who lead do in their chat: take, answer, hand on, put right, close, register a call."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Forbidden, Invalid
from storage import cases, escalations
from storage.cases import Case
from storage.outbox import Outbox
from storage.people import Person
from tests.harness import Guest, House

GREASE = "昨天的保洁，厨房油烟机没有擦干净"


@dataclass
class Shop:
    house: House
    supervisor: Guest
    owner: Guest
    customer: Guest

    @property
    def case(self) -> Case:
        with self.house.tx() as tx:
            return cases.of_customer(tx, self.customer.person_id)[0]

    def kinds(self) -> list[str]:
        with self.house.tx() as tx:
            return [entry.kind for entry in cases.entries(tx, self.case.id or 0)]

    def newest(self, guest: Guest, key: str) -> str:
        """How a web chat names the newest message of this kind."""
        return f"out-{[heard for heard in guest.heard if heard.key == key][-1].row.id}"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    house = House(tmp_path)
    shop = Shop(house, house.supervisor(), house.owner(), house.customer("王女士", "13811112222"))
    shop.customer.says(GREASE)
    return shop


def test_the_card_says_what_is_needed_and_no_private_contacts(shop: Shop) -> None:
    (card,) = shop.supervisor.heard

    assert shop.case.number in card.text
    assert "清洁质量" in card.text
    assert "厨房油烟机" in card.text
    assert "13811112222" not in card.text
    assert card.labels == ("接单", "回复客户", "补偿", "改派", "结案", "改分类")


def test_taking_a_case_is_told_to_the_customer(shop: Shop) -> None:
    shop.customer.news()
    shop.supervisor.taps("接单")

    assert (shop.case.status, shop.case.owner_id) == ("taken", shop.supervisor.person_id)
    assert "陈主管" in shop.customer.news()[-1].text


def test_a_reply_to_the_card_reaches_the_customer_and_their_answer_comes_back(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.customer.news()
    card = shop.newest(shop.supervisor, "staff.taken")
    heard = shop.supervisor.says("王女士您好，明天上午给您返工可以吗？", reply_to=card)
    to_customer = shop.customer.news()[-1]
    shop.supervisor.news()
    shop.customer.says("可以，上午十点", reply_to=f"out-{to_customer.row.id}")

    assert "已发给" in heard[-1].text
    assert "明天上午给您返工" in to_customer.text
    assert shop.case.responded_at == shop.house.clock.now()
    assert "上午十点" in shop.supervisor.news()[-1].text


def test_the_button_asks_for_the_words_and_sends_them(shop: Shop) -> None:
    shop.supervisor.taps("回复客户")
    shop.customer.news()
    shop.supervisor.says("我们会给您一个说法")

    assert any("我们会给您一个说法" in heard.text for heard in shop.customer.news())
    assert shop.case.owner_id == shop.supervisor.person_id, "answering is taking"


def test_replying_to_a_telegram_message_finds_its_case_by_the_channels_id(shop: Shop) -> None:
    with shop.house.writing() as tx:
        row = shop.supervisor.heard[0].row
        tx.change(Outbox, row.id or 0, ref="4711")
    shop.supervisor.says("我马上处理", reply_to="4711")

    assert "reply" in shop.kinds()


def test_typing_a_buttons_words_in_a_reply_presses_it_instead_of_sending_them(shop: Shop) -> None:
    shop.supervisor.says("接单", reply_to=shop.newest(shop.supervisor, "escalation.ping"))

    assert "taken" in shop.kinds()
    assert "reply" not in shop.kinds()


def test_a_reply_to_talk_among_ourselves_never_reaches_the_customer(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.taps("补偿")
    shop.supervisor.taps("优惠券")
    shop.supervisor.taps("¥300")
    shop.supervisor.taps("提交")
    shop.customer.news()
    shop.owner.says("这么多？先问问她要什么", reply_to=shop.newest(shop.owner, "money.ask_coupon"))

    assert shop.customer.news() == []


def test_whoever_has_the_case_hears_that_somebody_else_answered(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.news()
    answer = shop.house.act(shop.owner, "reply_customer", case=shop.case.id, text="我是老板，很抱歉")

    assert answer.result == {"sent": True}
    assert "周总" in shop.supervisor.news()[-1].text
    assert shop.case.owner_id == shop.supervisor.person_id


def test_handing_on_moves_the_case_its_tasks_and_its_clock(shop: Shop) -> None:
    other = shop.house.supervisor("何主管")
    shop.supervisor.taps("接单")
    shop.supervisor.taps("改派")
    shop.supervisor.taps("何主管")

    assert shop.case.owner_id == other.person_id
    assert "陈主管把这件事转给您" in other.heard[-1].text
    assert "已由何主管负责" in shop.customer.heard[-1].text
    with shop.house.tx() as tx:
        climb = escalations.about(tx, f"case:{shop.case.id}")
        assert {task.owner_id for task in cases.tasks(tx, shop.case.id or 0)} <= {other.person_id}
    assert climb is not None
    assert climb.taken_by == other.person_id
    shop.house.advance(days=2)
    assert "没有任何进展" in " ".join(heard.text for heard in other.heard)


def test_nobody_off_duty_or_below_can_be_handed_a_case(shop: Shop) -> None:
    cleaner = shop.house.cleaner()
    away = shop.house.supervisor("休息的主管")
    away.says("下班")
    for person in (cleaner, away):
        answer = shop.house.act(shop.supervisor, "reassign_case", case=shop.case.id, to=person.person_id)
        assert isinstance(answer.error, Invalid)


def test_with_nobody_else_on_duty_handing_on_says_so(shop: Shop) -> None:
    shop.owner.says("下班")
    heard = shop.supervisor.taps("改派")

    assert "没有其他当班" in heard[-1].text


def test_closing_grades_the_case_and_the_customer_is_told(shop: Shop) -> None:
    shop.customer.news()
    shop.supervisor.taps("结案")
    shop.supervisor.taps("B 可改进")
    shop.supervisor.says("油烟机要拆滤网洗")

    assert (shop.case.status, shop.case.grade, shop.case.grade_note) == ("closed", "B", "油烟机要拆滤网洗")
    assert any("还没解决" in heard.labels for heard in shop.customer.news())


def test_grade_c_goes_to_the_owner_with_the_rule_to_change(shop: Shop) -> None:
    shop.supervisor.taps("结案")
    shop.supervisor.taps("C 要改规矩")
    shop.supervisor.says("厨房深度清洁的工时太短")

    assert "厨房深度清洁的工时太短" in shop.owner.heard[-1].text
    assert shop.owner.heard[-1].labels == ("看案件",)


def test_from_the_desk_b_and_c_need_their_note_too(shop: Shop) -> None:
    assert isinstance(shop.house.act(shop.supervisor, "close_case", case=shop.case.id, grade="C").error, Invalid)
    assert shop.case.status == "open"


@pytest.mark.parametrize("label", ["接单", "回复客户", "补偿", "改派", "结案"])
def test_pressing_anything_on_a_closed_case_is_answered_and_does_nothing(shop: Shop, label: str) -> None:
    shop.house.act(shop.owner, "close_case", case=shop.case.id, grade="A")
    before = shop.case

    heard = shop.supervisor.taps(label)

    assert "已经结案" in heard[-1].text
    assert shop.case == before


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("take_case", {}),
        ("reply_customer", {"text": "hi"}),
        ("compensate", {"amount_fen": 2000}),
        ("reassign_case", {"to": 1}),
        ("close_case", {"grade": "A"}),
        ("correct_case", {"priority": "low"}),
        ("no_complaint", {"intent": "inquiry"}),
        ("show_case", {}),
        ("my_cases", {}),
        ("waiting", {}),
        ("on_duty", {}),
        ("register_case", {"text": "x"}),
        ("tell_owners", {}),
        ("approve_money", {"approval": 1}),
    ],
)
def test_a_cleaner_or_customer_may_do_none_of_it(shop: Shop, action: str, args: dict[str, Any]) -> None:
    before = shop.case
    for guest in (shop.house.cleaner(), shop.customer):
        assert isinstance(shop.house.act(guest, action, case=shop.case.id, **args).error, Forbidden)
    assert shop.case == before


def test_a_supervisors_button_in_a_cleaners_hands_is_refused(shop: Shop) -> None:
    """Somebody who led and now cleans still has the old card in the chat."""
    card = shop.supervisor.heard[0].buttons[0][1]
    with shop.house.writing() as tx:
        tx.change(Person, shop.supervisor.person_id, role="cleaner")

    heard = shop.supervisor.presses(card)

    assert "权限" in heard[-1].text
    assert shop.case.status == "open"


def test_words_without_a_reply_mark_reach_the_customer_with_one_tap_and_only_once(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.customer.news()
    (asked,) = shop.supervisor.says("今天下午三点安排返工可以吗？")

    assert asked.labels == (f"发给王女士（{shop.case.number}）",)
    assert shop.customer.news() == []
    shop.supervisor.taps("发给王女士")
    assert "今天下午三点" in shop.customer.news()[-1].text
    assert "没有再发" in shop.supervisor.taps("发给王女士")[-1].text
    assert shop.customer.news() == []


def test_a_picture_without_a_reply_mark_goes_with_its_words(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.sends("photo", text="这是昨天完工时拍的")
    shop.supervisor.taps("发给王女士")

    assert len(shop.customer.heard[-1].row.attachments) == 1
    assert "完工时拍的" in shop.customer.heard[-1].text


def test_the_type_and_the_priority_are_put_right_with_one_tap_each(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.taps("改分类")
    shop.supervisor.taps("卫生健康")
    shop.supervisor.taps("优先级：高")

    assert (shop.case.type, shop.case.priority) == ("hygiene", "high")
    assert shop.case.policy["webhook"] == "intervention.hygiene"
    assert shop.case.respond_by == shop.house.clock.now() + timedelta(minutes=30)


def test_lists_open_cases_with_their_clocks(shop: Shop) -> None:
    waiting = shop.supervisor.says("待处理")
    shop.supervisor.taps("接单")
    mine = shop.supervisor.says("我的案件")

    assert shop.case.number in waiting[0].text
    assert shop.case.number in mine[0].text
    assert "都有人接了" in shop.supervisor.says("待处理")[0].text
    assert "回复客户" in shop.supervisor.taps(shop.case.number)[-1].labels


def test_going_off_duty_says_what_it_leaves_open(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    heard = shop.supervisor.says("下班")

    assert not shop.supervisor.person.on_duty
    assert "还有 1 个案件" in heard[0].text
    assert "没有当班的主管" in heard[1].text
    shop.supervisor.says("值班")
    assert shop.supervisor.person.on_duty


def test_a_phone_call_becomes_a_case_of_the_customer_it_names(shop: Shop) -> None:
    visit = shop.house.order(shop.house.customer("赵先生", "13700001111"), number="B2001")
    heard = shop.supervisor.says("登记投诉 B2001 客户来电说沙发被划破了，要求赔偿")

    assert visit
    with shop.house.tx() as tx:
        case = max(cases.all_open(tx), key=lambda case: case.id or 0)
    assert (case.origin, case.type) == ("staff", "damage")
    assert case.customer_id is not None
    assert case.customer_id != shop.customer.person_id
    assert any(case.number in one.text for one in heard)


def test_a_phone_number_finds_the_latest_visit(shop: Shop) -> None:
    shop.house.order(shop.house.customer("赵先生", "13700001111"), number="B2002")
    shop.supervisor.says("登记投诉 13700001111 地没拖干净")

    with shop.house.tx() as tx:
        case = max(cases.all_open(tx), key=lambda case: case.id or 0)
    assert case.order_id is not None


def test_registering_nothing_says_how_it_is_done(shop: Shop) -> None:
    assert "订单号" in shop.supervisor.says("登记投诉")[-1].text


def test_anything_else_shows_the_menu(shop: Shop) -> None:
    for heard in (shop.supervisor.says("在吗"), shop.supervisor.sends("sticker")):
        assert "我的案件" in heard[-1].labels
        assert "值班" not in heard[-1].labels
        assert "下班" in heard[-1].labels


def test_cancelling_leaves_the_question(shop: Shop) -> None:
    shop.supervisor.taps("回复客户")
    shop.supervisor.says("取消")
    shop.customer.news()
    shop.supervisor.says("这句不该发出去")

    assert shop.customer.news() == []


def test_tasks_are_shown_with_their_deadline_and_ticked_off(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    assert "没有要做的任务" in shop.supervisor.taps("任务")[-1].text
    for tap in ("跳过", "跳过", "没错"):
        shop.customer.taps(tap)
    heard = shop.supervisor.taps("任务")
    shop.supervisor.taps("完成：返工")

    assert "返工｜陈主管｜" in heard[-1].text
    with shop.house.tx() as tx:
        assert [task.state for task in cases.tasks(tx, shop.case.id or 0)] == ["done"]


def test_a_task_that_is_late_is_asked_after_every_day_until_it_is_done(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.says("马上安排", reply_to=shop.newest(shop.supervisor, "staff.taken"))
    for tap in ("跳过", "跳过", "没错"):
        shop.customer.taps(tap)
    shop.house.advance(days=4)
    asked = [heard for heard in shop.supervisor.heard if heard.key == "staff.task_due"]
    shop.supervisor.taps("完成：返工")
    shop.house.advance(days=2)

    assert 1 <= len(asked) <= 3
    assert len([heard for heard in shop.supervisor.heard if heard.key == "staff.task_due"]) == len(asked)


def test_why_it_is_not_solved_belongs_to_the_case_that_was_reopened(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.taps("结案")
    shop.supervisor.taps("A 做得好")
    shop.supervisor.taps("跳过")
    shop.customer.taps("还没解决")
    shop.customer.says("说好三点来返工，没有人来")

    with shop.house.tx() as tx:
        assert len(cases.of_customer(tx, shop.customer.person_id)) == 1
    assert shop.kinds()[-1] == "said"


def test_a_case_that_was_reopened_is_asked_after_again(shop: Shop) -> None:
    shop.supervisor.taps("接单")
    shop.supervisor.taps("结案")
    shop.supervisor.taps("A 做得好")
    shop.supervisor.taps("跳过")
    shop.customer.taps("还没解决")
    shop.supervisor.taps("接单")
    shop.house.advance(days=4)

    assert "follow_up.ask" in [heard.key for heard in shop.customer.news()]
