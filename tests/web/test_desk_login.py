"""The door of the desk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.desk import DeskSession
from storage.people import Person
from storage.statement import Statement, core
from tests.web.house_server import PASSWORD, HouseServer, cookie

ALL_SESSIONS = Statement(select(core(DeskSession)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path)
    server.login(server.lead, "chen")
    server.login(server.cleaner, "li")
    server.start()
    yield server
    server.stop()


def try_to_enter(server: HouseServer, username: str, password: str, **headers: str) -> tuple[int, str]:
    answer = server.visitor().post("/desk/login", {"username": username, "password": password}, **headers)
    return answer.status_code, answer.text


def test_right_password_opens_and_logout_closes_for_good(server: HouseServer) -> None:
    desk = server.enter("chen")
    assert desk.get("/desk/cases").status_code == 200
    stolen = dict(desk.client.cookies)
    assert desk.post("/desk/logout", {}).status_code == 303
    desk.client.cookies.update(stolen)
    assert desk.get("/desk/cases").headers["location"].startswith("/desk/login")


def test_nothing_is_shown_without_login(server: HouseServer) -> None:
    desk = server.visitor()
    for path in ("cases", "cases/HX1001", "visits", "ratings", "calls", "coupons", "webhooks", "live", "files/1"):
        answer = desk.get(f"/desk/{path}")
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/desk/login?next=%2Fdesk"), path


def test_cookie_is_kept_from_scripts_and_other_sites(server: HouseServer) -> None:
    answer = server.visitor().post("/desk/login", {"username": "chen", "password": PASSWORD})
    given = cookie(answer)
    assert given["httponly"]
    assert given["samesite"] == "lax"
    assert given["path"] == "/desk"
    assert not given["secure"], "plain http would lose it"
    with server.house.tx() as tx:
        stored = [row.token_hash for row in tx.all(ALL_SESSIONS)]
    assert given.value not in stored, "who reads the database must not be able to enter"


def test_wrong_password_and_unknown_name_sound_the_same(server: HouseServer) -> None:
    wrong = try_to_enter(server, "chen", "不是这个")
    unknown = try_to_enter(server, "nobody", "不是这个")
    assert wrong[0] == unknown[0] == 401
    assert "用户名或密码不对" in wrong[1]
    assert wrong[1].replace("chen", "nobody") == unknown[1]


def test_cleaner_with_a_login_does_not_get_in(server: HouseServer) -> None:
    assert try_to_enter(server, "li", PASSWORD)[0] == 401


def test_guessing_is_stopped_for_a_name_even_with_the_right_password(server: HouseServer) -> None:
    for _ in range(5):
        assert try_to_enter(server, "chen", "不是这个")[0] == 401
    status, text = try_to_enter(server, "chen", PASSWORD)
    assert status == 429
    assert "15 分钟" in text
    server.house.clock.advance(timedelta(minutes=16))
    assert try_to_enter(server, "chen", PASSWORD)[0] == 303


def test_right_passwords_are_not_counted_as_guesses(server: HouseServer) -> None:
    for _ in range(8):
        assert try_to_enter(server, "chen", PASSWORD)[0] == 303


def test_many_names_from_one_address_are_stopped(server: HouseServer) -> None:
    answers = [try_to_enter(server, f"name{number}", "x")[0] for number in range(32)]
    assert answers[:30] == [401] * 30
    assert answers[30:] == [429, 429]


def test_session_ends_by_itself(server: HouseServer) -> None:
    desk = server.enter("chen")
    server.house.clock.advance(timedelta(hours=12, minutes=1))
    assert desk.get("/desk/cases").status_code == 303


def test_who_loses_the_role_is_out_at_once(server: HouseServer) -> None:
    desk = server.enter("chen")
    server.on_loop(server.engine.call(lambda tx: tx.change(Person, server.lead.person_id, role="cleaner")))
    assert desk.get("/desk/cases").status_code == 303


@pytest.mark.parametrize("back", ["https://evil.example/desk/", "//evil.example/desk/", "/desk/\\evil", "/other"])
def test_login_leads_only_to_the_desk(server: HouseServer, back: str) -> None:
    form = {"username": "chen", "password": PASSWORD, "next": back}
    assert server.visitor().post("/desk/login", form).headers["location"] == "/desk/cases"


def test_login_sent_by_another_site_is_refused(server: HouseServer) -> None:
    assert try_to_enter(server, "chen", PASSWORD, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert try_to_enter(server, "chen", PASSWORD, Origin="https://evil.example")[0] == 403
