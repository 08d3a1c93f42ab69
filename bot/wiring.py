"""The composition root: the one place that names the concrete parts, and starts and stops them in order."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI

from bot.channels.telegram import Mode, TelegramChannel
from bot.channels.telegram_hook import HOOK_PATH
from bot.channels.telegram_library import connect
from bot.core import Core, build_core, files_secret
from bot.demo.machine import TimeMachine
from bot.duties import polls
from bot.keeping import dropper, keeper
from bot.lock import lock_for
from bot.metrics import Counted, Metrics
from bot.models import Models
from bot.reading.place import PlacedReader, reader_of
from bot.receiving import Polling, Receiving, Reported
from bot.roles import ALL, Role, check
from bot.settings import Settings
from bot.timekeeping import timekeeping
from domain.channel import Channel, Limits
from domain.clock import SystemClock
from domain.errors import Busy, NotFound
from handlers.catching_up import catch_up
from handlers.delivery import Delivery
from handlers.engine import Engine
from handlers.files.fetching import Fetching
from handlers.health import Asked, Readiness, readiness
from scheduler.duty import Duty, Part
from storage.files import StoredFile, find
from web.app import create_app, create_health_app
from web.chat_files import path_of
from web.hub import WebChannel
from web.office import Office
from web.services import Services

log = structlog.get_logger()
STOP_SECONDS = 4.0
MOMENT = 0.2
Stop = Callable[[], Awaitable[None]]


class Huixiang:
    """The company in one process, or with PostgreSQL a part of it: build it, `start` it, serve `app`, `stop` it."""

    def __init__(
        self, settings: Settings, public_url: str, roles: frozenset[Role] = ALL, reader: PlacedReader | None = None
    ) -> None:
        """Takes a SQLite database for this process. Raises `SettingsError` and `AlreadyRunning`.

        `reader` is one that has begun to load already.
        """
        check(settings, roles)
        self.settings = settings
        self.public_url = public_url
        self.roles = roles
        self._lock = lock_for(settings)
        self._lock.take()
        self.hub = WebChannel(public_url)
        self.channels: dict[str, Channel] = {self.hub.name: self.hub}
        self.reader = reader or reader_of(settings)
        self.metrics = Metrics()
        counted = Counted(self.reader, self.metrics)
        handles = Role.WORKER in roles
        self.core: Core = build_core(
            settings, self.channels, counted, watcher=self.metrics, expect=self.reader.expect, handles=handles
        )
        self.metrics.follow(self.core.database, self.core.clock)
        if handles:
            self.reader.begin()
        self._add_telegram()
        self._clerk = cluster().Clerk(settings.url, self.core.engine) if settings.on_postgres else None
        writer: Engine = self._clerk.engine if self._clerk else self.core.engine
        self.delivery = Delivery(
            writer, self._reached(writer), self.core.clock, settings.data_dir, settings.sends_in_flight
        )
        folder = settings.files_dir
        self.fetching = Fetching(self.core.engine, self.channels, self.core.clock, keeper(folder), dropper(folder))
        self.models = Models(self.core.engine, self.core.clock, settings, self._content)
        self.webhooks = self._webhooks()
        self.duties: Sequence[Duty] = ()
        self._polling: dict[str, Asked] = {}
        self.parts = self._parts()
        office = self._office()
        has_pages = Role.WEB in roles
        self.app: FastAPI = create_app(self._services(), office) if has_pages else create_health_app(office)

    async def start(self) -> None:
        self.core.engine.start()
        await self.core.engine.call(lambda tx: catch_up(tx, self.core.clock.now()))
        for _, part in self.parts:
            await part.start()

    async def stop(self) -> None:
        """Take nothing new, finish what was begun, let go. What is stored and not done waits for the next start."""
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        stops = [(name, part.stop) for name, part in reversed(self.parts)]
        for name, stop in [*stops, ("engine", self.core.engine.stop)]:
            await _until(deadline, name, stop)
        self.reader.stop()
        self.core.database.close()
        self._lock.release()

    def _reached(self, writer: Engine) -> dict[str, Channel]:
        """The channels as delivery sees them: it may send where no page is open."""
        if not self.settings.on_postgres:
            return self.channels
        return {**self.channels, self.hub.name: cluster().Relay(self.hub, writer)}

    def _parts(self) -> list[tuple[str, Part]]:
        """In the order in which they begin; they end in the other."""
        channels = [(name, self._receives(one)) for name, one in self.channels.items()]
        time = timekeeping(self.settings, self.core.engine, self.core.clock, self.roles)
        duties: list[tuple[str, Part]] = [("fetching", self.fetching), ("models", self.models)]
        if self.webhooks is not None:
            duties.append(("webhooks", self.webhooks))
        if not self.settings.on_postgres:
            return [("delivery", self.delivery), *duties, *channels, *time]
        together = cluster().Cluster(self.settings.url, self.core.engine, self.delivery, self.hub)
        if Role.WORKER in self.roles:
            together.works(self._clerk, [part for _, part in duties])
        if Role.POLL in self.roles and polls(self.settings):
            token = self.settings.telegram_token.get_secret_value()
            polling = Polling(lambda: self._telegram("polling"), self.core.engine.accept, self.channels["telegram"])
            self._polling = {polling.name: polling}
            together.polls(token, Reported(polling, self.core.engine))
        self.duties = together.duties
        return [*channels, *together.parts, *time]

    def _receives(self, channel: Channel) -> Part:
        """Of what brings messages in from elsewhere others hear how it is."""
        part = Receiving(channel, self.core.engine.accept)
        here = isinstance(channel, TelegramChannel) and channel.mode != "sending"
        return Reported(part, self.core.engine) if here else part

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
            elsewhere=self._elsewhere,
        )

    def _elsewhere(self, code: str) -> dict[str, str]:
        """A bot's name is known once Telegram has answered."""
        address = self.core.world.link("telegram", code)
        return {"telegram": address} if address else {}

    def _office(self) -> Office:
        settings, core = self.settings, self.core
        telegram = self.channels.get("telegram") if settings.telegram_mode == "webhook" else None
        return Office(
            engine=core.engine,
            texts=core.texts,
            company=core.company,
            ready=self._ready,
            api_key=settings.api_key.get_secret_value(),
            demo_time=self._time_machine(),
            telegram=getattr(telegram, "webhook", None),
            metrics=self.metrics.written,
            metrics_key=settings.metrics_key.get_secret_value(),
        )

    async def _ready(self) -> Readiness:
        held = {duty.name: duty.held for duty in self.duties}
        return await readiness(self.core.engine, {**self.channels, **self._polling}, self.core.clock, held)

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
        mode: Mode = self.settings.telegram_mode
        if self.settings.on_postgres and (mode == "polling" or Role.WEB not in self.roles):
            mode = "sending"
        channel = self._telegram(mode)
        if channel is not None:
            self.channels[channel.name] = channel

    def _telegram(self, mode: Mode) -> TelegramChannel | None:
        settings = self.settings
        token = settings.telegram_token.get_secret_value()
        if not token:
            return None
        return TelegramChannel(
            connect(settings.telegram_library, token, settings.telegram_api),
            self._file_path,
            limits=telegram_limits(settings.telegram_per_second),
            mode=mode,
            webhook_url=self.public_url + HOOK_PATH,
            secret=settings.webhook_secret.get_secret_value(),
        )

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


def cluster() -> Any:
    """Imported only with PostgreSQL, and its driver with it."""
    return importlib.import_module("bot.cluster")


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
