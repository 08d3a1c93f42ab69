"""Tells an address outside that all is well. When it falls silent, whoever listens there rings somebody.

Imported only when there is such an address. It is told nothing but that we live.
"""

import asyncio

import httpx
import structlog

log = structlog.get_logger()
WHOLE_SECONDS = 5.0


class Heartbeat:
    """`url` may hold a secret: it is never logged."""

    def __init__(self, url: str, seconds: float = WHOLE_SECONDS) -> None:
        self._url = url
        self._seconds = seconds
        self._failing = False
        self._certificates = httpx.create_ssl_context()

    async def beat(self) -> None:
        """One GET. That it fails is logged when it begins, and when it is over."""
        failure = await self._get()
        if failure and not self._failing:
            log.warning("heartbeat_failed", error=failure)
        elif self._failing and not failure:
            log.info("heartbeat_works_again")
        self._failing = bool(failure)

    async def _get(self) -> str:
        """Why it failed, empty when it did not. What is answered is not read."""
        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(verify=self._certificates) as client,
                client.stream("GET", self._url) as reply,
            ):
                return "" if reply.is_success else f"HTTP {reply.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            return type(error).__name__
