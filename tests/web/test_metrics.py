"""`/metrics` is for whoever brings the key, or for somebody on this very machine."""

import httpx
import pytest
from fastapi import FastAPI

from web.metrics import metrics_router

KEY = "a key for the figures"
HERE, THERE = "127.0.0.1", "203.0.113.9"


async def status(client: str, key: str = "", **headers: str) -> int:
    app = FastAPI()
    app.include_router(metrics_router(lambda: b"figures 1\n", key))
    transport = httpx.ASGITransport(app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as http:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await http.get("/metrics", headers=named)).status_code


@pytest.mark.parametrize(
    ("client", "headers", "expected"),
    [
        (HERE, {}, 200),
        ("::1", {}, 200),
        (THERE, {}, 403),
        (HERE, {"x_forwarded_for": HERE}, 403),
        (HERE, {"forwarded": "for=127.0.0.1"}, 403),
        ("a name", {}, 403),
    ],
)
async def test_without_a_key_only_who_is_here_and_comes_directly(
    client: str, headers: dict[str, str], expected: int
) -> None:
    assert await status(client, **headers) == expected


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [(f"Bearer {KEY}", 200), (f"bearer {KEY}", 200), ("Bearer wrong", 403), (KEY, 403), ("", 403)],
)
async def test_with_a_key_nobody_without_it(authorization: str, expected: int) -> None:
    assert await status(THERE, KEY, authorization=authorization) == expected
    assert await status(HERE, KEY, authorization=authorization) == expected
