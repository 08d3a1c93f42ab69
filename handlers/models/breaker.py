"""A circuit breaker: a service that fails again and again is left alone for a while, then tried with one call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IN_A_ROW = 4
PAUSE = timedelta(seconds=60)


@dataclass
class Breaker:
    """`fails` counts failures in a row; nothing is asked before `closed_until`."""

    fails: int = 0
    closed_until: datetime | None = None

    def allows(self, now: datetime, most: int) -> int:
        """How many calls may begin now: none, one to try whether it works again, or `most`."""
        if self.closed_until is not None and now < self.closed_until:
            return 0
        return 1 if self.fails >= IN_A_ROW else most

    def worked(self) -> None:
        self.fails, self.closed_until = 0, None

    def failed(self, now: datetime) -> None:
        self.fails += 1
        if self.fails >= IN_A_ROW:
            self.hold(now + PAUSE)

    def hold(self, until: datetime) -> None:
        """The service said itself when to come back, or failed too often."""
        self.closed_until = until if self.closed_until is None else max(until, self.closed_until)
