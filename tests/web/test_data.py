"""The page behind 我的数据: shown as often as one likes, handed over once."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.house_server import HouseServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path)
    server.customer.says("我的数据")
    server.customer.taps("给我一份")
    yield server.start()
    server.stop()


def address(server: HouseServer) -> str:
    [button] = itertools.chain(*server.customer.heard[-1].row.buttons)
    return str(button["url"])


def test_copy_is_downloaded_once(server: HouseServer) -> None:
    somebody, where = server.visitor(), address(server)
    for _ in range(2):
        page = somebody.get(where)
        assert page.status_code == 200
        assert "只能下载一次" in page.text
        assert page.headers["cache-control"] == "no-store"
    copy = somebody.post(where, {})
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.json()["person"]["name"] == server.customer.name
    for again in (somebody.get(where), somebody.post(where, {})):
        assert again.status_code == 410
        assert "用过了，或者过期了" in again.text
        assert server.customer.name not in again.text


@pytest.mark.parametrize("code", ["", "nonsense", "x" * 64, "%3Cscript%3E"])
def test_nobody_guesses(server: HouseServer, code: str) -> None:
    somebody = server.visitor()
    assert somebody.get(f"/data?c={code}").status_code == 410
    assert somebody.post(f"/data?c={code}", {}).status_code == 410
    assert "<script>" not in somebody.get(f"/data?c={code}").text


def test_code_of_another_kind_opens_nothing(server: HouseServer) -> None:
    link = server.act(server.owner, "invite_staff", role="cleaner", name="赵春梅")
    assert server.visitor().post(f"/data?c={link['code']}", {}).status_code == 410
