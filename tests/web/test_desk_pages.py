"""What the pages of the desk show, and that nothing people wrote becomes anything but text."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage.cases import Case, CaseEntry
from storage.coupons import Coupon
from storage.files import StoredFile
from storage.orders import Checkin
from storage.people import Person
from storage.ratings import CallBack, Rating
from storage.requests import Inquiry, Request
from storage.webhooks import Delivery
from tests.web.house_server import DeskClient, HouseServer
from web.chat_files import store

EVIL = "<script>alert(1)</script>"
PAGES = ("cases", "cases/new", "visits", "ratings", "calls", "requests", "inquiries", "coupons", "links", "webhooks")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path_factory.mktemp("desk"))
    server.login(server.lead, "chen")
    server.start()
    fill(server)
    yield server
    server.stop()


@pytest.fixture
def desk(server: HouseServer) -> DeskClient:
    return server.enter("chen")


def fill(server: HouseServer) -> None:
    """Everything that people can write, written with malice."""
    now, who = server.house.clock.now(), server.customer.person_id
    rows: list[tuple[type[Any], dict[str, Any]]] = [
        (Rating, {"order_id": 1, "customer_id": who, "cleaner_id": server.cleaner.person_id, "stars": 2}),
        (CallBack, {"order_id": 1, "customer_id": who, "reason": EVIL}),
        (Request, {"kind": "booking", "customer_id": who, "args": {"address": EVIL, "when": EVIL}}),
        (Request, {"kind": "change", "customer_id": who, "args": {"change": "move", "starts_at": EVIL}}),
        (Request, {"kind": "phone", "customer_id": who, "args": {"match": EVIL}}),
        (Request, {"kind": EVIL, "customer_id": who}),
        (Delivery, {"message_id": EVIL, "kind": EVIL, "body": EVIL, "last_error": EVIL, "next_at": now}),
    ]

    def write(tx: Any) -> None:
        tx.change(Person, who, name=EVIL)
        for table, values in rows:
            text = {"comment": EVIL} if table is Rating else {"text": EVIL} if table is Request else {}
            tx.add(table, created_at=now, **text, **values)
        tx.add(Inquiry, customer_id=who, topic="price", answered=True, at=now)
        tx.add(Checkin, order_id=1, person_id=2, point="problem", note=EVIL, at=now)
        tx.add(
            Coupon, code="ABCD1234", customer_id=who, reason=EVIL, about="x", amount_fen=2000, granted_at=now,
            expires_at=now + timedelta(days=9),
        )  # fmt: skip

    server.on_loop(server.engine.call(write))
    number = server.open_case(f"{EVIL} 厨房油污没有擦干净", order=1)
    server.act(server.lead, "reply_customer", case=case_id(server, number), text=EVIL)


def case_id(server: HouseServer, number: str) -> int:
    return int(number.removeprefix("HX")) - 1000


@pytest.mark.parametrize("page", [*PAGES, "visits?day=2026-11-24", "cases?q=%3Cscript%3E", "cases/HX1001"])
def test_what_people_wrote_stays_text(desk: DeskClient, page: str) -> None:
    answer = desk.get(f"/desk/{page}")
    assert answer.status_code == 200, answer.text
    assert EVIL not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"


def test_what_people_wrote_is_shown(desk: DeskClient) -> None:
    for page in ("cases", "cases/HX1001", "ratings", "requests", "webhooks", "visits?day=2026-11-24"):
        assert "&lt;script&gt;" in desk.get(f"/desk/{page}").text, page


@pytest.mark.parametrize(
    ("words", "found"),
    [("油污", True), ("厨房 油污", True), ("HX1001", True), ("A1", True), ("地毯", False), ("%", False), ("_", False)],
)
def test_two_characters_find_a_case_and_patterns_do_not(desk: DeskClient, words: str, found: bool) -> None:
    text = desk.get(f"/desk/cases?{httpx.QueryParams(q=words)}").text
    assert ('href="/desk/cases/HX1001"' in text) is found
    assert found or "没有找到" in text


def test_case_shows_clocks_reasons_and_timeline(desk: DeskClient) -> None:
    text = desk.get("/desk/cases/HX1001").text
    for piece in ("data-due=", "事件矩阵", "为什么这样判断", "回复客户", "客户可见", "仅员工可见"):
        assert piece in text, piece
    assert server_phone(desk) not in text, "contacts stay private"


def server_phone(desk: DeskClient) -> str:
    """The customer's number, which only the caller of the call-back list sees."""
    text = desk.get("/desk/calls").text
    return text.split('href="tel:')[1].split('"')[0]


def test_unknown_case_and_page_are_kind(desk: DeskClient) -> None:
    answer = desk.get("/desk/cases/HX9999")
    assert answer.status_code == 404
    assert "没有编号 HX9999 的案件" in answer.text


def test_mine_open_and_closed(server: HouseServer, desk: DeskClient) -> None:
    number = server.open_case("地毯上有水渍")
    assert number not in desk.get("/desk/cases?show=mine").text
    server.act(server.lead, "take_case", case=case_id(server, number))
    assert number in desk.get("/desk/cases?show=mine").text
    server.act(server.lead, "close_case", case=case_id(server, number), grade="A")
    assert number not in desk.get("/desk/cases?show=open").text
    assert number in desk.get("/desk/cases?show=closed").text


def test_a_closed_case_says_so_once(server: HouseServer, desk: DeskClient) -> None:
    number = server.open_case("阳台的纱窗没有装回去")
    server.act(server.lead, "close_case", case=case_id(server, number), grade="A")
    head = desk.get(f"/desk/cases/{number}").text.split('id="case-head"')[1].split("</header>")[0]

    assert head.count("已结案") == 1


def test_danger_comes_first_then_what_is_late(server: HouseServer, desk: DeskClient) -> None:
    urgent = server.open_case("家里闻到煤气味，有人头晕")
    late = server.open_case("玻璃上有水渍")
    server.on_loop(
        server.engine.call(
            lambda tx: tx.change(Case, case_id(server, late), respond_by=server.house.clock.now() - timedelta(hours=1))
        )
    )
    text = desk.get("/desk/cases").text
    assert text.index(urgent) < text.index(late) < text.index("HX1001")
    assert "已超 1小时00分" in text


def test_late_visit_is_marked(server: HouseServer, desk: DeskClient) -> None:
    assert "迟到" not in desk.get("/desk/visits?day=2026-11-24").text
    server.house.clock.advance(timedelta(days=1, hours=4, minutes=30))
    text = server.enter("chen").get("/desk/visits").text
    assert "迟到 30分" in text


def test_photo_is_for_the_desk_only(server: HouseServer, desk: DeskClient, tmp_path: Path) -> None:
    name = store(server.folder / "files", b"\xff\xd8 a photo")
    now = server.house.clock.now()

    def add(mime: str) -> int:
        row = {"name": name, "kind": "photo", "mime": mime, "size": 9, "created_at": now}
        return server.on_loop(server.engine.call(lambda tx: tx.add(StoredFile, **row)))

    photo, page = add("image/jpeg"), add("text/html")
    assert desk.get(f"/desk/files/{photo}").headers["content-type"] == "image/jpeg"
    download = desk.get(f"/desk/files/{page}").headers
    assert download["content-type"] == "application/octet-stream"
    assert download["content-disposition"].startswith("attachment")
    assert server.visitor().get(f"/desk/files/{photo}").status_code == 303
    assert desk.get("/desk/files/999").status_code == 404


def test_news_is_told_to_open_desks(server: HouseServer, desk: DeskClient) -> None:
    with desk.client.stream("GET", "/desk/live") as live:
        lines = live.iter_lines()
        assert next(lines) == "event: now"
        server.open_case("窗台没擦")
        assert next(line for line in lines if line == "event: changed")


def test_what_was_said_in_a_voice_note_stands_beside_it(server: HouseServer, desk: DeskClient) -> None:
    number = server.open_case("窗台没擦")
    file = {"kind": "voice", "file": "7", "words": f"阳台也没擦{EVIL}"}
    note = {"at": server.house.clock.now(), "case_id": case_id(server, number), "text": "", "data": {"files": [file]}}
    server.on_loop(server.engine.call(lambda tx: tx.add(CaseEntry, kind="said", audience="all", **note)))
    text = desk.get(f"/desk/cases/{number}").text
    assert text.count("语音听写：阳台也没擦&lt;script&gt;") == 2
    assert '<audio controls preload="none" src="/desk/files/7"' in text


def test_a_picture_that_cannot_be_shown_says_why_instead(server: HouseServer, desk: DeskClient) -> None:
    number, now = server.open_case("窗台没擦"), server.house.clock.now()
    case = case_id(server, number)

    def write(tx: Any) -> None:
        ids = [tx.add(StoredFile, kind="photo", state=state, created_at=now) for state in ("pending", "failed")]
        files = [{"kind": "photo", "file": str(one)} for one in ids]
        tx.add(CaseEntry, at=now, case_id=case, kind="said", audience="all", text="", data={"files": files})

    server.on_loop(server.engine.call(write))
    text = desk.get(f"/desk/cases/{number}").text
    assert (text.count("还没有取到"), text.count("打不开，没有存下来"), text.count("<img src=")) == (2, 2, 0)


def test_the_climb_of_a_whole_night_is_folded_into_one_line(server: HouseServer, desk: DeskClient) -> None:
    number, now = server.open_case("窗台没擦"), server.house.clock.now()
    climb = {"case_id": case_id(server, number), "kind": "escalated", "audience": "staff", "data": {}}

    def write(tx: Any) -> None:
        for step in range(9):
            tx.add(CaseEntry, at=now + timedelta(minutes=step), text=f"第{step}位", **climb)

    server.on_loop(server.engine.call(write))
    text = desk.get(f"/desk/cases/{number}").text
    assert (text.count('kind-escalated"'), "又升级 8 次" in text, "第8位" in text) == (1, True, True)


def test_services_are_named_in_the_readers_language(server: HouseServer, desk: DeskClient) -> None:
    def speak(locale: str) -> None:
        server.on_loop(server.engine.call(lambda tx: tx.change(Person, server.lead.person_id, locale=locale)))

    speak("en")
    try:
        pages = [desk.get(f"/desk/{page}").text for page in ("visits?day=2026-11-24", "ratings", "calls")]
    finally:
        speak("zh-CN")
    assert [("日常保洁" in page, "Regular cleaning" in page) for page in pages] == [(False, True)] * 3


def test_a_branch_gets_a_code_to_print_that_stays_the_same(server: HouseServer, desk: DeskClient) -> None:
    branch = server.house.branch
    assert "/desk/qr/" not in desk.get("/desk/links").text
    made = [desk.do("print_link", once=once, kind="branch", branch=branch).status for once in ("a", "b")]
    pictures = re.findall(r'src="(/desk/qr/[^"]+)"', desk.get("/desk/links").text)
    shown = desk.get(pictures[0])

    assert (made, len(pictures)) == ([200, 200], 1)
    assert (shown.headers["content-type"], b"<svg" in shown.content) == ("image/svg+xml", True)
    assert desk.get("/desk/qr/nobody.svg").status_code == 404


def test_where_a_bot_is_known_its_code_stands_beside_the_pages(server: HouseServer, desk: DeskClient) -> None:
    desk.do("print_link", kind="branch", branch=server.house.branch)
    server.bot = "huixiang_bot"
    text = desk.get("/desk/links").text
    pictures = re.findall(r'src="(/desk/qr/[^"]+)"', text)

    assert "https://t.me/huixiang_bot?start=" in text
    assert len({desk.get(picture).content for picture in pictures}) == 2
    assert desk.get(f"{pictures[0]}?by=fax").status_code == 404


def test_the_link_of_a_visit_is_at_hand(desk: DeskClient) -> None:
    day = desk.get("/desk/visits?day=2026-11-24").text

    assert re.search(r'href="[^"]*/chat\?c=[\w-]+"', day)


def test_a_request_is_shown_in_the_readers_language_whatever_the_customers(
    server: HouseServer, desk: DeskClient
) -> None:
    args = {
        "service": "deep",
        "service_name": "Deep cleaning",
        "when": "Tue morning",
        "starts_at": "2026-11-24T01:00:00+00:00",
    }
    moved = {"change": "cancel", "order": 1, "visit": "Tue 24/11 14:00 Daily cleaning"}
    with server.house.writing() as tx:
        for kind, given in (("booking", args), ("change", moved)):
            who, now = server.customer.person_id, server.house.clock.now()
            tx.add(Request, kind=kind, customer_id=who, args=given, text="", created_at=now)
    page = desk.get("/desk/requests").text

    assert ("深度保洁" in page, "Deep cleaning" in page) == (True, False)
    assert ("11月24日 周二 09:00" in page, "Daily cleaning" in page) == (True, False)
