"""Telegram's flood limits: 30 messages a second for the bot, one a second in a chat, 20 a minute in a group."""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from tests.botapi.errors import too_many


@dataclass
class Bucket:
    """`rate` tokens a second, at most `burst` saved up."""

    rate: float
    burst: float
    tokens: float = -1.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one token is there; 0 when it is there now."""
        if self.tokens < 0:
            self.tokens = self.burst
        else:
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate


class Limits:
    """Off until `on` is set. A refused message costs nothing. `now` gives seconds."""

    def __init__(self) -> None:
        self.on = False
        self.now: Callable[[], float] = time.monotonic
        self._bot = Bucket(30, 30)
        self._chats: dict[int, Bucket] = defaultdict(lambda: Bucket(1, 3))
        self._groups: dict[int, Bucket] = defaultdict(lambda: Bucket(20 / 60, 20))

    def spend(self, chat: int, private: bool) -> None:
        """Count one message to this chat; raises 429 with `retry_after` when it is one too many."""
        if not self.on:
            return
        now = self.now()
        buckets = [self._bot, self._chats[chat] if private else self._groups[chat]]
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.tokens -= 1
