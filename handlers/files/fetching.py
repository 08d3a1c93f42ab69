"""Fetches the files that channels hold for us, after the turn that noted them was committed; drops erased ones."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from domain.channel import Channel
from domain.clock import Clock
from domain.errors import Busy, HuixiangError, Invalid, NotFound
from domain.events import Incoming, JobEnded
from handlers.engine import Engine
from handlers.files.files import FETCHED, LOST, TOO_LARGE, Kept
from storage import files
from storage.database import Tx
from storage.files import StoredFile

log = structlog.get_logger()
Keep = Callable[[StoredFile, bytes], Kept]
"""Checks the content, stores it, and says what was stored. Runs in a thread; raises a `HuixiangError` to refuse it."""
Drop = Callable[[str], None]
"""Removes the content of this name. Runs in a thread; what is gone already is no error."""

POLL_SECONDS = 1.0
AT_ONCE = 4
RETRIES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))


class Fetching:
    """Looks for pending files each second; what cannot be had after some tries is given up in words."""

    def __init__(
        self,
        engine: Engine,
        channels: Mapping[str, Channel],
        clock: Clock,
        keep: Keep,
        drop: Drop,
        poll: float = POLL_SECONDS,
    ) -> None:
        self._engine = engine
        self._channels = channels
        self._clock = clock
        self._keep = keep
        self._drop = drop
        self._poll = poll
        self._not_before: dict[int, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="fetching")

    async def stop(self) -> None:
        """What is being fetched is fetched again after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.fetch_due()
                await self.drop_erased()
            except HuixiangError as error:
                log.warning("fetching_waits", error=error.code)
            await asyncio.sleep(self._poll)

    async def fetch_due(self) -> None:
        """Fetch what is pending and due, a few at a time."""
        due = await asyncio.to_thread(self._due)
        if due:
            await asyncio.gather(*(self._fetch(row) for row in due))

    async def drop_erased(self) -> None:
        """The disk first, then the row: what was cut short is done again."""
        for row in await asyncio.to_thread(self._erased):
            if not await self._engine.call(partial(files.is_kept, name=row.name)):
                await asyncio.to_thread(self._drop, row.name)
            await self._engine.call(partial(_forget, file=row.id or 0))

    def _erased(self) -> list[StoredFile]:
        with self._engine.database.read() as tx:
            return files.erased(tx, AT_ONCE)

    def _due(self) -> list[StoredFile]:
        now = self._clock.now()
        with self._engine.database.read() as tx:
            rows = files.pending(tx, 100)
        return [row for row in rows if self._not_before.get(row.id or 0, now) <= now][:AT_ONCE]

    async def _fetch(self, row: StoredFile) -> None:
        name, _, remote = row.remote.partition(":")
        try:
            channel = self._channels.get(name)
            if channel is None:
                raise Busy(reason="this channel is not set up now")
            content = await channel.fetch(remote)
            kept = await asyncio.to_thread(self._keep, row, content)
        except (Busy, OSError, TimeoutError) as error:
            await self._later(row, error)
        except HuixiangError as error:
            await self._end(row, LOST, {"reason": _reason(error)})
        else:
            await self._end(row, FETCHED, {"name": kept.name, "kind": kept.kind, "mime": kept.mime, "size": kept.size})

    async def _later(self, row: StoredFile, error: Exception) -> None:
        """Try again after a while, and in the end give up."""
        attempts = row.attempts
        log.info("fetch_failed", file=row.id, attempt=attempts + 1, error=type(error).__name__)
        if attempts >= len(RETRIES):
            await self._end(row, LOST, {"reason": "gone"})
            return
        self._not_before[row.id or 0] = self._clock.now() + RETRIES[attempts]
        await self._engine.call(lambda tx: tx.change(StoredFile, row.id or 0, attempts=attempts + 1))

    async def _end(self, row: StoredFile, how: str, args: dict[str, object]) -> None:
        """The same file ends once, however often it was fetched."""
        self._not_before.pop(row.id or 0, None)
        event = JobEnded(how, {"file": row.id, **args})
        await self._engine.accept([Incoming("job", f"{how}:{row.id}", row.owner, event)])


def _forget(tx: Tx, file: int) -> None:
    tx.change(StoredFile, file, name="")


def _reason(error: HuixiangError) -> str:
    """The text that tells why."""
    if isinstance(error, NotFound):
        return "gone"
    return TOO_LARGE if isinstance(error, Invalid) else "unreadable"
