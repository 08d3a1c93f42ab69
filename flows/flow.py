"""What a flow is: a table of steps over a frozen state, and the words its functions answer with.

Authors write tables; `flows.reducer` runs them. Nothing here knows a clock, a database or a chat framework.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from domain.effects import Choice, Effect
from domain.events import Attachment
from domain.labels import Intent
from domain.understanding import Understanding

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person gave: a button's `choice`, or words and files with their reading."""

    choice: str = ""
    text: str = ""
    files: tuple[Attachment, ...] = ()
    reading: Understanding | None = None


@dataclass(frozen=True, slots=True)
class Accepts:
    """Which answers a step takes. `choices` come as buttons and may also be typed."""

    choices: tuple[str, ...] = ()
    text: bool = False
    files: bool = False

    def __or__(self, other: "Accepts") -> "Accepts":
        return Accepts(self.choices + other.choices, self.text or other.text, self.files or other.files)


TEXT = Accepts(text=True)
FILES = Accepts(files=True)


def one_of(*choices: str) -> Accepts:
    return Accepts(choices=choices)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """Where to go next: `to` a step, `None` when the flow is done, `STAY` to keep waiting without asking again."""

    to: str | None
    state: S
    effects: tuple[Effect, ...] = ()


STAY = "·stay"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def go(to: str, state: S, *effects: Effect) -> Move[S]:
    return Move(to, state, effects)


def done(state: S, *effects: Effect) -> Move[S]:
    return Move(None, state, effects)


def stay(state: S, *effects: Effect) -> Move[S]:
    return Move(STAY, state, effects)


def goes(to: str) -> Callable[[S], Move[S]]:
    """For the silence column: go to a step, saying nothing else."""
    return lambda state: Move(to, state)


def ends(state: S) -> Move[S]:
    """For the silence column: let the flow end quietly."""
    return Move(None, state)


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """One row of the table.

    `says` is a text key, filled with the state's fields ("" says nothing). `then` takes the answer. `offers` gives
    choices that are data (orders, people) beside those of `accepts`. After `silent_for` without an answer comes
    `silence`. `skips` texts end up in `then` as the choice "skip". `needs`: what is said here may sound like trouble
    and be none ("孩子过敏"); only words that are angry or ask for something are a complaint.
    """

    name: str
    says: str
    accepts: Accepts
    then: Callable[[S, Answer], Move[S]]
    silent_for: timedelta | None = None
    silence: Callable[[S], Move[S]] | None = None
    offers: Callable[[S], tuple[Choice, ...]] | None = None
    needs: bool = False


@dataclass(frozen=True, slots=True)
class Flow(Generic[S]):
    """`aliases` lead from step names of earlier versions to today's: somebody may be standing on one.

    `proactive` flows are begun by us, so quiet hours hold for their first message and their reminders.
    `enter` names the step to begin with when not all of them are needed. A `light` flow only offers something: it does
    not wait beneath another one, and is not asked again after a digression. Words with an intent it `yields` to are
    never its answer: they are taken up as if nothing had been asked. `again` is the action that an old button of a run
    that is over leads to, with the state's `order` and the button's `choice`. `leaves` is what still follows when the
    person cancels the flow or other matters push it out: what was begun for them must not hang in the air.
    `corrects` tells which words put right what was answered before: those are never about something else.
    """

    name: str
    state: type[S]
    steps: tuple[Step[S], ...]
    proactive: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    enter: Callable[[S], str] | None = None
    light: bool = False
    yields: tuple[Intent, ...] = ()
    again: str = ""
    leaves: Callable[[S], Move[S]] | None = None
    corrects: Callable[[S, Answer], bool] | None = None

    def step(self, name: str) -> Step[S]:
        """The step of this name or of its alias; raises `KeyError` when there never was one."""
        wanted = self.aliases.get(name, name)
        for step in self.steps:
            if step.name == wanted:
                return step
        raise KeyError(f"{self.name}.{name}")

    @property
    def first(self) -> str:
        return self.steps[0].name


AnyFlow = Flow[Any]
