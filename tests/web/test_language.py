"""The language of a first visit is the browser's; what was asked for wins, and stays."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import connect

from storage.links import Link
from tests.harness import START
from tests.web.house_server import HouseServer
from web.chat_identity import new_token


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path_factory.mktemp("language")).start()
    yield server
    server.stop()


def shown(server: HouseServer, path: str, browser: str) -> str:
    """The language that the page says it is in."""
    text = server.visitor().client.get(path, headers={"Accept-Language": browser}).text
    return text.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("browser", "language"),
    [
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9,zh-TW;q=0.5", "zh-CN"),
        ("yue-Hant-HK", "zh-CN"),
        ("en-US,en;q=0.9", "en"),
        ("fr-CH, fr;q=0.9, *;q=0.5", "en"),
        ("," * 5000 + "zh", "zh-CN"),
    ],
)
def test_a_browser_that_names_languages_and_no_chinese_gets_english(
    server: HouseServer, browser: str, language: str
) -> None:
    assert [shown(server, path, browser) for path in ("/", "/chat", "/desk/login", "/data")] == [language] * 4


@pytest.mark.parametrize(("asked", "language"), [("en", "en"), ("zh-CN", "zh-CN"), ("fr", "en"), ("../zh-CN", "en")])
def test_what_the_address_asks_for_wins(server: HouseServer, asked: str, language: str) -> None:
    assert shown(server, f"/chat?lang={asked}", "de") == language
    assert shown(server, f"/chat?lang={asked}", "zh") == ("en" if asked == "en" else "zh-CN")


def hello(server: HouseServer, token: str, **said: Any) -> dict[str, Any]:
    """The welcome."""
    with connect(server.http.replace("http", "ws") + "/chat/ws") as socket:
        socket.send(json.dumps({"t": "hello", "token": token, **said}))
        welcome: dict[str, Any] = json.loads(socket.recv(timeout=5))
    assert welcome["t"] == "welcome"
    return welcome


def test_a_guess_counts_at_the_first_visit_only_and_a_choice_at_any(server: HouseServer) -> None:
    token = new_token()
    first = hello(server, token, locale="en")
    assert (first["locale"], first["lines"][0]["text"][:3]) == ("en", "Hel")
    assert hello(server, token, locale="zh-CN")["locale"] == "en"

    assert hello(server, token, locale="zh-CN", chosen=True)["locale"] == "zh-CN"
    assert hello(server, token, locale="en")["locale"] == "zh-CN"
    assert hello(server, token, locale="xx", chosen=True)["locale"] == "zh-CN"


def test_a_demo_link_in_english_speaks_english_from_its_first_word(server: HouseServer) -> None:
    customer = server.house.customer()
    with server.house.writing() as tx:
        tx.add(Link, code="stage", kind="demo", args={"person": customer.person_id}, created_at=START)
    welcome = hello(server, new_token(), code="stage", locale="en", chosen=True)
    assert (welcome["locale"], [line["text"][:5] for line in welcome["lines"]]) == ("en", ["Hello"])
    assert hello(server, new_token(), code="stage", locale="zh-CN")["locale"] == "en"
