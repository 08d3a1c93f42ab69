"""The front page, the demo's stage and its time machine."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from bot.demo.people import move_in
from domain.events import Incoming, MessageCame
from domain.roles import Role
from storage import timers
from storage.links import Link
from tests.web.house_server import HouseServer
from web.chat_identity import address_of, new_token


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path, demo=True)
    with server.house.writing() as tx:
        for guest in (server.customer, server.cleaner, server.lead, server.owner):
            tx.add(
                Link, code=f"code-{guest.person_id}", kind="demo", args={"person": guest.person_id},
                created_at=server.house.clock.now(),
            )  # fmt: skip
    server.start()
    yield server
    server.stop()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path).start()
    yield server
    server.stop()


def test_each_role_has_a_chat_with_its_own_storage(stage: HouseServer) -> None:
    text = stage.visitor().get("/").text
    for guest, role in ((stage.customer, "customer"), (stage.cleaner, "cleaner"), (stage.lead, "supervisor")):
        assert f"/chat?as={role}&amp;c=code-{guest.person_id}" in text
    board = stage.visitor().get("/demo")
    assert board.text.count("<iframe") == 3
    assert "frame-src 'self'" in board.headers["content-security-policy"]


def test_stage_says_when_nobody_has_moved_in(tmp_path: Path) -> None:
    server = HouseServer(tmp_path, demo=True).start()
    try:
        answer = server.visitor().get("/")
        assert answer.status_code == 200
        assert "演示数据还没有准备好" in answer.text
    finally:
        server.stop()


def test_a_supervisor_is_reached_before_anybody_opens_their_page(tmp_path: Path) -> None:
    """Whoever opens it first finds what came meanwhile; the next visitors have chats of their own."""
    server = HouseServer(tmp_path, demo=True)
    with server.house.writing() as tx:
        codes = {one.person.role: one.code for one in move_in(tx, server.house.clock.now())}
    server.start()
    try:
        customer, token = hello(server, code=codes[Role.CUSTOMER]), new_token()
        submit(server, Incoming("web", "1", "gas", MessageCame(address_of(customer["token"]), "家里有煤气味")))
        first = hello(server, code=codes[Role.SUPERVISOR])
        second = hello(server, code=codes[Role.SUPERVISOR])
        assert hello(server, code="nothing", token=token)["token"] == token
    finally:
        server.stop()
    assert "【紧急】请马上接单" in first["lines"][0]["text"]
    assert first["token"] != second["token"]
    assert not any("【紧急】" in line["text"] for line in second["lines"])


def hello(server: HouseServer, **said: Any) -> dict[str, Any]:
    """A page that is opened: its welcome."""
    with connect(server.http.replace("http", "ws") + "/chat/ws") as socket:
        socket.send(json.dumps({"t": "hello", **said}))
        welcome: dict[str, Any] = json.loads(socket.recv(timeout=5))
    assert welcome["t"] == "welcome"
    return welcome


def submit(server: HouseServer, incoming: Incoming) -> None:
    server.on_loop(server.engine.submit(incoming))


@pytest.mark.parametrize(("step", "hours"), [("10", 1 / 6), ("60", 1), ("morning", 23)])
def test_time_moves_ahead(stage: HouseServer, step: str, hours: float) -> None:
    """The house's Monday begins at ten; the next morning is 23 hours away."""
    before = stage.house.clock.now()
    answer = stage.visitor().post(f"/demo/clock/{step}", {}, Accept="application/json")
    assert answer.json()["moved"] is True
    assert stage.house.clock.now() - before == timedelta(hours=hours)


@pytest.mark.parametrize(("later", "hours"), [(0, 23), (15, 8), (22.5, 24.5)])
def test_tomorrow_morning_is_tomorrow_except_before_dawn(stage: HouseServer, later: float, hours: float) -> None:
    """At ten, at one at night, and at half past eight, when nine o'clock would be this morning's."""
    stage.house.clock.advance(timedelta(hours=later))
    before = stage.house.clock.now()
    stage.visitor().post("/demo/clock/morning", {})
    assert stage.house.clock.now() - before == timedelta(hours=hours)


def test_next_thing_happens(stage: HouseServer) -> None:
    with stage.house.tx() as tx:
        due = timers.next_due_at(tx)
    assert due is not None
    assert stage.visitor().post("/demo/clock/next?on=board", {}).headers["location"] == "/demo"
    stage.on_loop(stage.engine.call(lambda tx: None))
    with stage.house.tx() as tx:
        after = timers.next_due_at(tx)
    assert after is None or after > due
    assert stage.house.clock.now() > due


def test_desk_opens_as_the_supervisor(stage: HouseServer) -> None:
    visitor = stage.visitor()
    assert visitor.post("/demo/desk", {}).headers["location"] == "/desk/cases"
    page = visitor.get("/desk/cases").text
    assert stage.lead.name in page
    assert stage.lead.person.role == Role.SUPERVISOR


def test_other_sites_move_nothing(stage: HouseServer) -> None:
    before = stage.house.clock.now()
    for path in ("/demo/clock/60", "/demo/desk"):
        assert stage.visitor().post(path, {}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert stage.house.clock.now() == before


def test_real_company_has_a_front_page_and_no_stage(real: HouseServer) -> None:
    visitor = real.visitor()
    front = visitor.get("/").text
    assert 'href="/chat"' in front
    assert "演示" not in front
    assert visitor.get("/demo").status_code == 404
    assert visitor.post("/demo/desk", {}).status_code == 404
    assert visitor.post("/demo/clock/60", {}).status_code == 404
