"""The webhook sender with its HTTP client. Imported only when a company has a system that wants to be told."""

import httpx

from domain.clock import Clock
from handlers.engine import Engine
from handlers.webhooks.sender import WebhookSender


class Webhooks:
    """`secret` is the signing secret, `whsec_…`. May be started again after it was stopped."""

    def __init__(self, engine: Engine, clock: Clock, url: str, secret: str) -> None:
        self._engine = engine
        self._clock = clock
        self._url = url
        self._secret = secret
        self._client: httpx.AsyncClient | None = None
        self._sender: WebhookSender | None = None

    async def start(self) -> None:
        self._client = httpx.AsyncClient()
        self._sender = WebhookSender(self._engine, self._clock, self._url, self._secret, self._client)
        self._sender.start()

    async def stop(self) -> None:
        if self._sender is not None and self._client is not None:
            await self._sender.stop()
            await self._client.aclose()
