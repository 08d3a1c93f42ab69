"""What the contract needs of a channel: somewhere to start it, and people who use it as people do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from domain.channel import Channel, Outcome
from domain.events import Address, Attachment
from tests.contracts.company import Company

ABILITIES = frozenset({"lines", "repeat", "photos", "replies", "away", "unreachable", "restart", "breaks", "links"})
"""What not every channel can do. A stage says in `lacks` which of them it cannot, and why."""


@dataclass(frozen=True)
class Shown:
    """One message of ours as the person sees it; `photos` are the contents of the pictures."""

    text: str
    labels: tuple[str, ...] = ()
    photos: tuple[bytes, ...] = ()


class Person(ABC):
    """Somebody in a chat of their own. What raises here need not be there where the stage lacks it."""

    address: Address

    @abstractmethod
    async def says(self, text: str) -> None: ...

    @abstractmethod
    async def taps(self, label: str) -> None:
        """The newest button that is called so."""

    @abstractmethod
    async def heard(self, last: str) -> list[Shown]:
        """Everything we ever said in this chat, in the order shown, once a message reads `last`."""

    async def replies(self, text: str) -> None:
        """An answer to our newest message, quoting it."""
        raise NotImplementedError

    async def sends_photo(self, content: bytes, caption: str) -> None:
        raise NotImplementedError

    async def opens(self, link: str) -> None:
        raise NotImplementedError

    async def repeats(self) -> None:
        """What was done last reaches us once more, as after a lost confirmation."""
        raise NotImplementedError

    async def leaves(self) -> None:
        raise NotImplementedError

    async def returns(self) -> None:
        raise NotImplementedError


class Stage(ABC):
    """One channel, for one test. `start` after `stop` is a restart: a new channel, the same world around it."""

    lacks: ClassVar[Mapping[str, str]]
    company: Company
    channel: Channel

    @abstractmethod
    async def start(self) -> None:
        """Returns when people can talk."""

    @abstractmethod
    async def stop(self) -> None: ...

    @abstractmethod
    async def close(self) -> None:
        """The end, also of the world around."""

    @abstractmethod
    async def person(self, number: int) -> Person:
        """Somebody who can be spoken to; 1 and 2 are different people."""

    async def unreachable(self) -> tuple[Address, type[Outcome]]:
        """A chat where nothing arrives any more, and what the channel should say of it."""
        raise NotImplementedError

    async def breaks(self) -> None:
        """From here the channel is not well."""
        raise NotImplementedError

    async def content(self, photo: Attachment) -> bytes:
        """Of a picture that a person sent."""
        raise NotImplementedError


Opening = Callable[[Company], Stage]
"""A stage, built for this company."""
