"""What the back office is given besides `Services`: the desk, the API, health and the demo take this."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.company import Company
from domain.errors import Busy
from domain.events import Incoming
from handlers.engine import Engine
from handlers.handled import Handled
from handlers.health import Readiness
from handlers.texts import Texts

PATIENCE_SECONDS = 8.0


class DemoTime(Protocol):
    """Moves the demo's clock ahead, for all; what falls due on the way happens at its own moment."""

    async def forward(self, by: timedelta) -> None: ...

    async def until(self, goal: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Office:
    """`ready` asks every part how it is. `telegram` takes (secret header, body) and answers an HTTP status.

    `demo_time` is there in a demo only; without an `api_key` the API answers nobody. `metrics` writes the figures.
    """

    engine: Engine
    texts: Texts
    company: Company
    ready: Callable[[], Awaitable[Readiness]]
    api_key: str = ""
    demo_time: DemoTime | None = None
    telegram: Callable[[str, bytes], Awaitable[int]] | None = None
    metrics: Callable[[], bytes] | None = None
    metrics_key: str = ""

    async def handle(self, incoming: Incoming) -> Handled:
        """One event, and how its turn ended. Raises `Busy` when the answer takes too long.

        A turn that takes long goes on: the same event submitted again gets its answer.
        """
        try:
            return await asyncio.wait_for(asyncio.shield(self.engine.submit(incoming)), PATIENCE_SECONDS)
        except TimeoutError:
            raise Busy from None

    async def submit(self, incoming: Incoming) -> dict[str, Any]:
        """As `handle`, with what the turn answered; raises its refusal."""
        return answer(await self.handle(incoming))


def answer(handled: Handled) -> dict[str, Any]:
    """What the turn answered; raises its refusal."""
    if handled.error is not None:
        raise handled.error
    return handled.result or {}
