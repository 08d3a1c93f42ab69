"""Errands of the command line: events handed to the company, whether its process is serving or not.

When it serves, the events are written into the inbox and its next round takes them: it knows its channels, the name
of its bot for one. When it does not, they are handled right here, and what there is to say is sent when it serves
again. In a cluster it serves when a worker is there.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from bot.core import Core, build_core, insist
from bot.lock import lock_unserved
from bot.reading.late import LateReader
from bot.settings import Settings
from domain.errors import AlreadyRunning, Busy, HuixiangError
from domain.events import Incoming
from handlers.engine import Engine
from handlers.handled import Handled, handled
from handlers.round import Ended, Round
from scheduler.embedded import Ticker
from storage import bell, inbox
from storage.database import Tx
from web.hub import WebChannel

T = TypeVar("T")
AT_ONCE = 50
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 60.0
UNDONE = "已经存下，但处理时出了问题，服务启动后会再试。请查看日志。"
UNANSWERED = "已经交给正在运行的服务，但它还没有处理完。请稍后在工作台查看。"


def run(settings: Settings, incomings: Sequence[Incoming]) -> list[Handled]:
    """How each of the events ended, in their order; a refusal is in `error`."""
    lock = lock_unserved(settings)
    try:
        lock.take()
    except AlreadyRunning:
        return _hand_over(_core(settings), incomings)
    try:
        return asyncio.run(_handle(_core(settings), incomings))
    finally:
        lock.release()


def run_one(settings: Settings, incoming: Incoming) -> dict[str, object]:
    """The answer to one event; raises its refusal."""
    (ended,) = run(settings, [incoming])
    if ended.error is not None:
        raise ended.error
    return ended.result or {}


def look(settings: Settings, question: Callable[[Tx], T]) -> T:
    """What the database holds now: no event, nothing is kept of the question."""
    core = _core(settings)
    try:
        with core.database.read() as tx:
            return question(tx)
    finally:
        core.database.close()


def _core(settings: Settings) -> Core:
    """The web channel is there for its links only."""
    web = WebChannel(settings.public_url or f"http://{settings.host}:{settings.port}")
    return build_core(settings, {web.name: web}, LateReader(settings.model_file))


async def _handle(core: Core, incomings: Sequence[Incoming]) -> list[Handled]:
    ticker = Ticker(core.engine, core.clock)
    core.engine.start()
    await ticker.start()
    try:
        return list(await asyncio.gather(*(_submit(core.engine, one) for one in incomings)))
    finally:
        await ticker.stop()
        await core.engine.stop()
        core.database.close()


async def _submit(engine: Engine, incoming: Incoming) -> Handled:
    try:
        return await asyncio.wait_for(engine.submit(incoming), PATIENCE_SECONDS)
    except HuixiangError as error:
        return Handled(0, False, None, error)
    except TimeoutError:
        return Handled(0, False, None, Busy(UNDONE))


def _hand_over(core: Core, incomings: Sequence[Incoming]) -> list[Handled]:
    """Short transactions, so that the chats do not wait for a long file."""
    try:
        for start in range(0, len(incomings), AT_ONCE):
            insist(partial(_store, core, incomings[start : start + AT_ONCE]))
        deadline = time.monotonic() + PATIENCE_SECONDS
        return [_await_end(core, incoming, deadline) for incoming in incomings]
    finally:
        core.database.close()


def _store(core: Core, incomings: Sequence[Incoming]) -> None:
    with core.database.write() as tx:
        round_ = Round(tx, core.world, core.clock.now())
        for incoming in incomings:
            round_.store(incoming)
        bell.ring(tx, by="cli", out=[])


def _await_end(core: Core, incoming: Incoming, deadline: float) -> Handled:
    while time.monotonic() < deadline:
        with core.database.read() as tx:
            row = inbox.known(tx, incoming.source, incoming.key)
        if row is not None and row.state != "new":
            return handled(row.id or 0, Ended(row.result), duplicate=False)
        time.sleep(POLL_SECONDS)
    return Handled(0, False, None, Busy(UNANSWERED))
