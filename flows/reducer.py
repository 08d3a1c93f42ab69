"""Runs any flow: (standing, answer) → (standing, effects). Pure; the same input gives the same output."""

from dataclasses import dataclass, fields, replace
from typing import Any

from domain.effects import Choice, Effect, Say, SetTimer
from flows.flow import STAY, Answer, AnyFlow, Move, Step


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one run of a flow stands. `instance` is the event that began it: an old button names another."""

    flow: str
    step: str
    instance: int
    state: Any


Next = tuple[Standing | None, tuple[Effect, ...]]


def begin(flow: AnyFlow, state: Any, instance: int, at: str = "") -> Next:
    """Enter the step named, the one that the flow chooses for this state, or the first."""
    chosen = flow.enter(state) if flow.enter else flow.first
    standing = Standing(flow.name, at or chosen, instance, state)
    return standing, ask(flow, standing)


def advance(flow: AnyFlow, standing: Standing, answer: Answer) -> Next:
    """Take an answer the current step accepts (see `accepts`)."""
    return follow(flow, standing, flow.step(standing.step).then(standing.state, answer))


def fall_silent(flow: AnyFlow, standing: Standing) -> Next:
    """The time for an answer is over."""
    step = flow.step(standing.step)
    if step.silence is None:
        return standing, ()
    return follow(flow, standing, step.silence(standing.state))


def leave(flow: AnyFlow, standing: Standing) -> tuple[Effect, ...]:
    """What still follows when the person goes away from this flow for good."""
    return flow.leaves(standing.state).effects if flow.leaves else ()


def follow(flow: AnyFlow, standing: Standing, move: Move[Any]) -> Next:
    """Carry out a move: its effects, then what the next step says."""
    if move.to is None:
        return None, move.effects
    if move.to == STAY:
        return replace(standing, state=move.state), move.effects
    here = replace(standing, step=flow.step(move.to).name, state=move.state)
    return here, move.effects + ask(flow, here)


def ask(flow: AnyFlow, standing: Standing) -> tuple[Effect, ...]:
    """What the step says, and the timer for silence."""
    step = flow.step(standing.step)
    said = (question(flow, standing),) if step.says else ()
    return (*said, *_silence_timer(step, standing))


def question(flow: AnyFlow, standing: Standing) -> Say:
    """The current step's own words and buttons."""
    step = flow.step(standing.step)
    known = words(standing.state)
    return Say(
        step.says.format(**known),
        known,
        choices(step, standing.state),
        case=known.get("case"),
        proactive=flow.proactive,
    )


def choices(step: Step[Any], state: Any) -> tuple[Choice, ...]:
    """All buttons of a step: those that are data first."""
    offered = step.offers(state) if step.offers else ()
    return offered + tuple(Choice(choice) for choice in step.accepts.choices)


def accepts(step: Step[Any], state: Any, answer: Answer) -> bool:
    """Whether this step takes this answer."""
    if answer.choice:
        return answer.choice in {choice.id for choice in choices(step, state)}
    if answer.files and step.accepts.files:
        return True
    return bool(answer.text) and step.accepts.text


def words(state: Any) -> dict[str, Any]:
    """The state's fields and properties, to fill texts with."""
    kinds = type(state).__mro__
    derived = [name for kind in kinds for name, value in vars(kind).items() if isinstance(value, property)]
    return {name: getattr(state, name) for name in (*(field.name for field in fields(state)), *derived)}


def _silence_timer(step: Step[Any], standing: Standing) -> tuple[Effect, ...]:
    if step.silent_for is None:
        return ()
    args = {"instance": standing.instance, "step": step.name}
    return (SetTimer("silence", "conversation", after=step.silent_for, args=args),)
