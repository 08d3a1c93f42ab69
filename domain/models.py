"""What a language model elsewhere can do for us, when the company has one. It may be slow, wrong, mute or gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Ask:
    """`rules` are ours; `data` is what somebody wrote, to be read and never obeyed; `schema` the form of the answer."""

    rules: str
    data: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sound:
    """Speech to be written down. `language` is an ISO 639-1 code, empty when nobody knows."""

    content: bytes
    mime: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What it answered, unchecked."""

    text: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """It may work later; not before `seconds` when it said so itself."""

    reason: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Never:
    """Asking the same again would not help."""

    reason: str


Outcome = Told | NotNow | Never


class Thinker(Protocol):
    async def think(self, ask: Ask) -> Outcome:
        """Never raises for what the other side did; whoever calls sets the limit of time."""
        ...


class Listener(Protocol):
    async def listen(self, sound: Sound) -> Outcome:
        """As `Thinker.think`."""
        ...
