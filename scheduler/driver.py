"""What drives time is behind this: APScheduler where one process is the company, procrastinate where several are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Done every so many seconds, once in the whole company, however many processes it has.

    `work` may fail; it is tried again at its next time, if not before.
    """

    name: str
    seconds: float
    work: Work


@dataclass(frozen=True, slots=True)
class Pace:
    """How a cluster keeps time, in seconds; a minute's sweep, unless a test is in a hurry.

    `sweep` lies between two sweeps, `look` between two looks for jobs whose moment has come, and a wake is fetched
    `lead` before its moment. A process says every `beat` that it lives, and may be silent for `dead`.
    """

    sweep: float = 60.0
    look: float = 4.0
    lead: float = 5.0
    beat: float = 10.0
    dead: float = 30.0


class Wakeable(Protocol):
    """The part of `handlers.engine.Engine` that time needs."""

    @property
    def next_due(self) -> datetime | None: ...

    def wake(self) -> None: ...


class Driver(Protocol):
    """Between `start` and `stop` engines are woken for what falls due, and chores are done."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...
