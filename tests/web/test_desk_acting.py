"""Acting on the desk: roles, forged forms, double clicks, and what is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.roles import Role
from storage import cases
from storage.cases import Case
from storage.coupons import Coupon
from storage.orders import Checkin
from storage.people import Person
from storage.ratings import CallBack
from storage.requests import Request
from storage.statement import Statement, core
from tests.web.house_server import HouseServer

REPLIES = Statement(select(core(cases.CaseEntry)).where(core(cases.CaseEntry).c.kind == "reply"))
COUPONS = Statement(select(core(Coupon)))
CHECKINS = Statement(select(core(Checkin)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path)
    server.login(server.lead, "chen")
    server.login(server.boss, "lin")
    server.start()
    yield server
    server.stop()


def the_case(server: HouseServer, number: str) -> Case:
    with server.house.tx() as tx:
        found = cases.by_number(tx, number)
    assert found is not None
    return found


def opened(server: HouseServer) -> Case:
    return the_case(server, server.open_case(order=1))


def test_taking_and_answering_reach_the_customer(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    taken = desk.do("take_case", case=case.id)
    assert taken.status == 200
    assert taken.told["said"]["text"] == "已接单，由您负责。"
    assert "changed" in taken.told
    assert desk.do("reply_customer", case=case.id, text="您好，我马上安排返工").status == 200
    after = the_case(server, case.number)
    assert after.status == "taken"
    assert after.responded_at is not None
    assert any("我马上安排返工" in heard.text for heard in server.customer.heard)


def test_double_click_is_one_reply(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    csrf = desk.csrf
    answers = [desk.do("reply_customer", csrf=csrf, once="same", case=case.id, text="您好") for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    with server.house.tx() as tx:
        assert len(tx.all(REPLIES)) == 1


def test_other_words_under_an_old_nonce_are_not_swallowed(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    for words in ("第一句", "第二句"):
        desk.do("reply_customer", once="same", case=case.id, text=words)
    with server.house.tx() as tx:
        assert [row.text for row in tx.all(REPLIES)] == ["第一句", "第二句"]


@pytest.mark.parametrize("csrf", ["", "wrong", "字"])
def test_form_without_its_secret_does_nothing(server: HouseServer, csrf: str) -> None:
    case, desk = opened(server), server.enter("chen")
    refused = desk.do("take_case", csrf=csrf, case=case.id)
    assert refused.status == 403
    assert "页面已过期" in refused.text
    assert the_case(server, case.number).status == "open"


def test_secret_of_another_session_does_nothing(server: HouseServer) -> None:
    case, desk, other = opened(server), server.enter("chen"), server.enter("lin")
    assert desk.do("take_case", csrf=other.csrf, case=case.id).status == 403


def test_form_from_another_site_does_nothing(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    form = {"csrf": desk.csrf, "once": "x", "case": case.id}
    assert desk.post("/desk/do/take_case", form, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert the_case(server, case.number).status == "open"


def test_role_is_checked_in_the_turn(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    asked = desk.do("compensate", case=case.id, means="coupon", amount="300")
    assert asked.told["said"]["text"].startswith("超过了单人额度")
    with server.house.tx() as tx:
        approval = cases.approvals(tx, case.id or 0)[0]
    refused = desk.do("approve_money", approval=approval.id)
    assert refused.status == 403
    assert "权限" in refused.text
    approved = server.enter("lin").do("approve_money", approval=approval.id)
    assert approved.told["said"]["text"].startswith("已同意")
    with server.house.tx() as tx:
        assert [coupon.amount_fen for coupon in tx.all(COUPONS)] == [30_000]


def test_somebody_was_quicker(server: HouseServer) -> None:
    case = opened(server)
    server.enter("lin").do("take_case", case=case.id)
    late = server.enter("chen").do("take_case", case=case.id)
    assert late.told["said"]["text"] == "已经有人先办了，页面已更新。"
    assert the_case(server, case.number).owner_id == server.boss.person_id


@pytest.mark.parametrize(
    ("action", "form", "why"),
    [
        ("reply_customer", {"text": "  "}, "请填写“内容”"),
        ("reply_customer", {"text": "好" * 2001}, "太长"),
        ("compensate", {"means": "coupon", "amount": "一百"}, "“金额”填得不对"),
        ("compensate", {"means": "coupon", "amount": "-5"}, "“金额”填得不对"),
        ("compensate", {"means": "coupon", "amount": "NaN"}, "“金额”填得不对"),
        ("compensate", {"means": "coupon", "amount": "1e3"}, "“金额”填得不对"),
        ("compensate", {"means": "gold", "amount": "5"}, "请填写“补偿方式”"),
        ("correct_case", {"type": "nonsense", "priority": "low"}, "请填写“类型”"),
        ("correct_case", {}, "请填写“类型”"),
        ("no_complaint", {"intent": "complaint"}, "请填写“客户想做什么”"),
        ("close_case", {"grade": ""}, "请填写“评级”"),
        ("close_case", {"grade": "B"}, "请写一句要改进的地方"),
        ("nonsense", {}, "没有找到"),
    ],
)
def test_wrong_form_is_answered_in_place(server: HouseServer, action: str, form: dict[str, str], why: str) -> None:
    case, desk = opened(server), server.enter("chen")
    refused = desk.do(action, case=case.id, form="f1", **form)
    assert 400 <= refused.status < 500
    assert why in refused.text
    assert 'id="once-f1"' in refused.text, "the same form can be sent again"


def test_refused_form_can_be_put_right(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    assert desk.do("close_case", once="n", case=case.id, grade="B").status == 422
    assert desk.do("close_case", once="n", case=case.id, grade="B", note="补充培训").status == 200
    after = the_case(server, case.number)
    assert (after.status, after.grade, after.grade_note) == ("closed", "B", "补充培训")


def test_one_button_puts_the_type_right_another_the_priority(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    assert desk.do("correct_case", case=case.id, type="hygiene").told["said"]["text"] == "已更正。"
    assert desk.do("correct_case", case=case.id, priority="urgent").status == 200
    after = the_case(server, case.number)
    assert (after.type, after.priority) == ("hygiene", "urgent")


def test_what_is_no_complaint_is_called_off_once(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    assert "已撤下" in desk.do("no_complaint", case=case.id, intent="inquiry").told["said"]["text"]
    assert the_case(server, case.number).mistaken == "inquiry"
    again = server.enter("lin").do("no_complaint", case=case.id, intent="booking")
    assert again.told["said"]["text"] == "已经有人先办了，页面已更新。"


def test_phone_complaint_becomes_a_case(server: HouseServer) -> None:
    desk = server.enter("chen")
    gone = desk.do("open_case", said="卫生间没擦", order_number="没有这个")
    assert gone.status == 404
    assert "没有订单号“没有这个”" in gone.text
    done = desk.do("open_case", said="卫生间没擦", order_number="A1", priority="high")
    case = the_case(server, done.to.rsplit("/", 1)[1])
    assert (case.order_id, case.priority, case.origin) == (1, "high", "staff")


def test_tasks_are_ticked_off_once(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    with server.house.tx() as tx:
        task = cases.tasks(tx, case.id or 0)[0]
    for _ in range(2):
        assert desk.do("task_done", task=task.id, case=case.id).status == 200
    with server.house.tx() as tx:
        assert cases.tasks(tx, case.id or 0)[0].state == "done"


def test_spot_check_wants_words_only_when_something_is_wrong(server: HouseServer) -> None:
    desk = server.enter("chen")
    assert "请填写“备注”" in desk.do("spot_check", order=1, result="fix").text
    assert desk.do("spot_check", order=1, result="ok").status == 200
    with server.house.tx() as tx:
        assert [row.point for row in tx.all(CHECKINS)] == ["spot_check"]


def test_call_back_is_recorded(server: HouseServer) -> None:
    now = server.house.clock.now()
    call = server.on_loop(
        server.engine.call(lambda tx: tx.add(CallBack, order_id=1, customer_id=1, reason="no_chat", created_at=now))
    )
    desk = server.enter("chen")
    assert desk.do("call_back", call=call, reached="no_answer").told["said"]["text"].startswith("好，留在名单里")
    assert desk.do("call_back", call=call, reached="yes", stars="5", good="很干净").status == 200
    with server.house.tx() as tx:
        row = tx.get(CallBack, call)
    assert row.state == "done"
    assert row.answers["good"] == "很干净"


def test_question_is_answered_from_the_desk(server: HouseServer) -> None:
    now, customer = server.house.clock.now(), server.customer
    request = server.on_loop(
        server.engine.call(
            lambda tx: tx.add(
                Request, kind="question", customer_id=customer.person_id, text="能洗沙发吗", created_at=now
            )
        )
    )
    assert server.enter("chen").do("answer_request", request=request, text="可以的，按座收费").status == 200
    assert any("按座收费" in heard.text for heard in customer.heard)
    with server.house.tx() as tx:
        assert tx.get(Request, request).state == "done"


def test_too_long_a_form_is_refused(server: HouseServer) -> None:
    desk = server.enter("chen")
    answer = desk.post("/desk/do/reply_customer", {"csrf": desk.csrf, "text": "好" * 40_000})
    assert answer.status_code == 413


def test_session_that_ended_shows_the_door_beside_the_button(server: HouseServer) -> None:
    case, desk = opened(server), server.enter("chen")
    csrf = desk.csrf
    server.on_loop(server.engine.call(lambda tx: tx.change(Person, server.lead.person_id, role=Role.CLEANER.value)))
    sent = desk.do("take_case", csrf=csrf, case=case.id)
    assert (sent.status, sent.to, 'href="/desk/login?' in sent.text) == (401, "", True)
