"""What a worker needs to know of one kind of slow work: when, what to ask, and what becomes of the answer."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from domain.events import Incoming
from domain.models import Never, NotNow
from storage.database import Tx
from storage.jobs import Job


class Ready(Enum):
    NOW = "now"
    LATER = "later"
    NEVER = "never"


class Work(Protocol):
    """`seconds` is the limit of one call; `pauses` come before each try but the first.

    `patience`: how old work may get while nobody may be asked (the service is down, the day's calls are used up).
    `answered`: whether the person must have got our answer first.
    """

    kind: str
    seconds: float
    pauses: tuple[timedelta, ...]
    patience: timedelta
    answered: bool

    def ready(self, tx: Tx, job: Job, now: datetime) -> Ready: ...

    async def do(self, job: Job) -> Incoming | NotNow | Never:
        """Ask, and check what comes back: the event that follows. No transaction is open meanwhile."""
        ...

    def wanted(self, tx: Tx, job: Job) -> bool:
        """Whether the result may still be kept, asked in the transaction that keeps it: somebody may have gone."""
        ...

    def lost(self, job: Job, reason: str) -> Incoming | None:
        """The event that follows when it is given up."""
        ...
