"""`/metrics`: figures for Prometheus. They name nobody, yet tell how a company is doing: not for everybody.

With a key, whoever brings it (`Authorization: Bearer …`). Without one, only somebody on this very machine who comes
directly: what a proxy passes on looks local as well, and says so in a header.
"""

import asyncio
import secrets
from collections.abc import Callable
from ipaddress import ip_address

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = ("x-forwarded-for", "x-real-ip", "forwarded", "via")
REFUSED = "只能在本机直接查看，或带上 HUIXIANG_METRICS_KEY。\n"


def metrics_router(written: Callable[[], bytes], key: str) -> APIRouter:
    """`written` gives the figures, and is called in a thread. `key` is empty when there is none."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics", summary="给 Prometheus 的数字", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        if not (_has_key(request, key) if key else _is_here(request)):
            return PlainTextResponse(REFUSED, 403)
        body = await asyncio.to_thread(written)
        return Response(body, media_type=PLAIN, headers={"Cache-Control": "no-store"})

    return router


def _has_key(request: Request, key: str) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), key.encode())


def _is_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
