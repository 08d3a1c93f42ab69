"""An area is one concern of the company (visits, cases, coupons…): what it adds to the vocabulary of a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from domain.effects import Effect
from domain.events import TimerFired

if TYPE_CHECKING:
    from handlers.dialog import Dialog
    from handlers.turn import Turn
    from storage.people import Person

OnEffect = Callable[["Turn", "Dialog | None", Any], None]
"""Writes an effect as rows. The dialog is the conversation it came from, None when there is none."""

OnAction = Callable[["Turn", "Person", Mapping[str, Any]], "dict[str, Any] | None"]
"""Does what a person asked by a button, on the desk or through the API; checks the role itself; its answer as JSON."""

OnTimer = Callable[["Turn", TimerFired], None]
"""A timer of this `what` fell due."""

OnStart = Callable[["Turn", "Dialog", Mapping[str, Any]], Any]
"""The state a flow begins with, or None when it must not begin."""


OnFacts = Callable[["Turn", int, str], Mapping[str, Any]]
"""What texts may be filled with about a row, in a language: for `Say.case`, the facts named "case"."""


@dataclass(frozen=True)
class Area:
    effects: Mapping[type[Effect], OnEffect] = field(default_factory=dict)
    actions: Mapping[str, OnAction] = field(default_factory=dict)
    timers: Mapping[str, OnTimer] = field(default_factory=dict)
    starts: Mapping[str, OnStart] = field(default_factory=dict)
    facts: Mapping[str, OnFacts] = field(default_factory=dict)


def join(areas: Iterable[Area]) -> Area:
    """All areas as one; two that claim the same name are a mistake in the wiring and raise `ValueError`."""
    effects: dict[type[Effect], OnEffect] = {}
    actions: dict[str, OnAction] = {}
    timers: dict[str, OnTimer] = {}
    starts: dict[str, OnStart] = {}
    facts: dict[str, OnFacts] = {}
    for area in areas:
        _merge(effects, area.effects)
        _merge(actions, area.actions)
        _merge(timers, area.timers)
        _merge(starts, area.starts)
        _merge(facts, area.facts)
    return Area(effects, actions, timers, starts, facts)


def _merge(into: dict[Any, Any], more: Mapping[Any, Any]) -> None:
    twice = into.keys() & more.keys()
    if twice:
        raise ValueError(f"claimed by two areas: {sorted(map(str, twice))}")
    into.update(more)
