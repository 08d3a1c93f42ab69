"""Walks a flow as an engine would, with the JSON round trip that every state makes between two turns."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from domain.effects import Effect, Say
from domain.labels import Intent
from domain.understanding import Understanding
from flows import reducer
from flows.flow import Answer, AnyFlow
from flows.reducer import Standing
from handlers.dialog import dump_standing, load_standing


def through_json(flow: AnyFlow, standing: Standing) -> Standing | None:
    """As it is stored and loaded again."""
    return load_standing(SimpleNamespace(flows={flow.name: flow}), dump_standing(standing))


@dataclass
class Walk:
    """One person in one flow. `effects` are those of the last answer."""

    flow: AnyFlow
    standing: Standing | None
    effects: tuple[Effect, ...]

    @property
    def step(self) -> str:
        """Where they stand, "" when the flow is over."""
        return self.standing.step if self.standing else ""

    @property
    def said(self) -> list[str]:
        return [effect.key for effect in self.effects if isinstance(effect, Say)]

    def caused(self, kind: type[Any]) -> list[Any]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def taps(self, choice: str) -> "Walk":
        return self._go(Answer(choice=choice))

    def says(self, text: str, intent: Intent = Intent.CHITCHAT) -> "Walk":
        return self._go(Answer(text=text, reading=Understanding(intent)))

    def answers(self, answer: Answer) -> "Walk":
        return self._go(answer)

    def waits(self) -> "Walk":
        """The time for an answer runs out."""
        assert self.standing is not None
        return self._keep(*reducer.fall_silent(self.flow, self.standing))

    def _go(self, answer: Answer) -> "Walk":
        assert self.standing is not None
        assert reducer.accepts(self.flow.step(self.step), self.standing.state, answer), f"{self.step} refuses {answer}"
        return self._keep(*reducer.advance(self.flow, self.standing, answer))

    def _keep(self, standing: Standing | None, effects: tuple[Effect, ...]) -> "Walk":
        self.standing = None if standing is None else through_json(self.flow, standing)
        self.effects = effects
        return self


def walk(flow: AnyFlow, state: Any) -> Walk:
    return Walk(flow, None, ())._keep(*reducer.begin(flow, state, 1))
