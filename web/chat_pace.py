"""How fast one chat may write: a short burst is human, a flood is not."""

import math
from dataclasses import dataclass
from datetime import datetime

from domain.clock import Clock

_KEEP = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Pace:
    """A token bucket for each chat: `burst` at once, then `rate` a second."""

    def __init__(self, clock: Clock, *, burst: float = 20, rate: float = 2) -> None:
        self._clock = clock
        self._burst = burst
        self._rate = rate
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, chat: str) -> int:
        """0 when this one may pass; otherwise the seconds to wait."""
        bucket = self._filled(chat)
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return math.ceil((1 - bucket.left) / self._rate)

    def _filled(self, chat: str) -> _Bucket:
        now = self._clock.now()
        bucket = self._buckets.get(chat)
        if bucket is None:
            self._forget_idle(now)
            bucket = self._buckets[chat] = _Bucket(self._burst, now)
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.left, bucket.at = min(self._burst, bucket.left + passed * self._rate), now
        return bucket

    def _forget_idle(self, now: datetime) -> None:
        """A bucket that has had time to fill up again says nothing: drop it when there are many."""
        if len(self._buckets) < _KEEP:
            return
        full = self._burst / self._rate
        self._buckets = {c: b for c, b in self._buckets.items() if (now - b.at).total_seconds() < full}
