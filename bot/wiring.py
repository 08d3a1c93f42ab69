"""The composition root: the one place that names the concrete parts, and starts and stops them in order."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog
from fastapi import FastAPI

from bot.auditing import Auditing
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_library import connect
from bot.core import Core, build_core, files_secret
from bot.demo.machine import TimeMachine
from bot.keeping import dropper, keeper
from bot.late_reader import LateReader
from bot.lock import lock_for
from bot.metrics import Counted, Metrics
from bot.models import Models
from bot.settings import Settings
from domain.channel import Channel, Limits
from domain.clock import SystemClock
from domain.errors import Busy, NotFound
from handlers.auditor import EVERY_SECONDS
from handlers.catching_up import catch_up
from handlers.delivery import Delivery
from handlers.files.fetching import Fetching
from handlers.health import readiness
from scheduler.embedded import Ticker
from storage.files import StoredFile, find
from web.app import create_app
from web.chat_files import path_of
from web.hub import WebChannel
from web.office import Office
from web.services import Services

log = structlog.get_logger()
STOP_SECONDS = 4.0
MOMENT = 0.2
Stop = Callable[[], Awaitable[None]]
TELEGRAM_HOOK = "/hooks/telegram"


class Part(Protocol):
    """Something with a beginning and an end."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Huixiang:
    """The whole company in one process: build it, `start` it, serve `app`, `stop` it."""

    def __init__(self, settings: Settings, public_url: str) -> None:
        """Takes the database for this process. Raises `SettingsError` and `AlreadyRunning`."""
        self.settings = settings
        self.public_url = public_url
        self._lock = lock_for(settings)
        self._lock.take()
        self.hub = WebChannel(public_url)
        self.channels: dict[str, Channel] = {self.hub.name: self.hub}
        reader = LateReader(settings.model_file)
        self.metrics = Metrics()
        counted = Counted(reader, self.metrics)
        self.core: Core = build_core(settings, self.channels, counted, watcher=self.metrics)
        self.metrics.follow(self.core.database, self.core.clock)
        reader.begin()
        self._add_telegram()
        self.delivery = Delivery(
            self.core.engine, self.channels, self.core.clock, settings.data_dir, settings.sends_in_flight
        )
        folder = settings.files_dir
        self.fetching = Fetching(self.core.engine, self.channels, self.core.clock, keeper(folder), dropper(folder))
        self.models = Models(self.core.engine, self.core.clock, settings, self._content)
        self.webhooks = self._webhooks()
        auditing = Auditing(self.core.engine, self.core.clock, settings.heartbeat_url)
        self.ticker = Ticker(self.core.engine, self.core.clock, chores=((EVERY_SECONDS, auditing.run),))
        self.app: FastAPI = create_app(self._services(), self._office())

    async def start(self) -> None:
        self.core.engine.start()
        await self.core.engine.call(lambda tx: catch_up(tx, self.core.clock.now()))
        await self.delivery.start()
        for channel in self.channels.values():
            await channel.start(self.core.engine.accept)
        await self.fetching.start()
        await self.models.start()
        if self.webhooks is not None:
            await self.webhooks.start()
        await self.ticker.start()

    async def stop(self) -> None:
        """Take nothing new, finish what was begun, let go. What is stored and not done waits for the next start."""
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        parts: list[tuple[str, Stop]] = [("scheduler", self.ticker.stop)]
        parts += [(name, channel.stop) for name, channel in self.channels.items()]
        parts += [("fetching", self.fetching.stop), ("models", self.models.stop), ("delivery", self.delivery.stop)]
        if self.webhooks is not None:
            parts.append(("webhooks", self.webhooks.stop))
        for name, stop in [*parts, ("engine", self.core.engine.stop)]:
            await _until(deadline, name, stop)
        self.core.database.close()
        self._lock.release()

    def _services(self) -> Services:
        settings, core = self.settings, self.core
        return Services(
            engine=core.engine,
            database=core.database,
            clock=core.clock,
            hub=self.hub,
            files_dir=settings.files_dir,
            secret=files_secret(core.database),
            company=core.company.name,
            public_url=self.public_url,
            timezone=core.company.hours.timezone,
            frame_ancestors=settings.frame_ancestors,
            demo=settings.demo,
        )

    def _office(self) -> Office:
        settings, core = self.settings, self.core
        telegram = self.channels.get("telegram") if settings.telegram_mode == "webhook" else None
        return Office(
            engine=core.engine,
            texts=core.texts,
            company=core.company,
            ready=lambda: readiness(core.engine, self.channels, core.clock),
            api_key=settings.api_key.get_secret_value(),
            demo_time=self._time_machine(),
            telegram=getattr(telegram, "webhook", None),
            metrics=self.metrics.written,
            metrics_key=settings.metrics_key.get_secret_value(),
        )

    def _time_machine(self) -> TimeMachine | None:
        """For a demo only: a company's time is everybody's."""
        clock = self.core.clock
        if not self.settings.demo or not isinstance(clock, SystemClock):
            return None
        return TimeMachine(self.core.engine, clock, self.delivery)

    def _webhooks(self) -> Part | None:
        """None when the company has no system that wants to be told."""
        settings = self.settings
        if not settings.webhook_url:
            return None
        module = importlib.import_module("bot.webhooks")
        secret = settings.webhook_signing_secret.get_secret_value()
        sender: Part = module.Webhooks(self.core.engine, self.core.clock, settings.webhook_url, secret)
        return sender

    def _add_telegram(self) -> None:
        """Its library is imported only when there is a token: aiogram alone takes seconds and a hundred megabytes."""
        settings = self.settings
        token = settings.telegram_token.get_secret_value()
        if not token:
            return
        channel = TelegramChannel(
            connect(settings.telegram_library, token, settings.telegram_api),
            self._file_path,
            limits=telegram_limits(settings.telegram_per_second),
            mode=settings.telegram_mode,
            webhook_url=self.public_url + TELEGRAM_HOOK,
            secret=settings.webhook_secret.get_secret_value(),
        )
        self.channels[channel.name] = channel

    def _content(self, file: StoredFile) -> bytes:
        return path_of(self.settings.files_dir, file.name).read_bytes()

    def _file_path(self, file: str) -> Path:
        """Where the content of a file of ours lies; `Busy` when we do not have it yet, `NotFound` when never again."""
        with self.core.database.read() as tx:
            row = find(tx, int(file))
        if row is not None and row.state == "pending":
            raise Busy(file=file)
        if row is None or row.state != "ready":
            raise NotFound(file=file)
        return path_of(self.settings.files_dir, row.name)


async def _until(deadline: float, part: str, stop: Stop) -> None:
    """One part that hangs or fails must not keep the others from stopping; each gets a moment at the least."""
    left = deadline - asyncio.get_running_loop().time()
    try:
        await asyncio.wait_for(stop(), max(MOMENT, left))
    except Exception as error:
        log.warning("stop_failed", part=part, error=type(error).__name__)


def telegram_limits(per_second: float) -> Limits:
    """Telegram's own, unless the company runs a Bot API server that allows more; then chats may be faster as well."""
    usual = Limits()
    return Limits(per_second=per_second, per_chat_second=max(usual.per_chat_second, per_second / usual.per_second))
