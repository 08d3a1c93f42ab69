"""`python -m tests.hostile.failing WORD…`: every layer fails, and every library complains, with these words in it."""

import asyncio
import gc
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.logs import set_up_logs
from domain.channel import Outcome, Outgoing
from domain.events import Incoming, JobEnded, MessageCame
from domain.understanding import Understanding
from handlers.delivery import Delivery
from handlers.engine import Engine
from handlers.models.work import Ready
from handlers.models.worker import Worker
from handlers.webhooks.sender import Answered, WebhookSender
from scheduler.driver import Chore
from scheduler.embedded import Ticker
from storage.jobs import Job
from storage.outbox import Outbox
from storage.webhooks import Delivery as Notice
from tests.harness import House
from web.hub import WebChannel

LIBRARIES = (
    "aiogram", "aiogram.event", "aiohttp.client", "aiohttp.server", "alembic.runtime.migration", "asyncio", "httpcore",
    "httpx", "openai", "openai._base_client", "prometheus_client", "psycopg.pool", "root", "sqlalchemy.engine",
    "sqlalchemy.pool", "telegram.ext", "uvicorn.access", "uvicorn.error", "websockets.server",
)  # fmt: skip
WORDS = " ".join(sys.argv[1:])


def fails(*_args: Any, **_kwargs: Any) -> Any:
    raise ValueError(f"about {WORDS}") from RuntimeError(WORDS)


class Breaks:
    """A reader."""

    def understand(self, text: str, at: datetime, sender: str = "customer") -> Understanding:
        return fails()  # type: ignore[no-any-return]


class Down(WebChannel):
    async def send(self, message: Outgoing) -> Outcome:
        return fails()  # type: ignore[no-any-return]


class Puzzle:
    """A piece of slow work."""

    kind, seconds, pauses, patience, answered = "read_again", 1.0, (), timedelta(0), False

    def ready(self, *_args: Any) -> Ready:
        return Ready.NOW

    async def do(self, job: Job) -> Any:
        fails()

    def wanted(self, *_args: Any) -> bool:
        return True

    def lost(self, *_args: Any) -> Incoming | None:
        return None


class Hook(WebhookSender):
    async def _post(self, row: Notice) -> Answered:
        return Answered(500, "HTTP 500")


class Untidy:
    def __del__(self) -> None:
        fails()


async def company_fails(folder: Path) -> None:
    """A turn, a round, a send, a chore, slow work and a notice."""
    house = House(folder, Breaks())
    customer, now = house.customer(WORDS), house.clock.now()
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    delivery = Delivery(engine, {"web": Down()}, house.clock, folder)
    with house.writing() as tx:
        tx.add(
            Outbox, event_id=7, channel="web", chat=customer.address.chat, token="t", text=WORDS, not_before=now,
            created_at=now,
        )  # fmt: skip
        tx.add(Job, kind="read_again", about="entry:1", event_id=8, next_at=now, created_at=now)
        tx.add(Notice, message_id="m", kind="k", body="{}", next_at=now, created_at=now)
    await delivery.start()
    await engine.accept([Incoming("web", "1", str(customer.address), MessageCame(customer.address, WORDS))])
    await engine.accept([Incoming("job", "1", "job", JobEnded(WORDS, {"words": WORDS}))])
    await asyncio.gather(
        engine.call(lambda tx: tx.driver.execute(f"SELECT '{WORDS}' FROM {WORDS.split()[0]}")), return_exceptions=True
    )
    await Worker(engine, house.clock, Puzzle(), 5).work_due()  # type: ignore[arg-type]  # a double
    await Hook(engine, house.clock, "http://nowhere", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", None).send_due()  # type: ignore[arg-type]
    ticker = Ticker(engine, house.clock, chores=(Chore("failing", 0.05, _chore),), tick=60)
    await ticker.start()
    await asyncio.sleep(0.3)
    await ticker.stop()
    await delivery.stop()
    await engine.stop()


async def _chore() -> None:
    fails()


def libraries_complain() -> None:
    for name in LIBRARIES:
        log = logging.getLogger(name)
        log.warning("told with %s", WORDS)
        log.error(f"filled in with {WORDS}")
        log.critical(WORDS, extra={"words": WORDS})
        _caught(lambda log=log: log.exception("in the middle of %r", [WORDS]))  # type: ignore[misc]
    warnings.warn(WORDS, stacklevel=1)


def python_complains() -> None:
    """A thread, a task that nobody waited for, something that could not be tidied away."""
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    asyncio.run(_forget())
    Untidy()
    gc.collect()


async def _forget() -> None:
    task = asyncio.ensure_future(_chore())
    await asyncio.wait([task])
    del task
    gc.collect()


def we_complain() -> None:
    log = structlog.get_logger()
    _caught(lambda: log.exception("ours"))
    try:
        fails()
    except ValueError as error:
        log.error("ours", error=error, exc_info=True)
    log.error("masked", url=f"https://example.cn/{sys.argv[-1]}")


def _caught(tell: Callable[[], None]) -> None:
    try:
        fails()
    except ValueError:
        tell()


if __name__ == "__main__":
    set_up_logs("debug", "json", [sys.argv[-1]])
    asyncio.run(company_fails(Path.cwd()))
    libraries_complain()
    python_complains()
    we_complain()
    fails()
