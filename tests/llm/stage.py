"""A company with a service of models behind a real HTTP connection, worked by hand: nothing happens between two calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.openai_models import OpenAIModels
from domain.events import Attachment
from handlers.engine import Engine
from handlers.models.hearing import Hearing
from handlers.models.reading import SecondReading
from handlers.models.worker import Worker
from storage import cases
from storage.cases import Case, CaseEntry
from storage.files import StoredFile
from storage.jobs import Job
from storage.outbox import Outbox
from storage.statement import Statement, core
from tests.harness import Guest, House
from tests.llm.fixed import Fixed
from tests.llm.service import Service, serving

_DELIVERED = Statement(update(core(Outbox)).values(state="sent"))
_JOBS = Statement(select(core(Job)).order_by(core(Job).c.id))
DAILY = 50


class Stage:
    """`content` is what lies on the disk for every voice note."""

    def __init__(self, house: House, service: Service, seconds: float, daily: int) -> None:
        self.house = house
        self.service = service
        self.content: bytes | None = b"OggS a voice"
        self.client = OpenAIModels("key", service.url, "reader", "listener")
        self.begin(seconds, daily)

    def begin(self, seconds: float = 3.0, daily: int = DAILY) -> None:
        """A process begins: everything that lives in memory is new."""
        self.engine = Engine(self.house.database, self.house.world, self.house.clock)
        self.engine.start()
        self.reading = Worker(self.engine, self.house.clock, SecondReading(self.engine, self.client, seconds), daily)
        work = Hearing(self.engine, self.client, self._load, seconds)
        self.hearing = Worker(self.engine, self.house.clock, work, daily)

    def _load(self, file: StoredFile) -> bytes:
        if self.content is None:
            raise FileNotFoundError(file.name)
        return self.content

    async def reads(self) -> int:
        """Everything was delivered; then the model is asked once about what is due, and its answers are handled."""
        with self.house.writing() as tx:
            tx.run(_DELIVERED)
        asked = await self.reading.work_due()
        await self.engine.call(lambda tx: None)
        return asked

    async def listens(self) -> int:
        asked = await self.hearing.work_due()
        await self.engine.call(lambda tx: None)
        return asked

    def speaks(self, who: Guest, size: int = 4000, seconds: int = 5, **more: Any) -> list[str]:
        """A voice note that we have already; the keys of what is said in answer."""
        with self.house.writing() as tx:
            file = tx.add(
                StoredFile, name="a" * 64, kind="voice", mime="audio/ogg", size=size, owner=str(who.address),
                created_at=self.house.clock.now(), **more,
            )  # fmt: skip
        return [one.key for one in who.says("", Attachment("voice", str(file), size, "audio/ogg", seconds=seconds))]

    @property
    def jobs(self) -> list[Job]:
        with self.house.tx() as tx:
            return tx.all(_JOBS)  # type: ignore[no-any-return]

    def case(self, who: Guest) -> Case:
        """The newest one."""
        with self.house.tx() as tx:
            return cases.of_customer(tx, who.person_id)[0]

    def timeline(self, who: Guest, kind: str) -> list[CaseEntry]:
        with self.house.tx() as tx:
            return [entry for entry in cases.entries(tx, self.case(who).id or 0) if entry.kind == kind]


@asynccontextmanager
async def staged(
    folder: Path, *answers: Any, seconds: float = 3.0, daily: int = DAILY, **world: Any
) -> AsyncIterator[Stage]:
    house = House(folder, Fixed(), **{"reads_again": True, "listens": True, **world})
    async with serving(*answers) as service:
        stage = Stage(house, service, seconds, daily)
        yield stage
        await stage.engine.stop()
        await stage.client.close()
    house.close()
