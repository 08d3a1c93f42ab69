"""The webhook sender with its HTTP client. Imported only when a company has a system that wants to be told."""

import httpx

from domain.clock import Clock
from handlers.engine import Engine
from handlers.webhooks.sender import WebhookSender


class Webhooks:
    """`secret` is the signing secret, `whsec_…`."""

    def __init__(self, engine: Engine, clock: Clock, url: str, secret: str) -> None:
        self._client = httpx.AsyncClient()
        self._sender = WebhookSender(engine, clock, url, secret, self._client)

    async def start(self) -> None:
        self._sender.start()

    async def stop(self) -> None:
        await self._sender.stop()
        await self._client.aclose()
