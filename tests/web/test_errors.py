"""What people see where there is no page, where one failed, and when their login has ended."""

from collections.abc import Iterator

import pytest

from storage.people import Person
from tests.web.house_server import HouseServer

PAGE = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path_factory.mktemp("errors"))
    server.login(server.lead, "chen")
    server.login(server.owner, "zhou")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("path", ["/nope", "/desk/nope", "/chat/nope", "/static/nope.png"])
def test_where_there_is_nothing_a_browser_gets_a_page_and_a_program_gets_json(server: HouseServer, path: str) -> None:
    client = server.visitor().client
    shown = client.get(path, headers=PAGE)
    assert (shown.status_code, "没有这个页面" in shown.text) == (404, True)
    assert "no such page" in client.get(path, headers={**PAGE, "Accept-Language": "en"}).text
    assert client.get(path).json() == {"detail": "Not Found"}


def test_an_address_of_the_desk_that_means_nothing_is_said_to_be_not_found(server: HouseServer) -> None:
    answer = server.enter("chen").get("/desk/files/abc")
    assert (answer.status_code, "没有找到" in answer.text) == (404, True)


def test_whose_login_has_ended_keeps_what_they_wrote_and_comes_back_to_the_page(server: HouseServer) -> None:
    reply = {"csrf": "old", "case": 1, "text": "写了很久的话"}
    asked = {"HX-Request": "true", "HX-Current-URL": f"{server.http}/desk/cases/HX1001?a=1"}
    told = server.visitor().post("/desk/do/reply_customer", reply, **asked)
    assert (told.status_code, "HX-Redirect" in told.headers) == (401, False)
    assert "重新登录" in told.text
    assert 'href="/desk/login?next=%2Fdesk%2Fcases%2FHX1001%3Fa%3D1"' in told.text

    asked["HX-Current-URL"] = f"{server.http}/desk/cases/HX1001"
    news = server.visitor().client.get("/desk/cases", headers=asked)
    assert news.headers["HX-Redirect"] == "/desk/login?next=%2Fdesk%2Fcases%2FHX1001"


def test_without_scripts_what_was_written_is_given_back_with_the_refusal(server: HouseServer) -> None:
    lead = server.enter("chen")
    form = {"csrf": lead.csrf, "said": "花瓶碎了 <b>两只</b>", "order_number": "没有", "back": "/desk/cases/new"}
    page = lead.post("/desk/do/open_case", form)
    assert (page.status_code, "没有订单号" in page.text) == (404, True)
    assert "花瓶碎了 &lt;b&gt;两只&lt;/b&gt;</textarea>" in page.text
    assert 'href="/desk/cases/new"' in page.text


def test_a_page_of_another_site_is_not_gone_back_to(server: HouseServer) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "https://evil.example//desk.evil/x"}
    assert server.visitor().client.get("/desk/cases", headers=asked).headers["HX-Redirect"].endswith("%2Fdesk%2Fcases")


def test_a_refusal_is_in_the_language_of_whoever_is_refused(server: HouseServer) -> None:
    server.on_loop(server.engine.call(lambda tx: tx.change(Person, server.lead.person_id, locale="en")))
    lead = server.enter("chen")
    assert "out of date" in lead.do("take_case", csrf="x", case=1).text
    assert "页面已过期" in server.enter("zhou").do("take_case", csrf="x", case=1).text
