"""A ping climbs until a human takes it, by night and over a weekend, and starts again when nothing is done."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.company import load_company
from domain.events import Address
from domain.labels import Priority
from domain.roles import Role
from handlers.escalation import escalation
from handlers.turn import Turn
from storage import cases, escalations, people
from storage.cases import Case
from storage.conversations import Conversation
from storage.escalations import Escalation
from storage.people import Branch, Person
from tests.harness import COMPANY, Guest, House

SHANGHAI = ZoneInfo("Asia/Shanghai")
ORDINARY = "昨天的保洁，厨房油烟机没有擦干净"
GAS = "你们保洁把燃气阀门碰开了，现在家里一股煤气味，怎么办"
PING = "escalation.ping"


class Chain:
    """A branch with everybody on its ladder, and a customer who complains."""

    def __init__(self, folder: Path, *, weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)) -> None:
        company = load_company(COMPANY)
        self.house = House(folder, company=replace(company, hours=replace(company.hours, weekdays=weekdays)))
        self.supervisor = self.house.supervisor()
        self.manager = self.house.manager()
        self.owner = self.house.owner()
        self.customer = self.house.customer()

    def at(self, moment: str) -> None:
        self.house.until(datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=SHANGHAI))

    def pings(self, guest: Guest) -> list[str]:
        """When this person was pinged, in Shanghai."""
        return [f"{heard.at.astimezone(SHANGHAI):%m-%d %H:%M}" for heard in guest.heard if heard.key == PING]

    @property
    def case(self) -> Case:
        with self.house.tx() as tx:
            (case,) = cases.of_customer(tx, self.customer.person_id)
            return case

    @property
    def climb(self) -> Escalation:
        with self.house.tx() as tx:
            found = escalations.about(tx, f"case:{self.case.id}")
        assert found is not None
        return found

    def off_duty(self, *guests: Guest) -> None:
        with self.house.writing() as tx:
            for guest in guests:
                tx.change(Person, guest.person_id, on_duty=False)


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


def test_an_ordinary_case_climbs_in_business_hours_only(chain: Chain) -> None:
    chain.at("11-27 19:30")  # a Friday evening; the branch closes at 20:00
    chain.customer.says(ORDINARY)
    chain.at("12-01 09:00")

    assert chain.pings(chain.supervisor) == ["11-27 19:30", "11-30 16:30"]
    assert chain.pings(chain.manager) == ["11-30 09:30", "11-30 17:30"]
    assert chain.pings(chain.owner) == ["11-30 11:30", "11-30 19:30"]


def test_an_urgent_case_knows_no_hours_and_goes_round_until_somebody_comes(chain: Chain) -> None:
    chain.at("11-28 02:00")  # a Saturday night
    chain.customer.says(GAS)
    chain.at("11-28 02:11")

    assert chain.case.priority == "urgent"
    assert chain.pings(chain.supervisor) == ["11-28 02:00", "11-28 02:10"]
    assert chain.pings(chain.manager) == ["11-28 02:02"]
    assert chain.pings(chain.owner) == ["11-28 02:05"]
    assert "第 2 轮" in chain.supervisor.heard[-1].text


def test_it_never_stops_by_itself(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.house.advance(hours=1)
    assert chain.climb.round == 7

    chain.house.advance(days=1)
    assert chain.climb.state == "climbing"
    assert len(chain.pings(chain.owner)) > 10


def test_calls_nobody_hears_come_ever_more_slowly(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.house.advance(days=1)
    before = len(chain.pings(chain.supervisor))
    chain.house.advance(days=1)

    assert before < 20
    assert 6 < len(chain.pings(chain.supervisor)) - before < 12


def test_taking_it_stops_the_climb_and_everyone_pinged_hears_who_has_it(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.house.advance(minutes=3)
    chain.manager.taps("接单")
    before = len(chain.supervisor.heard)
    chain.house.advance(minutes=10)

    assert "林经理" in chain.supervisor.heard[-1].text
    assert len(chain.supervisor.heard) == before
    assert chain.pings(chain.owner) == []
    assert (chain.case.status, chain.case.owner_id) == ("taken", chain.manager.person_id)


def test_a_rung_with_nobody_on_duty_is_passed_over_at_once(chain: Chain) -> None:
    chain.off_duty(chain.supervisor)
    chain.customer.says(ORDINARY)

    assert chain.pings(chain.supervisor) == []
    assert len(chain.pings(chain.manager)) == 1


def test_with_nobody_on_duty_the_owner_is_called_all_the_same_and_again(chain: Chain) -> None:
    chain.off_duty(chain.supervisor, chain.manager, chain.owner)
    chain.customer.says(GAS)
    chain.house.advance(minutes=12)

    assert len(chain.pings(chain.owner)) == 3
    assert chain.pings(chain.manager) == []


def test_the_backup_is_a_supervisor_on_duty_elsewhere(chain: Chain) -> None:
    elsewhere = chain.house.supervisor("吴主管")
    with chain.house.writing() as tx:
        tx.change(Person, elsewhere.person_id, branch_id=tx.add(Branch, code="puxi", name="浦西店"))
        tx.change(Person, chain.customer.person_id, branch_id=chain.house.branch)
    order = chain.house.order(chain.customer, starts_at=chain.house.clock.now() - timedelta(hours=5))
    assert order
    chain.customer.says(GAS)
    first = chain.pings(elsewhere)
    chain.house.advance(minutes=2)

    assert first == []
    assert len(chain.pings(elsewhere)) == 1
    assert chain.pings(chain.manager) == []


def test_taking_it_and_doing_nothing_starts_the_climb_above_the_taker(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=15)

    assert chain.case.status == "open"
    assert "没有任何进展" in chain.supervisor.heard[-1].text
    assert "陈主管接单后一直没有进展" in chain.manager.heard[-1].text
    assert len(chain.pings(chain.supervisor)) == 1


def test_the_customer_writing_again_moves_no_clock(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=14)
    chain.customer.says("有人吗？味道越来越大了")
    chain.house.advance(minutes=1)

    assert chain.climb.state == "climbing"


def test_what_the_company_does_keeps_it_in_hand_until_the_deadline(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=10)
    chain.supervisor.says("请先关总阀、开窗、到楼下等，我们的人十分钟到。", reply_to=_ref(chain.supervisor))
    chain.house.advance(hours=3)
    assert chain.climb.state == "held"

    chain.house.advance(hours=1)
    assert chain.climb.state == "climbing"
    assert any("到期还没有解决" in heard.text for heard in chain.manager.heard)


def test_nothing_climbs_while_the_customer_is_waited_for(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    with chain.house.writing() as tx:
        tx.change(Case, chain.case.id or 0, waiting_since=chain.house.clock.now())
    chain.house.advance(hours=1)

    assert chain.climb.state == "held"


def test_a_case_that_becomes_graver_begins_anew_with_the_shorter_times(chain: Chain) -> None:
    chain.customer.says(ORDINARY)
    with chain.house.writing() as tx:
        turn = Turn(chain.house.world, tx, 1, chain.house.clock.now())
        known = cases.of_customer(tx, chain.customer.person_id)[0]
        escalation.start(turn, f"case:{known.id}", None, urgent=True, priority=Priority.URGENT)
        escalation.start(turn, f"case:{known.id}", None, urgent=False, priority=Priority.LOW)
    chain.house.advance(minutes=2)

    assert len(chain.pings(chain.supervisor)) == 2
    assert len(chain.pings(chain.manager)) == 1


def test_two_who_press_at_once_one_takes_it_the_other_is_told(chain: Chain) -> None:
    other = chain.house.supervisor("何主管")
    chain.customer.says(ORDINARY)
    chain.supervisor.taps("接单")
    heard = other.taps("接单")

    assert chain.case.owner_id == chain.supervisor.person_id
    assert "已由陈主管接单" in heard[-1].text
    assert "已经在您手上" in chain.supervisor.taps("接单")[-1].text


def test_taking_it_at_the_very_moment_of_the_next_rung_has_one_outcome(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.house.clock.advance(timedelta(minutes=2))  # the rung is over and its timer waits in the same round
    chain.supervisor.taps("接单")
    chain.house.run()
    chain.house.advance(minutes=10)

    assert chain.climb.state == "held"
    assert chain.climb.taken_by == chain.supervisor.person_id
    assert len(chain.pings(chain.manager)) <= 1


def test_the_end_of_a_case_ends_its_climb(chain: Chain) -> None:
    chain.customer.says(ORDINARY)
    chain.supervisor.taps("结案")
    chain.supervisor.taps("A 做得好")
    chain.supervisor.taps("跳过")
    chain.house.advance(days=3)

    assert chain.climb.state == "ended"
    assert chain.pings(chain.manager) == []


def test_a_system_owner_without_a_chat_is_never_counted_as_reached(chain: Chain) -> None:
    with chain.house.writing() as tx:
        tx.add(Person, role="manager", name="没有聊天", created_at=chain.house.clock.now())
        assert len(people.on_duty(tx, Role.MANAGER, None)) == 2
    chain.off_duty(chain.supervisor, chain.manager)
    chain.customer.says(ORDINARY)

    assert len(chain.pings(chain.owner)) == 1


def _ref(guest: Guest) -> str:
    """The message under which the case was taken, as a web chat names it."""
    return f"out-{[heard for heard in guest.heard if heard.key == 'staff.taken'][-1].row.id}"


def test_a_request_climbs_like_a_case_and_can_be_taken_by_the_next(chain: Chain) -> None:
    chain.off_duty(chain.manager)
    chain.customer.says("转人工")
    assert len(chain.pings(chain.supervisor)) == 1
    chain.supervisor.taps("我来处理")
    chain.house.advance(days=3)
    chain.owner.taps("我来处理")

    with chain.house.tx() as tx:
        found = escalations.about(tx, "request:1")
    assert found is not None
    assert (found.state, found.taken_by) == ("held", chain.owner.person_id)
    assert "没有任何进展" in " ".join(heard.text for heard in chain.supervisor.heard)


def test_a_ping_reaches_two_channels_when_there_are_two(chain: Chain) -> None:
    now = chain.house.clock.now()
    with chain.house.writing() as tx:
        tx.add(
            Conversation, channel="telegram", chat="77", person_id=chain.supervisor.person_id, last_in_at=now,
            created_at=now,
        )  # fmt: skip
    chain.customer.says(ORDINARY)
    phone = Guest(chain.house, Address("telegram", "77"), "陈主管", "")

    assert [len(chain.pings(guest)) for guest in (chain.supervisor, phone)] == [1, 1]
    phone.taps("接单")
    assert chain.case.owner_id == chain.supervisor.person_id


def test_whoever_took_it_is_reminded_once_before_it_climbs_past_them(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=8)
    reminded = chain.supervisor.news()[-1]
    chain.house.advance(minutes=6)

    assert "接单后还没有动静" in reminded.text
    assert "回复客户" in reminded.labels
    assert (chain.climb.state, chain.supervisor.news(), chain.pings(chain.manager)) == ("held", [], [])

    chain.house.advance(minutes=1)
    assert "陈主管接单后一直没有进展" in chain.manager.heard[-1].text


def test_the_rounds_pass_over_whoever_let_it_lie(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=60)

    assert chain.climb.round > 2
    assert len(chain.pings(chain.supervisor)) == 1
    assert len(chain.pings(chain.manager)) > 2


def test_somebody_who_takes_it_over_is_named_to_whoever_let_it_lie(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=16)
    chain.manager.taps("接单")

    assert "已由林经理接单" in chain.supervisor.heard[-1].text
    assert chain.case.owner_id == chain.manager.person_id


def test_an_answer_after_the_reminder_keeps_it_in_hand(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=8)
    chain.supervisor.says("我马上到，请先下楼。", reply_to=_ref(chain.supervisor))
    chain.house.advance(hours=3)

    assert (chain.climb.state, chain.pings(chain.manager)) == ("held", [])


def test_where_nobody_else_is_whoever_has_it_is_reminded_and_keeps_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    owner, customer = house.owner(), house.customer()
    customer.says(GAS)
    owner.taps("接单")
    house.advance(minutes=40)

    with house.tx() as tx:
        (case,) = cases.of_customer(tx, customer.person_id)
    keys = [heard.key for heard in owner.heard]
    assert (case.status, keys.count(PING)) == ("taken", 1)
    assert keys.count("escalation.idle_alone") == 3
    assert "没有别的同事" in owner.heard[-1].text


def test_a_company_that_gives_no_time_to_act_is_still_asked_only_once_a_minute(chain: Chain) -> None:
    company = chain.house.world.company
    clocks = {rank: replace(clock, idle_minutes=0) for rank, clock in company.clocks.items()}
    chain.house.world = replace(chain.house.world, company=replace(company, clocks=clocks))
    chain.off_duty(chain.manager, chain.owner)
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.house.advance(minutes=5)

    assert chain.case.status in ("open", "taken")


def test_a_deadline_that_moved_while_the_customer_was_waited_for_is_the_one_that_counts(chain: Chain) -> None:
    chain.customer.says(GAS)
    chain.supervisor.taps("接单")
    chain.supervisor.says("阀门关上了吗？", reply_to=_ref(chain.supervisor))
    chain.house.advance(hours=2)
    chain.customer.says("关上了，味道小多了")
    chain.house.advance(hours=3)
    assert chain.climb.state == "held"

    chain.house.advance(hours=1, minutes=10)
    assert chain.climb.state == "climbing"


def test_what_waits_for_the_customers_word_that_it_is_solved_does_not_climb(chain: Chain) -> None:
    chain.customer.says(ORDINARY)
    chain.supervisor.taps("接单")
    chain.supervisor.says("已经安排返工，明天上午到。", reply_to=_ref(chain.supervisor))
    with chain.house.writing() as tx:
        tx.change(Case, chain.case.id or 0, status="resolved")
    chain.house.advance(days=6)

    assert (chain.climb.state, chain.case.status) == ("held", "resolved")


def test_who_was_asked_before_the_ladder_is_not_asked_again_as_if_it_were_new(chain: Chain) -> None:
    chain.customer.says(ORDINARY)
    chain.supervisor.taps("接单")
    chain.customer.says("转人工")
    before = len(chain.pings(chain.supervisor))
    chain.house.advance(minutes=11)

    assert len(chain.pings(chain.supervisor)) == before
    assert len(chain.pings(chain.manager)) == 1
