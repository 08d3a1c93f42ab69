"""The API: the key, idempotency, what is wrong in words, and what other systems see."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage import orders, ratings
from storage.coupons import Coupon
from storage.orders import Order
from storage.people import Person
from storage.requests import Inquiry
from tests.web.house_server import API_KEY, HouseServer

BOOKED: dict[str, Any] = {
    "number": "B1",
    "customer": {"name": "赵小燕", "phone": "139 0000 0001"},
    "service": "深度保洁",
    "starts_at": "2026-11-25T14:00:00+08:00",
    "price_fen": 30000,
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path).start()
    yield server
    server.stop()


def order(server: HouseServer, number: str) -> Order:
    with server.house.tx() as tx:
        found = orders.by_number(tx, number)
    assert found is not None
    return found


@pytest.mark.parametrize("key", ["", "wrong", API_KEY + "x", API_KEY[:-1]])
def test_only_the_key_opens(server: HouseServer, key: str) -> None:
    answer = server.api("POST", "/api/orders", {"nonsense": 1}, key=key)
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthorized"
    assert "X-API-Key" in answer.json()["message"]


def test_without_a_key_of_ours_it_says_how_to_open(tmp_path: Path) -> None:
    server = HouseServer(tmp_path, api_key="").start()
    try:
        answer = server.api("GET", "/api/orders/A1", key="")
        assert answer.status_code == 503
        assert "HUIXIANG_API_KEY" in answer.json()["message"]
    finally:
        server.stop()


def test_order_lives_through_the_api(server: HouseServer) -> None:
    booked = server.api("POST", "/api/orders", BOOKED)
    assert booked.status_code == 200
    assert booked.json()["links"]["web"].startswith("https://")
    moved = {"number": "B1", "event": "moved", "starts_at": "2026-11-26T09:00:00+08:00"}
    assert server.api("POST", "/api/orders", moved).json()["version"] == 2
    assert server.api("POST", "/api/orders", {"number": "B1", "event": "cancelled"}).json()["status"] == "cancelled"
    seen = server.api("GET", "/api/orders/B1").json()
    assert (seen["status"], seen["price_fen"], seen["stars"], seen["cases"]) == ("cancelled", 30000, None, [])
    assert "phone" not in seen


@pytest.mark.parametrize(
    ("event", "field", "why"), [("moved", "starts_at", "改期要写新的时间"), ("assigned", "cleaner", "派单要写派给谁")]
)
def test_an_event_without_what_it_speaks_of_is_refused(server: HouseServer, event: str, field: str, why: str) -> None:
    server.api("POST", "/api/orders", BOOKED)
    refused = server.api("POST", "/api/orders", {"number": "B1", "event": event})
    assert (refused.status_code, refused.json()["details"]) == (422, {"fields": {field: why}})
    assert order(server, "B1").version == 1


def test_a_wrong_method_and_a_wrong_path_answer_in_the_shape_of_every_error(server: HouseServer) -> None:
    method, path = server.api("GET", "/api/orders"), server.api("GET", "/api/nothing")
    assert (method.status_code, method.json()["error"], method.headers["Allow"]) == (405, "method_not_allowed", "POST")
    assert (path.status_code, path.json()["error"]) == (404, "not_found")
    assert "POST" in method.json()["message"]


def test_same_order_twice_changes_nothing(server: HouseServer) -> None:
    first, second = (server.api("POST", "/api/orders", BOOKED).json() for _ in range(2))
    assert first == second


def test_moved_away_and_back_is_two_moves(server: HouseServer) -> None:
    server.api("POST", "/api/orders", BOOKED)
    for day in (26, 27, 26):
        moved = {"number": "B1", "event": "moved", "starts_at": f"2026-11-{day}T09:00:00+08:00"}
        server.api("POST", "/api/orders", moved)
    assert order(server, "B1").starts_at.day == 26


def test_key_is_used_once_and_never_for_another_body(server: HouseServer) -> None:
    first = server.api("POST", "/api/orders", BOOKED, once="k1")
    assert server.api("POST", "/api/orders", BOOKED, once="k1").json() == first.json()
    other = server.api("POST", "/api/orders", {**BOOKED, "price_fen": 1}, once="k1")
    assert other.status_code == 409
    assert other.json()["error"] == "conflict"
    assert order(server, "B1").price_fen == 30000


def test_refused_before_is_looked_at_afresh(server: HouseServer) -> None:
    """An unknown cleaner may have been hired since."""
    body = {**BOOKED, "cleaner": "孙阿姨"}
    refused = server.api("POST", "/api/orders", body)
    assert refused.status_code == 422
    assert "cleaner 没有找到这位保洁师" in refused.json()["message"]
    with server.house.writing() as tx:
        tx.add(Person, name="孙阿姨", role="cleaner", created_at=server.house.clock.now())
    assert server.api("POST", "/api/orders", body).status_code == 200


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"number": ""}, "number", "不能为空"),
        ({"service": 5}, "service", "应该是文字"),
        ({"customer": {"phone": "12"}}, "customer.phone", "5 到 15 位数字"),
        ({"customer": {"name": "王"}}, "customer", "要有手机号"),
        ({"starts_at": "2026-11-25T14:00:00"}, "starts_at", "要带时区"),
        ({"starts_at": "明天"}, "starts_at", "ISO 8601"),
        ({"ends_at": "2026-11-25T13:00:00+08:00"}, "", "要晚于开始时间"),
        ({"price_fen": -1}, "price_fen", "不能小于 0"),
        ({"price_fen": "多"}, "price_fen", "应该是整数"),
        ({"event": "done"}, "event", "'booked'"),
        ({"colour": "red"}, "colour", "不认识这个字段"),
        ({"branch": "nowhere"}, "branch", "没有这个门店编号"),
    ],
)
def test_wrong_field_is_named_with_why(server: HouseServer, change: dict[str, Any], field: str, why: str) -> None:
    answer = server.api("POST", "/api/orders", {**BOOKED, **change})
    assert answer.status_code == 422
    assert why in answer.json()["details"]["fields"][field]
    assert why in answer.json()["message"]


def test_new_order_says_what_it_lacks(server: HouseServer) -> None:
    answer = server.api("POST", "/api/orders", {"number": "B9"}).json()
    assert answer["details"]["fields"] == dict.fromkeys(("customer", "service", "starts_at"), "新订单必须有")


def test_what_is_no_json_or_too_long_is_said(server: HouseServer) -> None:
    headers = {"X-API-Key": API_KEY, "Content-Type": "application/json"}
    broken = httpx.post(f"{server.http}/api/orders", content=b"{", headers=headers)
    assert (broken.status_code, broken.json()["message"]) == (422, "请求体不是有效的 JSON。")
    huge = httpx.post(f"{server.http}/api/orders", content=b"x" * 70_000, headers=headers)
    assert (huge.status_code, huge.json()["error"]) == (413, "too_large")


def test_case_is_opened_and_seen_without_contacts(server: HouseServer) -> None:
    body = {"text": "厨房油污没有擦干净，要求返工", "order": "A1", "priority": "high"}
    answer = server.api("POST", "/api/cases", body)
    assert answer.status_code == 201
    assert answer.json()["priority"] == "high"
    assert server.api("POST", "/api/cases", body).json() == answer.json(), "the same words on the same day"
    server.house.clock.advance(timedelta(days=1))
    assert server.api("POST", "/api/cases", body).json()["case"] != answer.json()["case"]
    seen = server.api("GET", f"/api/cases/{answer.json()['case']}").json()
    assert (seen["type"], seen["order"], seen["status"]) == ("quality", "A1", "open")
    assert seen["tasks"]
    assert server.customer.phone not in str(seen)


@pytest.mark.parametrize("path", ["/api/orders/none", "/api/cases/none", "/api/coupons/none"])
def test_what_is_not_there_is_said(server: HouseServer, path: str) -> None:
    answer = server.api("GET", path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert answer.json()["message"].startswith("没有")


def test_coupon_is_redeemed_by_one_of_many(server: HouseServer) -> None:
    now = server.house.clock.now()
    code = "7K3QW8ZP1MABCDEFGH23456789"
    with server.house.writing() as tx:
        tx.add(
            Coupon, code=code, customer_id=server.customer.person_id, reason="apology", about="x", amount_fen=2000,
            granted_at=now, expires_at=now + timedelta(days=9),
        )  # fmt: skip
    assert server.api("GET", f"/api/coupons/{code.lower()}").json()["usable"] is True
    body = {"code": code, "order": "A1"}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: server.api("POST", "/api/coupons/redeem", body), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 15
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert won == {"order": "A1", "amount_fen": 2000, "price_fen": 24000, "to_pay_fen": 22000}
    seen = server.api("GET", f"/api/coupons/{code}").json()
    assert (seen["usable"], seen["redeemed_order"]) == (False, "A1")


def test_lost_answer_is_had_again_by_its_key(server: HouseServer) -> None:
    now = server.house.clock.now()
    with server.house.writing() as tx:
        tx.add(
            Coupon, code="ABCD", customer_id=server.customer.person_id, reason="apology", about="x", amount_fen=2000,
            granted_at=now, expires_at=now + timedelta(days=9),
        )  # fmt: skip
    body = {"code": "ABCD", "order": "A1"}
    first, again = (server.api("POST", "/api/coupons/redeem", body, once="till-7") for _ in range(2))
    assert (first.status_code, again.json()) == (200, first.json())


def served(server: HouseServer) -> None:
    """A1 was yesterday, as far as the company knows."""
    assert server.api("POST", "/api/orders", {"number": "A1", "event": "finished"}).status_code == 200


def test_rating_from_a_slip_is_kept_once(server: HouseServer) -> None:
    served(server)
    body = {"order": "A1", "stars": 5, "value": 4, "comment": "擦得很亮", "consent": True, "source": "paper"}
    first, again = (server.api("POST", "/api/ratings", body) for _ in range(2))
    assert (first.status_code, first.json()) == (201, {"order": "A1", "stars": 5, "case": None})
    assert again.json() == first.json()
    with server.house.tx() as tx:
        [kept] = ratings.latest(tx, 9)
    assert (kept.stars, kept.value, kept.comment, kept.consent, kept.origin) == (5, 4, "擦得很亮", True, "paper")
    assert kept.cleaner_id == server.cleaner.person_id
    other = server.api("POST", "/api/ratings", {**body, "stars": 1})
    assert (other.status_code, other.json()["message"]) == (409, "订单 A1 已经评过了（5 星）。")
    assert server.api("GET", "/api/orders/A1").json()["stars"] == 5


def test_low_rating_becomes_a_case_about_what_was_worst(server: HouseServer) -> None:
    served(server)
    body = {"order": "A1", "stars": 2, "attitude": 4, "punctual": 1, "comment": "晚到了四十分钟"}
    stored = server.api("POST", "/api/ratings", body, once="slip-1").json()
    case = server.api("GET", f"/api/cases/{stored['case']}").json()
    assert (case["order"], case["type"]) == ("A1", "punctuality")
    assert server.api("GET", "/api/orders/A1").json()["cases"] == [stored["case"]]
    assert server.api("POST", "/api/ratings", body, once="slip-1").json() == stored
    assert server.api("POST", "/api/ratings", {**body, "stars": 1}, once="slip-1").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"stars": 6}, 422), ({"stars": 0}, 422), ({"order": "NONE"}, 404), ({"source": "rumour"}, 422), ({}, 422)],
)
def test_rating_that_cannot_be_is_refused_in_words(server: HouseServer, wrong: dict[str, Any], status: int) -> None:
    """The last one is right, but the visit is tomorrow: the same body is taken once it is over."""
    body = {"order": "A1", "stars": 3, **wrong}
    answer = server.api("POST", "/api/ratings", body)
    assert answer.status_code == status
    assert answer.json()["message"]
    if not wrong:
        served(server)
        assert server.api("POST", "/api/ratings", body).status_code == 201


def test_topics_are_counted(server: HouseServer) -> None:
    now = server.house.clock.now()
    with server.house.writing() as tx:
        for answered in (True, True, False):
            tx.add(Inquiry, customer_id=1, topic="price", answered=answered, at=now)
    assert server.api("GET", "/api/inquiries/topics").json() == [{"topic": "price", "asked": 3, "answered": 2}]


def test_reference_holds_examples_and_the_key(server: HouseServer) -> None:
    reference = httpx.get(f"{server.http}/openapi.json").json()
    post = reference["paths"]["/api/orders"]["post"]
    assert "booked" in post["requestBody"]["content"]["application/json"]["examples"]
    assert "409" in post["responses"]
    assert "APIKeyHeader" in reference["components"]["securitySchemes"]
