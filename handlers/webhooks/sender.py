"""Sends the webhooks that are due, signed after Standard Webhooks, and tries again after its schedule.

The receiver may fail, hang or answer nonsense: nothing it does holds up a chat. No database transaction is open
while we talk with it.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import httpx
import structlog
from standardwebhooks import Webhook

from domain.clock import Clock
from domain.errors import Busy
from domain.events import Incoming, JobEnded
from handlers.webhooks.webhooks import GAVE_UP
from storage import webhooks
from storage.database import Tx
from storage.webhooks import Delivery

T = TypeVar("T")
log = structlog.get_logger()
SCHEDULE = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
WHOLE_SECONDS = 15.0
MOST_BYTES = 64 * 1024
AT_ONCE = 8
POLL_SECONDS = 1.0
GONE = 410


class Engine(Protocol):
    """What the sender needs of `handlers.engine.Engine`."""

    async def call(self, work: Callable[[Tx], T]) -> T: ...

    async def accept(self, incoming: Sequence[Incoming]) -> None: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """How a try ended: the status, 0 without one; `error` is empty when the receiver took it."""

    status: int
    error: str = ""


class WebhookSender:
    """`secret` is the signing secret, `whsec_…`. `client` speaks HTTP; the caller closes it."""

    def __init__(
        self, engine: Engine, clock: Clock, url: str, secret: str, client: httpx.AsyncClient,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._clock = clock
        self._url = url
        self._signer = Webhook(secret)
        self._client = client
        self._whole_seconds = whole_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Keep sending, from now on."""
        self._task = asyncio.create_task(self._run(), name="webhooks")

    async def stop(self) -> None:
        """What is under way is sent again after the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def send_due(self) -> int:
        """Try everything that is due, a few at a time; how many there were."""
        rows = await self._engine.call(self._claim)
        await asyncio.gather(*(self._try(row) for row in rows))
        return len(rows)

    async def _try(self, row: Delivery) -> None:
        answered = await self._post(row)
        try:
            await self._keep(row, answered)
        except Busy:
            log.warning("webhook_outcome_not_stored", delivery=row.id)

    async def _run(self) -> None:
        while True:
            sent = 0
            try:
                sent = await self.send_due()
            except Busy:
                log.warning("webhooks_wait")
            if not sent:
                await asyncio.sleep(POLL_SECONDS)

    def _claim(self, tx: Tx) -> list[Delivery]:
        """What is due now. Nothing is under way here: what is marked so was cut off by a crash or a busy database."""
        webhooks.requeue_left_sending(tx)
        rows = webhooks.due(tx, self._clock.now(), AT_ONCE)
        for row in rows:
            webhooks.mark_sending(tx, row.id or 0)
        return rows

    async def _keep(self, row: Delivery, answered: Answered) -> None:
        """Store how it went."""
        row_id, attempts, now = row.id or 0, row.attempts + 1, self._clock.now()
        if not answered.error:
            await self._engine.call(lambda tx: webhooks.mark_sent(tx, row_id, answered.status, now))
            return
        log.warning("webhook_failed", delivery=row_id, attempt=attempts, status=answered.status, error=answered.error)
        if answered.status == GONE or attempts > len(SCHEDULE):
            await self._engine.accept([self._last(row_id, attempts, answered, now)])
            return
        again = now + SCHEDULE[attempts - 1]
        await self._engine.call(
            lambda tx: webhooks.try_again(tx, row_id, again, status=answered.status, error=answered.error)
        )

    def _last(self, row_id: int, attempts: int, answered: Answered, now: datetime) -> Incoming:
        args = {"delivery": row_id, "attempts": attempts, "status": answered.status, "error": answered.error}
        return Incoming("job", f"{GAVE_UP}:{row_id}:{now.isoformat()}", "webhooks", JobEnded(GAVE_UP, args))

    async def _post(self, row: Delivery) -> Answered:
        """One POST. A redirect counts as a failure: the address is the company's own setting."""
        try:
            async with asyncio.timeout(self._whole_seconds):
                return await self._exchange(row)
        except TimeoutError:
            return Answered(0, "timeout")
        except httpx.HTTPError as error:
            return Answered(0, type(error).__name__)

    async def _exchange(self, row: Delivery) -> Answered:
        now = self._clock.now()
        headers = {
            "content-type": "application/json",
            "webhook-id": row.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(row.message_id, now, row.body),
        }
        request = self._client.build_request("POST", self._url, content=row.body.encode(), headers=headers)
        async with contextlib.aclosing(await self._client.send(request, stream=True, follow_redirects=False)) as reply:
            await _read(reply)
            return Answered(reply.status_code, "" if reply.is_success else f"HTTP {reply.status_code}")


async def _read(reply: httpx.Response) -> None:
    """Read what the receiver says, so that the connection can be used again; not more than fits."""
    size = 0
    async for chunk in reply.aiter_raw():
        size += len(chunk)
        if size > MOST_BYTES:
            return
