"""`/healthz` and `/readyz`, in good days and bad."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.house_server import HouseServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path).start()
    yield server
    server.stop()


def test_a_healthy_house_is_alive_and_ready(server: HouseServer) -> None:
    visitor = server.visitor()
    assert visitor.get("/healthz").json() == {"ok": True}
    ready = visitor.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["database"]["ok"]
    assert ready.json()["channels"]["web"]["ok"]
    assert ready.headers["cache-control"] == "no-store"


def test_a_locked_database_is_alive_but_not_ready(server: HouseServer) -> None:
    holder = sqlite3.connect(server.folder / "house.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        visitor = server.visitor()
        ready = visitor.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["database"]["ok"] is False
        assert visitor.get("/healthz").status_code == 200
        busy = server.api("POST", "/api/cases", {"text": "厨房没擦"})
        assert (busy.status_code, busy.json()["error"]) == (503, "busy")
        assert busy.headers["retry-after"]
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert visitor.get("/readyz").status_code == 200
