"""The part of the process that has a model read and listen. Without a key it does nothing and imports nothing."""

import asyncio
import importlib
from typing import Any

from bot.settings import Settings
from domain.clock import Clock
from handlers.engine import Engine
from handlers.models import leftovers
from handlers.models.hearing import Content, Hearing
from handlers.models.reading import SecondReading
from handlers.models.work import Work
from handlers.models.worker import Worker


class Models:
    """`openai` is imported in a thread, once the company serves: it takes longer than all the rest."""

    def __init__(self, engine: Engine, clock: Clock, settings: Settings, content: Content) -> None:
        self._engine = engine
        self._clock = clock
        self._settings = settings
        self._content = content
        self._client: Any = None
        self._workers: list[Worker] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        settings = self._settings
        await leftovers.settle(self._engine, reads=settings.reads_again, hears=settings.listens)
        if settings.reads_again or settings.listens:
            self._task = asyncio.create_task(self._begin(), name="models")

    async def stop(self) -> None:
        """What is being asked is asked again after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        if self._client is not None:
            await self._client.close()

    async def _begin(self) -> None:
        settings = self._settings
        module = await asyncio.to_thread(importlib.import_module, "bot.openai_models")
        key = settings.openai_api_key.get_secret_value()
        self._client = module.OpenAIModels(key, settings.openai_base_url, settings.llm_model, settings.stt_model)
        self._workers = [Worker(self._engine, self._clock, work, settings.llm_daily) for work in self._works()]
        for worker in self._workers:
            await worker.start()

    def _works(self) -> list[Work]:
        works: list[Work] = []
        if self._settings.reads_again:
            works.append(SecondReading(self._engine, self._client))
        if self._settings.listens:
            works.append(Hearing(self._engine, self._client, self._content))
        return works
