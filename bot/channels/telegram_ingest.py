"""Brings updates in: fetched or posted raw, stored all together, and only then confirmed to Telegram.

The libraries' own pollers confirm an update before it is handled, and one update that they cannot decode stops all
others. Here an update leaves Telegram's queue only after `accept` returned; the same one seen again has the same key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog

from bot.channels.telegram_client import Call, Client, Collided, Flooded, NotReached, Unanswered, UnknownToken
from bot.channels.telegram_parse import KINDS, parse_update, query_of
from domain.channel import Accept
from domain.events import Incoming

log = structlog.get_logger(__name__)

POLL_SECONDS = 30
SLACK_SECONDS = 10
PAGE = 100
BAD_TOKEN_SECONDS = 60.0
T = TypeVar("T")


class Intake:
    """Has raw updates accepted in one go, then lets the pressed buttons stop spinning."""

    def __init__(self, bot_id: int, accept: Accept, answer: Callable[[str], None]) -> None:
        self._bot_id = bot_id
        self._accept = accept
        self._answer = answer

    async def keep(self, incoming: Incoming) -> None:
        """Something that is no update at all."""
        await self._accept([incoming])

    async def take(self, raws: Sequence[object]) -> None:
        """Raises what `accept` raises; then nothing was taken."""
        batch = [incoming for raw in raws if (incoming := parse_update(raw, self._bot_id)) is not None]
        if batch:
            await self._accept(batch)
        for query in filter(None, map(query_of, raws)):
            self._answer(query)


class Patience:
    """How long to wait after the n-th failure in a row: doubling from `first` seconds up to `longest`."""

    def __init__(self, first: float = 0.5, longest: float = 30.0) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> float:
        self._failures += 1
        return min(self._longest, self._first * 2.0 ** min(self._failures - 1, 20))


class Poller:
    """Long polling. `trouble` is told what is wrong now, or an empty text when all is well."""

    def __init__(self, client: Client, intake: Intake, trouble: Callable[[str], None], patience: Patience) -> None:
        self._client = client
        self._intake = intake
        self._trouble = trouble
        self._patience = patience
        self._offset: int | None = None
        self._ready = False
        self._stopping = False
        self._idle: asyncio.Future[Any] | None = None

    async def run(self) -> None:
        """Until `stop`; outlives every failure."""
        while not self._stopping:
            try:
                await self._round()
            except asyncio.CancelledError:
                if not self._stopping:
                    raise
            except Exception as error:
                # Whatever went wrong, here or in the inbox, the updates stay with Telegram until it is over.
                await self._recover(error)

    def stop(self) -> None:
        """Give up waiting; what is being accepted is finished."""
        self._stopping = True
        if self._idle is not None:
            self._idle.cancel()

    async def _round(self) -> None:
        if not self._ready:
            await self._release_webhook()
        page = await self._wait(self._client.ask(updates_after(self._offset), POLL_SECONDS + SLACK_SECONDS))
        await self._intake.take(page)
        if page and (offset := next_offset(page)) is None:
            raise ValueError("a page of updates without ids cannot be confirmed")
        # An empty page has confirmed all before it. Starting over without offset is then safe, and right
        # after a quiet week, when the next ids may be lower than the last ones.
        self._offset = offset if page else None
        self._patience.succeeded()
        self._trouble("")

    async def _release_webhook(self) -> None:
        info = await self._client.ask(Call("getWebhookInfo"))
        if info.get("url"):
            log.warning("telegram: a webhook was set for this bot; polling is asked for, so it is removed")
            await self._client.ask(Call("deleteWebhook", {"drop_pending_updates": False}))
        self._ready = True

    async def _recover(self, error: Exception) -> None:
        pause, reason = diagnose(error, self._patience.failed())
        self._trouble(reason)
        log.warning("telegram: no updates taken", reason=reason, pause=round(pause, 1))
        try:
            await self._wait(asyncio.sleep(pause))
        except asyncio.CancelledError:
            if not self._stopping:
                raise

    async def _wait(self, what: Awaitable[T]) -> T:
        """Something that `stop` may break off."""
        waiting: asyncio.Future[T] = asyncio.ensure_future(what)
        self._idle = waiting
        if self._stopping:
            waiting.cancel()
        try:
            return await waiting
        finally:
            self._idle = None


def updates_after(offset: int | None) -> Call:
    """The next page: it confirms all before `offset`, and waits for what comes."""
    wanted = {"limit": PAGE, "timeout": POLL_SECONDS, "allowed_updates": KINDS}
    return Call("getUpdates", wanted if offset is None else {"offset": offset, **wanted})


def next_offset(page: Sequence[object]) -> int | None:
    """One past the highest id, None when no update has one."""
    ids = [raw.get("update_id") for raw in page if isinstance(raw, dict)]
    numbers = [number for number in ids if isinstance(number, int)]
    return max(numbers) + 1 if numbers else None


def diagnose(error: Exception, pause: float) -> tuple[float, str]:
    """How many seconds to wait, and what a person should know: never the text of an error that may quote the token."""
    match error:
        case Flooded():
            return max(pause, error.seconds), "Telegram asks for a pause"
        case UnknownToken():
            return max(pause, BAD_TOKEN_SECONDS), "Telegram does not know this token; ask @BotFather for a valid one"
        case Collided() if "webhook" in error.reason:
            return pause, "a webhook was set for this bot by someone else; while it is set nothing can be polled"
        case Collided():
            return pause, "another process is polling with the same token; stop it, or give this one its own bot"
        case NotReached() | Unanswered():
            return pause, f"Telegram cannot be reached ({error.reason})"
        case _:
            return pause, f"updates could not be taken in ({type(error).__name__})"
