"""What we ask of a Telegram library: make a call, get a file, and say in our words why it did not work.

Everything else about Telegram stands once, in the files beside this one. `telegram_aiogram` and `telegram_ptb` are
the two clients; only they know their library.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

CALL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Call:
    """One method of the Bot API with its fields as JSON values.

    `files` are uploaded along, each under the name by which a field mentions it: `attach://name`.
    """

    method: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)

    def having(self, **more: Any) -> "Call":
        return Call(self.method, {**self.fields, **more}, self.files)


class CallFailed(Exception):
    """`reason` is Telegram's own, in small letters as the libraries do not agree on capitals; never with the token."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason.lower().removeprefix("bad request: ")
        super().__init__(self.reason)


class Rejected(CallFailed):
    """Telegram understood and will not do it (400 and what has no name of its own)."""


class Barred(CallFailed):
    """The person blocked us, or we were put out of the group (403)."""


class UnknownToken(CallFailed):
    """There is no bot of this token (401, 404)."""


class Collided(CallFailed):
    """Somebody else takes this bot's updates (409)."""


class TooLarge(CallFailed):
    """More than Telegram takes in one call (413)."""


class Troubled(CallFailed):
    """Telegram answers that it has a fault of its own (5xx)."""


class NotReached(CallFailed):
    """No connection came about, so the call was certainly not made."""


class Unanswered(CallFailed):
    """The call went out and no readable answer came back: it may have been done."""


class Flooded(CallFailed):
    """Too much at once (429): `seconds` until it may be tried again."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class MovedTo(CallFailed):
    """The group has become a supergroup under the id `chat`."""

    def __init__(self, chat: int) -> None:
        super().__init__("group was upgraded")
        self.chat = str(chat)


class Client(Protocol):
    """One bot behind one library. Raises `CallFailed` and nothing else."""

    @property
    def bot_id(self) -> int: ...

    async def ask(self, call: Call, timeout: int = CALL_SECONDS) -> Any:
        """The result as plain JSON: of an answer we need an id or two, and each update is read alone."""
        ...

    async def download(self, path: str) -> bytes:
        """A file by the path that `getFile` told."""
        ...

    async def close(self) -> None: ...
