"""The protocol every channel speaks: it brings events in, carries messages out, and says honestly how it went."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.events import Attachment, Incoming


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is at most 64 bytes and comes back in `ButtonTapped.button`; `url` opens a page instead."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one chat. `id` is the outbox row's; `reply_to` the channel's id of an earlier message."""

    id: int
    chat: str
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """Delivered; `ref` is the channel's id of the (last) message."""

    ref: str = ""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not delivered: the channel asks for a pause. `whole_bot` when it concerns every chat."""

    seconds: float
    reason: str = ""
    whole_bot: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """This chat can never be reached again (blocked, deleted)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat lives on under another id."""

    chat: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel rejects this very message; sending it again would not help."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may or may not have arrived (time-out after sending)."""

    reason: str


Outcome = Sent | TryLater | Gone | Moved | Refused | Unsure


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel lets through: UTF-16 units a message, messages a second."""

    text_units: int = 4096
    per_second: float = 25.0
    per_chat_second: float = 1.0
    per_group_minute: float = 18.0


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    detail: str = ""


Accept = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Returns when every event is stored for good; raises when none is."""


class Channel(Protocol):
    """One way to talk with people. `send` never raises for what the platform answered; it returns an `Outcome`."""

    name: str
    limits: Limits

    async def start(self, accept: Accept) -> None:
        """Begin to bring events in; returns at once."""
        ...

    async def stop(self) -> None:
        """Take nothing new; finish what was begun."""
        ...

    async def send(self, message: Outgoing) -> Outcome: ...

    async def fetch(self, file: str) -> bytes:
        """The content of a file the channel holds (`Attachment.remote`)."""
        ...

    async def health(self) -> Health: ...

    def link(self, code: str) -> str:
        """An address that opens this channel with `ChatStarted(code=code)`."""
        ...
