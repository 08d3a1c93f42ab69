"""What one message was understood to mean, and which words decided it."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.labels import CaseType, Demand, Hazard, Intent, Priority, Topic


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the message: `text == message[start:end]`, offsets in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of time with zone, and the words it was read from."""

    start: datetime
    end: datetime
    words: Words


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit: 元, 小时, 分钟, 平米, 次, 个…"""

    value: float
    unit: str
    words: Words


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label was given: the rule's name and the words it fired on."""

    label: str
    rule: str
    words: Words


@dataclass(frozen=True, slots=True)
class Matrix:
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
class Understanding:
    """The reading of one message. `primary`, `secondary`, `priority` are set for complaints only."""

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
