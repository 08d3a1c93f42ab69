"""Somebody leaves the company: the role and the desk end, nothing in their hands hangs, and nothing of it is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Invalid
from domain.events import StaffActed
from handlers.handled import Handled
from storage import audit, cases, departures, desk, escalations, links, orders, requests
from storage.cases import Case, Task
from storage.desk import DeskSession, Login
from tests.harness import START, Guest, House

GREASE = "昨天的保洁，厨房油烟机没有擦干净"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def by_command(house: House, name: str) -> Handled:
    return house.post(StaffActed("dismiss_staff", None, {"name": name}), source="cli")


def dismissed(house: House, by: Guest, guest: Guest) -> dict[str, Any]:
    answer = house.act(by, "dismiss_staff", person=guest.person_id)
    assert answer.error is None, answer.error
    return answer.result or {}


def case_of(house: House, customer: Guest) -> Case:
    with house.tx() as tx:
        return cases.of_customer(tx, customer.person_id)[0]


def with_login(house: House, guest: Guest) -> None:
    known = {"person_id": guest.person_id, "created_at": START}
    with house.writing() as tx:
        tx.add(Login, username=guest.name, password_hash="x", **known)
        tx.add(DeskSession, token_hash=f"t{guest.person_id}", csrf="c", expires_at=START + timedelta(hours=9), **known)


def test_role_branch_and_desk_end_and_a_kind_word_is_said(house: House) -> None:
    owner, lead = house.owner(), house.supervisor()
    with_login(house, lead)
    answer = dismissed(house, owner, lead)

    assert answer == {"dismissed": True, "name": "陈主管", "cases": 0, "requests": 0, "visits": 0}
    assert (lead.person.role, lead.person.branch_id, lead.person.on_duty) == ("customer", None, False)
    assert "辛苦您" in lead.news()[-1].text
    assert lead.says("待处理")[-1].key != "staff.waiting_none"
    with house.tx() as tx:
        assert desk.login_of(tx, lead.person_id) is None
        assert desk.session(tx, f"t{lead.person_id}", START) is None
        gone = departures.of_person(tx, lead.person_id)
    assert gone is not None
    assert (gone.role, gone.by_id, gone.at) == ("supervisor", owner.person_id, house.clock.now())


def test_a_case_goes_back_to_the_ladder_and_its_clock_runs_on(house: House) -> None:
    lead, owner, customer = house.supervisor(), house.owner(), house.customer()
    customer.says(GREASE)
    lead.taps("接单")
    before = case_of(house, customer)
    other = house.supervisor("何主管")
    assert dismissed(house, owner, lead)["cases"] == 1

    case, card = case_of(house, customer), other.news()[-1]
    assert (case.status, case.owner_id, case.resolve_by) == ("open", None, before.resolve_by)
    assert "陈主管离职了" in card.text
    with house.tx() as tx:
        left = cases.entries(tx, case.id or 0)
        assert [(one.actor_id, one.text) for one in left if one.kind == "left"] == [(owner.person_id, "陈主管")]
        assert "taken" in [one.kind for one in left], "who had it stays known"
        assert (audit.unwatched(tx), audit.stopped(tx), audit.orphaned(tx)) == ([], [], [])
    heard = len(lead.heard)
    other.taps("接单")
    house.advance(days=3)
    assert case_of(house, customer).owner_id == other.person_id
    assert len(lead.heard) == heard, "nothing is told to who has left"


def test_whoever_was_only_called_is_called_no_more(house: House) -> None:
    lead, owner, customer = house.supervisor(), house.owner(), house.customer()
    customer.says(GREASE)
    dismissed(house, owner, lead)

    assert "陈主管离职了" in owner.news()[-1].text, "nobody else was called: the next is"
    with house.tx() as tx:
        (climb,) = escalations.active(tx)
    assert (climb.state, climb.ladder["pinged"]) == ("climbing", [owner.person_id])
    heard = len(lead.heard)
    owner.taps("接单")
    assert len(lead.heard) == heard


def test_a_talk_goes_to_somebody_else_also_when_it_is_taken_up_again(house: House) -> None:
    lead, owner, customer = house.supervisor(), house.owner(), house.customer()
    customer.says("转人工")
    lead.taps("我来处理")
    assert dismissed(house, owner, lead)["requests"] == 1
    customer.says("还在吗？")

    with house.tx() as tx:
        (request,) = requests.all_open(tx)
    assert (request.state, request.owner_id) == ("open", None)
    assert not any("还在吗" in heard.text for heard in lead.heard)
    assert "陈主管离职了" in owner.news()[-1].text


def test_an_answer_of_who_left_can_be_answered_to_somebody_else(house: House) -> None:
    lead, owner, customer = house.supervisor(), house.owner(), house.customer()
    customer.says("转人工")
    lead.taps("我来处理")
    with house.tx() as tx:
        (request,) = requests.all_open(tx)
    house.act(lead, "end_request", request=request.id)
    house.act(lead, "answer_request", request=request.id, text="已经办好")
    house.act(lead, "end_request", request=request.id)
    dismissed(house, owner, lead)
    customer.taps("再说一句")

    with house.tx() as tx:
        (again,) = requests.all_open(tx)
    assert (again.id, again.state, again.owner_id) == (request.id, "open", None)
    assert customer.name in owner.news()[-1].text


def test_coming_visits_are_named_to_the_leads_who_choose_with_two_taps(house: House) -> None:
    owner, lead, cleaner, customer = house.owner(), house.supervisor(), house.cleaner(), house.customer()
    other = house.cleaner("赵春梅")
    house.order(customer, cleaner, number="A1")
    house.order(customer, cleaner, number="A0", starts_at=START - timedelta(days=3), event="finished")
    assert dismissed(house, owner, cleaner)["visits"] == 1

    told = lead.news()[-1]
    assert "李秀兰离职了，有 1 次上门" in told.text
    assert "A1｜11月24日" in told.text
    assert not any("不用管了" in heard.text for heard in cleaner.heard), "one sentence is enough for who goes"
    lead.taps("派 A1")
    lead.taps("赵春梅")
    with house.tx() as tx:
        ahead, done = orders.by_number(tx, "A1"), orders.by_number(tx, "A0")
    assert ahead is not None
    assert done is not None
    assert (ahead.cleaner_id, done.cleaner_id) == (other.person_id, cleaner.person_id)


def test_an_old_order_of_theirs_may_be_posted_again_and_a_new_one_needs_somebody_else(house: House) -> None:
    owner, cleaner, customer = house.owner(), house.cleaner(), house.customer()
    past = {"number": "A0", "starts_at": START - timedelta(days=3), "event": "finished"}
    house.order(customer, cleaner, **past)
    dismissed(house, owner, cleaner)

    assert house.order(customer, cleaner, **past, price_fen=30_000)["version"] == 2
    with pytest.raises(Invalid, match="没有找到这位保洁师"):
        house.order(customer, cleaner, number="A9")


def test_tasks_and_queued_words_do_not_wait_for_who_is_gone(house: House) -> None:
    lead, owner, customer = house.supervisor(), house.owner(), house.customer()
    customer.says(GREASE)
    case_id = case_of(house, customer).id
    house.act(owner, "take_case", case=case_id)
    with house.writing() as tx:
        task = tx.add(Task, case_id=case_id, kind="call", owner_id=lead.person_id, due_at=START, created_at=START)
    dismissed(house, owner, lead)

    with house.tx() as tx:
        assert tx.get(Task, task).owner_id == owner.person_id
    assert [one.key for one in lead.heard] == ["parting.goodbye"], "what was not sent yet is not sent any more"


def test_invitations_for_them_and_by_them_are_void(house: House) -> None:
    owner, manager = house.owner(), house.manager()
    made = [
        house.act(by, "invite_staff", role="cleaner", name=name).result
        for by, name in ((owner, "林经理"), (manager, "小赵"), (owner, "小钱"))
    ]
    dismissed(house, owner, manager)
    codes = [str((one or {})["code"]) for one in made]

    assert [house.stranger().opens(code)[-1].key for code in codes] == [
        "links.invitation_expired", "links.invitation_expired", "welcome.cleaner",
    ]  # fmt: skip
    with house.tx() as tx:
        assert links.invitations(tx, START) == []


def test_an_invitation_is_taken_back(house: House) -> None:
    owner, lead = house.owner(), house.supervisor()
    code = str((house.act(owner, "invite_staff", role="cleaner", name="小赵").result or {})["code"])
    with house.tx() as tx:
        (open_one,) = links.invitations(tx, START)

    assert house.act(lead, "void_invitation", invitation=open_one.id).error is not None
    assert house.act(owner, "void_invitation", invitation=open_one.id).result == {"voided": True}
    assert house.act(owner, "void_invitation", invitation=open_one.id).result == {"voided": False}
    assert house.stranger().opens(code)[-1].key == "links.invitation_expired"


@pytest.mark.parametrize(("by", "whom", "allowed"), [
    ("owner", "manager", True), ("owner", "cleaner", True), ("manager", "supervisor", True),
    ("manager", "manager", False), ("manager", "owner", False), ("supervisor", "cleaner", False),
    ("cleaner", "supervisor", False), ("customer", "cleaner", False), ("owner", "customer", False),
])  # fmt: skip
def test_who_may_let_whom_go(house: House, by: str, whom: str, allowed: bool) -> None:
    actor, guest = getattr(house, by)("甲"), getattr(house, whom)("乙")
    answer = house.act(actor, "dismiss_staff", person=guest.person_id)

    assert (answer.error is None) is allowed
    assert (guest.person.role == whom) is (not allowed or whom == "customer")


def test_nobody_goes_by_their_own_hand_and_the_last_owner_stays(house: House) -> None:
    owner = house.owner()
    assert "不能给自己办" in str(house.act(owner, "dismiss_staff", person=owner.person_id).error)
    assert "唯一的老板" in str(by_command(house, "周总").error)
    second = house.owner("吴总")
    assert dismissed(house, second, owner)["dismissed"]


def test_twice_is_once(house: House) -> None:
    owner, cleaner = house.owner(), house.cleaner()
    assert dismissed(house, owner, cleaner)["dismissed"]
    cleaner.news()

    assert by_command(house, "李秀兰").result == {"dismissed": False, "name": "李秀兰"}
    assert house.act(owner, "dismiss_staff", name="没有这个人").error is not None
    assert cleaner.news() == []


def test_two_of_one_name_are_not_guessed(house: House) -> None:
    owner, first, second = house.owner(), house.cleaner("小李"), house.supervisor("小李")

    assert "2 位同事" in str(house.act(owner, "dismiss_staff", name="小李").error)
    assert (first.person.role, second.person.role) == ("cleaner", "supervisor")


def test_a_question_to_who_left_is_settled_and_old_buttons_are_kind(house: House) -> None:
    owner, cleaner, customer = house.owner(), house.cleaner(), house.customer()
    house.order(customer, cleaner, number="A1")
    job = next(heard for heard in cleaner.heard if heard.buttons)
    dismissed(house, owner, cleaner)

    assert cleaner.presses(job.buttons[0][1])[-1].text
    with house.tx() as tx:
        order = orders.by_number(tx, "A1")
    assert order is not None
    assert (order.status, order.cleaner_id) == ("booked", None)


def test_who_comes_back_is_staff_again(house: House) -> None:
    owner, cleaner = house.owner(), house.cleaner()
    dismissed(house, owner, cleaner)
    code = str((house.act(owner, "invite_staff", role="cleaner", name="李秀兰").result or {})["code"])

    assert cleaner.opens(code)[-1].key == "welcome.cleaner"
    assert (cleaner.person.role, cleaner.person.on_duty) == ("cleaner", True)
