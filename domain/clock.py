"""Time is a parameter. Nothing but a `Clock` may ask what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """Wall time that never runs backwards while the process lives.

    When the wall clock is set back, time goes on from where it was, so that no deadline waits an hour
    longer than promised; when it jumps ahead (sleep, time sync), we follow it. `offset` moves a demo. `wall` and
    `steady` are the machine's own clocks, in seconds.
    """

    def __init__(
        self,
        offset: timedelta = timedelta(0),
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.offset = offset
        self._read_wall = wall
        self._read_steady = steady
        self._wall = wall()
        self._steady = steady()

    def now(self) -> datetime:
        steady = self._read_steady()
        expected = self._wall + (steady - self._steady)
        self._wall, self._steady = max(self._read_wall(), expected), steady
        return datetime.fromtimestamp(self._wall, UTC) + self.offset

    @property
    def set_back_by(self) -> timedelta:
        """How far the wall clock stands behind ours: more than a moment means that it was set back."""
        behind = self._wall + (self._read_steady() - self._steady) - self._read_wall()
        return timedelta(seconds=max(0.0, behind))


class ManualClock:
    """A clock that stands still until it is moved: tests live through months with it."""

    def __init__(self, start: datetime) -> None:
        self.time = start.astimezone(UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> None:
        self.time += by
