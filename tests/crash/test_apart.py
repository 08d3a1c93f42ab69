"""A page at one process and its answer from another: what was said is handled elsewhere, and shown here at once."""

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL, Popen

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests import databases
from tests.bot.processes import environment

PATIENCE = 90.0
KEY = "a key for tests, long enough"


class Apart:
    """One process of this kind, for as long as the block lasts."""

    def __init__(self, folder: Path, command: str, url: str) -> None:
        folder.mkdir()
        self.log = folder / "log"
        settings = environment(folder, database_url=url, port="0", api_key=KEY)
        with self.log.open("w") as out:
            arguments = [sys.executable, "-m", "bot.cli", command]
            self.process = Popen(arguments, stdout=out, stderr=out, stdin=DEVNULL, cwd=folder, env=settings)

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()

    def says(self, pattern: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(pattern, self.log.read_text("utf-8"))
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"it never said {pattern}: {self.log.read_text('utf-8')}")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of a web process; its worker is another."""
    url = databases.server().fresh()
    with ExitStack() as both:
        worker = both.enter_context(Apart(tmp_path / "worker", "worker", url))
        server = both.enter_context(Apart(tmp_path / "web", "web", url))
        worker.says('"working"')
        yield server.says(r"http://127\.0\.0\.1:\d+")
    databases.server().drop(url)


def expect(page: ClientConnection, words: str) -> None:
    """Until a line of ours says so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        frame = json.loads(page.recv(timeout=PATIENCE))
        said = [line["text"] for line in frame.get("lines", ()) if not line["mine"]]
        if any(words in text for text in said):
            return
    raise AssertionError(f"nobody said {words}")


@pytest.mark.timeout(240)
def test_what_is_said_at_one_process_is_answered_by_another(web: str) -> None:
    with connect(web.replace("http", "ws") + "/chat/ws", origin=web) as page:
        page.send(json.dumps({"t": "hello"}))
        page.send(
            json.dumps(
                {"t": "send", "id": "0f2b8c1e-6d3a-4f59-9a77-1c2d3e4f5a6b", "text": "厨房油污根本没擦干净，我要求返工"}
            )
        )
        expect(page, "HX")
    order = {
        "number": "A1", "event": "booked", "customer": {"name": "王女士", "phone": "13800138000"},
        "service": "日常保洁", "starts_at": "2030-01-01T10:00:00+08:00",
    }  # fmt: skip
    headers = {"X-API-Key": KEY, "Idempotency-Key": "one"}
    answer = httpx.post(f"{web}/api/orders", json=order, headers=headers, timeout=PATIENCE)
    assert answer.json()["number"] == "A1", answer.text
