"""What one message was understood to mean, and which words decided it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from domain.labels import CaseType, Demand, Hazard, Intent, Priority, Topic


class Plain:
    """What may cross to another process: made again by its constructor, in half the time of a dataclass's own way."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        names: tuple[str, ...] = self.__slots__
        return type(self), tuple([getattr(self, name) for name in names])


@dataclass(frozen=True, slots=True)
class Words(Plain):
    """A piece of the message: `text == message[start:end]`, offsets in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class When(Plain):
    """A stretch of time with zone, and the words it was read from."""

    start: datetime
    end: datetime
    words: Words


@dataclass(frozen=True, slots=True)
class Amount(Plain):
    """A number with its unit: 元, 小时, 分钟, 平米, 次, 个…"""

    value: float
    unit: str
    words: Words


LEARNT = "从例子里学到的"
"""The name of what no rule says, but the model has seen often."""


@dataclass(frozen=True, slots=True)
class Reason(Plain):
    """Why a label was given: the rule's name and the words it fired on."""

    label: str
    rule: str
    words: Words


@dataclass(frozen=True, slots=True)
class Likely(Plain):
    """A label that a message may have, `intent.booking` or `type.quality`, and how likely it is."""

    label: str
    chance: float


@dataclass(frozen=True, slots=True)
class Matrix(Plain):
    """The event matrix 事件矩阵. What was not said stays empty."""

    occurred_at: When | None = None
    place: tuple[Words, ...] = ()
    objects: tuple[Words, ...] = ()
    actors: tuple[Words, ...] = ()
    facts: tuple[Words, ...] = ()
    amounts: tuple[Amount, ...] = ()
    impact: tuple[Words, ...] = ()
    demands: tuple[Demand, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding(Plain):
    """The reading of one message. `primary`, `secondary`, `priority` are set for complaints only.

    `doubts` are the intents it may have, and where it may complain, the types: of each the one given first, then the
    others, the likeliest first. Those that are hardly likely are left out.
    """

    intent: Intent
    topics: tuple[Topic, ...] = ()
    primary: CaseType | None = None
    secondary: tuple[CaseType, ...] = ()
    priority: Priority | None = None
    anger: int = 0
    confidence: float = 0.0
    hazard: Hazard | None = None
    matrix: Matrix = field(default_factory=Matrix)
    why: tuple[Reason, ...] = ()
    doubts: tuple[Likely, ...] = ()

    def intents(self) -> tuple[tuple[Intent, float], ...]:
        """Those it may have, with how likely each is; the one given first."""
        return tuple((Intent(name), chance) for name, chance in self._likely("intent"))

    def types(self) -> tuple[tuple[CaseType, float], ...]:
        """As `intents`, of the types: should it be a complaint, it would be about these."""
        return tuple((CaseType(name), chance) for name, chance in self._likely("type"))

    def _likely(self, kind: str) -> Iterator[tuple[str, float]]:
        for one in self.doubts:
            about, _, name = one.label.partition(".")
            if about == kind:
                yield name, one.chance


class Reader(Protocol):
    """Whoever understands messages."""

    def understand(
        self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer"
    ) -> Understanding: ...
