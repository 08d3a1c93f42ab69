"""Money for a customer: alone up to a limit, above it with a second person, and never told too early."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import Forbidden, Invalid
from storage import cases, coupons
from storage.cases import Case
from storage.people import Person
from tests.harness import Guest, House


class Till:
    def __init__(self, folder: Path) -> None:
        self.house = House(folder)
        self.supervisor = self.house.supervisor()
        self.manager = self.house.manager()
        self.owner = self.house.owner()
        self.customer = self.house.customer()
        self.customer.says("昨天的保洁，厨房油烟机没有擦干净")
        self.supervisor.taps("接单")
        self.customer.news()

    @property
    def case(self) -> Case:
        with self.house.tx() as tx:
            return cases.of_customer(tx, self.customer.person_id)[0]

    @property
    def coupons(self) -> list[int]:
        with self.house.tx() as tx:
            return [coupon.amount_fen for coupon in coupons.of_customer(tx, self.customer.person_id)]

    @property
    def leads(self) -> tuple[Guest, Guest, Guest]:
        return self.supervisor, self.manager, self.owner

    def asked(self, guest: Guest) -> int:
        """How often this person was asked to decide."""
        return sum(heard.key.startswith("money.ask_") for heard in guest.heard)

    def gives(self, who: Guest, amount_fen: Any, means: str = "coupon") -> Any:
        return self.house.act(who, "compensate", case=self.case.id, amount_fen=amount_fen, means=means)


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return Till(tmp_path)


def test_a_small_coupon_is_given_at_once(till: Till) -> None:
    till.supervisor.taps("补偿")
    till.supervisor.taps("优惠券")
    till.supervisor.says("50元")
    till.supervisor.taps("确定")

    assert till.coupons == [5000]
    assert till.case.cost_fen == 5000
    assert any("¥50" in heard.text for heard in till.customer.news())


def test_a_small_refund_becomes_a_task_and_the_customer_is_told(till: Till) -> None:
    till.supervisor.taps("补偿")
    till.supervisor.taps("退款")
    till.supervisor.taps("¥100")
    till.supervisor.taps("确定")

    with till.house.tx() as tx:
        assert "pay_refund" in {task.kind for task in cases.tasks(tx, till.case.id or 0)}
    assert till.case.cost_fen == 10_000
    assert "退款 ¥100" in till.customer.news()[-1].text


def test_above_the_limit_the_customer_hears_only_after_a_second_person_agreed(till: Till) -> None:
    till.supervisor.taps("补偿")
    till.supervisor.taps("优惠券")
    till.supervisor.taps("¥300")
    till.supervisor.taps("提交")
    assert (till.coupons, till.customer.news()) == ([], [])

    till.manager.taps("同意", nth=0)

    assert till.coupons == [30_000]
    assert "林经理同意了 ¥300" in till.supervisor.heard[-1].text
    assert any("¥300" in heard.text for heard in till.customer.news())


def test_a_refused_sum_is_never_heard_of_by_the_customer(till: Till) -> None:
    till.gives(till.supervisor, 30_000)
    till.owner.taps("不同意")

    assert (till.coupons, till.case.cost_fen, till.customer.news()) == ([], 0, [])
    assert "没有同意" in till.supervisor.heard[-1].text


def test_it_is_decided_once(till: Till) -> None:
    till.gives(till.supervisor, 30_000, "cash")
    till.manager.taps("不同意")
    heard = till.owner.taps("同意", nth=0)

    assert "林经理已经决定过了" in heard[-1].text
    assert till.case.cost_fen == 0


def test_nobody_approves_what_they_asked_for_themselves(till: Till) -> None:
    till.gives(till.manager, 30_000)
    with till.house.tx() as tx:
        (approval,) = cases.approvals(tx, till.case.id or 0)

    assert not any("审批" in heard.text or heard.key.startswith("money.ask") for heard in till.manager.heard)
    assert isinstance(till.house.act(till.manager, "approve_money", approval=approval.id).error, Forbidden)
    assert till.house.act(till.owner, "approve_money", approval=approval.id).error is None


def test_a_supervisor_cannot_approve(till: Till) -> None:
    till.gives(till.supervisor, 30_000)
    other = till.house.supervisor("何主管")

    assert isinstance(till.house.act(other, "approve_money", approval=1).error, Forbidden)


def test_a_large_sum_cannot_be_given_in_small_ones(till: Till) -> None:
    answers = [till.gives(till.supervisor, 10_000).result for _ in range(3)]

    assert [answer["given"] for answer in answers] == [True, True, False]
    assert till.case.cost_fen == 20_000


def test_with_nobody_to_ask_it_is_said_plainly(till: Till) -> None:
    with till.house.writing() as tx:
        for guest in (till.manager, till.owner):
            tx.change(Person, guest.person_id, role="cleaner")

    answer = till.gives(till.supervisor, 30_000)

    assert isinstance(answer.error, Invalid)
    assert "没有别的经理或老板" in answer.error.message


@pytest.mark.parametrize("amount", [0, -5000, 10_000_001, "50", 2.5])
def test_amounts_that_make_no_sense_are_refused(till: Till, amount: Any) -> None:
    assert isinstance(till.gives(till.supervisor, amount).error, Invalid)
    assert till.case.cost_fen == 0


def test_a_case_without_a_customer_can_get_no_money(till: Till) -> None:
    till.supervisor.says("登记投诉 有人来电说地没拖干净，没留电话")
    with till.house.tx() as tx:
        case = max(cases.all_open(tx), key=lambda case: case.id or 0)

    assert case.customer_id is None
    assert isinstance(till.house.act(till.supervisor, "compensate", case=case.id, amount_fen=1000).error, Invalid)


def test_a_refund_is_still_owed_when_its_case_is_closed(till: Till) -> None:
    till.gives(till.supervisor, 10_000, "cash")
    till.house.act(till.supervisor, "close_case", case=till.case.id, grade="A")
    till.house.advance(days=3)

    assert "打退款" in till.supervisor.heard[-1].text
    till.supervisor.taps("完成：打退款")
    with till.house.tx() as tx:
        assert [task.state for task in cases.tasks(tx, till.case.id or 0)] == ["done"]


def test_a_refund_does_not_stand_in_for_the_work_the_policy_asks_for(till: Till) -> None:
    till.gives(till.supervisor, 10_000, "cash")
    for tap in ("跳过", "跳过", "没错"):
        till.customer.taps(tap)

    with till.house.tx() as tx:
        assert {task.kind for task in cases.tasks(tx, till.case.id or 0)} == {"pay_refund", "rework"}


def test_those_who_should_decide_are_asked_again_until_somebody_has(till: Till) -> None:
    till.gives(till.supervisor, 30_000)
    till.house.advance(hours=1)
    asked = [heard for heard in till.manager.heard if heard.key == "money.ask_coupon"]
    till.owner.says("待处理")
    till.owner.taps("同意", nth=-2)
    till.house.advance(days=2)

    assert len(asked) == 2
    assert len([heard for heard in till.manager.heard if heard.key == "money.ask_coupon"]) == 2
    assert till.coupons == [30_000]


def test_a_sum_nobody_decided_about_is_withdrawn_when_its_case_is_closed(till: Till) -> None:
    till.gives(till.supervisor, 30_000)
    till.house.act(till.supervisor, "close_case", case=till.case.id, grade="A")
    told = [[heard.text for heard in guest.heard if heard.key == "money.withdrawn"] for guest in till.leads]
    heard = till.owner.taps("同意", nth=0)
    till.house.advance(days=2)

    assert ["¥300" in "".join(texts) for texts in told] == [True, True, True]
    assert "已经撤回" in heard[-1].text
    assert (till.coupons, till.case.cost_fen) == ([], 0)
    assert not any("¥300" in heard.text for heard in till.customer.heard)
    assert till.asked(till.manager) == 1


def test_what_was_withdrawn_stays_so_when_the_case_is_opened_again(till: Till) -> None:
    till.gives(till.supervisor, 30_000)
    till.house.act(till.supervisor, "close_case", case=till.case.id, grade="A")
    till.customer.taps("还没解决")

    assert till.case.status == "open"
    assert "请重新提一次" in till.manager.taps("同意", nth=0)[-1].text
    assert till.coupons == []


def test_the_customers_own_yes_withdraws_it_as_well(till: Till) -> None:
    till.gives(till.supervisor, 30_000, "cash")
    till.house.advance(days=4)
    till.customer.taps("解决了")

    with till.house.tx() as tx:
        assert [one.state for one in cases.approvals(tx, till.case.id or 0)] == ["withdrawn"]


def test_a_refund_above_the_price_is_pointed_out_to_whoever_enters_and_whoever_decides(tmp_path: Path) -> None:
    house = House(tmp_path)
    lead, owner, customer = house.supervisor(), house.owner(), house.customer()
    house.order(customer, house.cleaner(), number="A1")
    house.advance(hours=30)
    customer.says("今天厨房油烟机没有擦干净")
    lead.taps("接单")
    lead.taps("补偿")
    lead.taps("退款")

    assert [heard.key for heard in lead.says("240.50")] == ["compensate.above_price", "compensate.confirm_cash_asked"]
    lead.taps("提交")
    assert "¥240，退款比它多" in owner.heard[-1].text
