"""The second reading of one message of a case: what is asked, and what of the answer comes back."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.events import Incoming, JobEnded
from domain.models import Ask, Never, NotNow, Thinker, Told
from handlers.engine import Engine
from handlers.models.asking import LONGEST_TEXT, ask_about
from handlers.models.checking import check
from handlers.models.queueing import READ, SHORTEST
from handlers.models.redacting import NAME, ORDER, PHONE, PLACE, Redacted, redact
from handlers.models.work import Ready
from storage.cases import BY_CLEANER, Case, CaseEntry
from storage.database import Tx
from storage.jobs import Job
from storage.orders import Order
from storage.people import Person, number_of


@dataclass(frozen=True, slots=True)
class Question:
    case: int
    text: str
    redacted: Redacted
    ask: Ask


class SecondReading:
    """Work for a worker. Nobody waits for it, so that it may be late and may fail quietly."""

    kind = READ
    pauses: tuple[timedelta, ...] = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
    patience = timedelta(minutes=15)
    answered = True

    def __init__(self, engine: Engine, model: Thinker, seconds: float = 3.0) -> None:
        self.seconds = seconds
        self._engine = engine
        self._model = model

    def ready(self, tx: Tx, job: Job, now: datetime) -> Ready:
        return Ready.NOW

    async def do(self, job: Job) -> Incoming | NotNow | Never:
        question = await asyncio.to_thread(self._question, job)
        if question is None:
            return Never("nothing to read")
        outcome = await self._model.think(question.ask)
        if not isinstance(outcome, Told):
            return outcome
        found = check(outcome.text, question.text, question.redacted)
        if found is None:
            return NotNow("broken answer")
        event = JobEnded(READ, {"entry": _entry_id(job), **found})
        return Incoming("job", f"{READ}:{job.id}", f"case:{question.case}", event)

    def wanted(self, tx: Tx, job: Job) -> bool:
        return True

    def lost(self, job: Job, reason: str) -> Incoming | None:
        """The offline reading stands."""
        return None

    def _question(self, job: Job) -> Question | None:
        """None when the words are gone, as after an erasure."""
        with self._engine.database.read() as tx:
            entry = tx.find(CaseEntry, _entry_id(job))
            if entry is None or len(entry.text) < SHORTEST:
                return None
            case = tx.get(Case, entry.case_id)
            redacted = redact(entry.text[:LONGEST_TEXT], _known(tx, case))
        sender = "cleaner" if case.origin == BY_CLEANER else "customer"
        zone = ZoneInfo(self._engine.world.company.hours.timezone)
        return Question(case.id or 0, entry.text, redacted, ask_about(redacted.text, sender, entry.at.astimezone(zone)))


def _entry_id(job: Job) -> int:
    return int(job.about.partition(":")[2])


def _known(tx: Tx, case: Case) -> Iterator[tuple[str, str]]:
    """Names, numbers and places that we have on file about whoever is concerned."""
    for person_id in (case.customer_id, case.reporter_id, case.cleaner_id, case.owner_id):
        person = tx.find(Person, person_id)
        if person is not None:
            yield from ((NAME, person.name), (PHONE, number_of(person)))
    order = tx.find(Order, case.order_id)
    if order is not None:
        yield from ((ORDER, order.number), (PLACE, order.address))
    yield ORDER, case.number
