"""A company's own model: the corpus and what its people put right. Tried first on messages that neither taught it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from domain.labels import Intent, Priority
from nlp.deciding import decide
from nlp.eyes import Eyes, Seen
from nlp.learning.examples import CORRECTIONS, Example
from nlp.learning.train import as_sure_as, chosen, fit, honest_heads, split
from nlp.model import Model

ENOUGH = 20
"""From so many corrections on, half of them are kept back to see whether the other half helped with them."""
SLACK, FEW = 0.005, 2
"""A figure may come out worse by chance, by such a share or so few messages."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many were read rightly, of so many."""

    right: int
    of: int

    @property
    def rate(self) -> float:
        """All of none are right."""
        return self.right / self.of if self.of else 1.0

    def is_worse_than(self, other: "Share") -> bool:
        """By more than chance; both are of the same messages."""
        return other.right - self.right > max(FEW, SLACK * self.of)


@dataclass(frozen=True, slots=True)
class Figures:
    """How messages were read: all of them, the types and priorities of complaints, the urgent ones that were found."""

    intent: Share
    type: Share
    priority: Share
    urgent: Share


@dataclass(frozen=True, slots=True)
class Trial:
    """(before, after) on a part of the corpus kept aside, and on corrections kept back, if there were enough."""

    aside: tuple[Figures, Figures]
    own: tuple[Figures, Figures] | None

    @property
    def worse(self) -> list[str]:
        """The names of figures that fell by more than chance."""
        return [*_fallen(*self.aside), *(f"own_{name}" for name in (_fallen(*self.own) if self.own else ()))]


def learn(
    corpus: Sequence[Example], corrections: Sequence[Example], eyes: Eyes, made_from: dict[str, Any]
) -> tuple[Model, Trial]:
    """The model of both, and how a smaller one of its kind did in the trial. Takes a minute for the whole corpus."""
    examples = [*corpus, *corrections]
    seen = [eyes.look(example.text, example.sender) for example in examples]
    known, aside = split(examples)
    own = [number for number in known if examples[number].batch == CORRECTIONS]
    back = own[1::2] if len(own) >= ENOUGH else []
    plain = _honest(examples, seen, [number for number in known if number not in set(own)], aside)
    taught = _honest(examples, seen, [number for number in known if number not in set(back)], aside)
    model = as_sure_as(taught.heads, fit(examples, seen), made_from)

    def both(asked: list[int]) -> tuple[Figures, Figures]:
        rows = chosen(examples, asked), chosen(seen, asked)
        return measured(plain, *rows), measured(taught, *rows)

    return model, Trial(both(aside), both(back) if back else None)


def _honest(examples: Sequence[Example], seen: Sequence[Seen], known: list[int], aside: list[int]) -> Model:
    """Taught by some of the examples, and honest about how sure it is."""
    model = fit(chosen(examples, known), chosen(seen, known))
    heads = honest_heads(model, chosen(examples, aside), chosen(seen, aside))
    return Model(model.vectors, heads, model.weights, model.bias, {})


def measured(model: Model, examples: Sequence[Example], seen: Sequence[Seen]) -> Figures:
    """How these messages are read."""
    read = [decide(model.read(one.features), one.opinion, over=one.found.over) for one in seen]
    pairs = list(zip(examples, read, strict=True))
    complaints = [pair for pair in pairs if pair[0].intent is Intent.COMPLAINT]
    urgent = [pair for pair in complaints if pair[0].priority is Priority.URGENT]
    return Figures(
        intent=_share([right.intent == given.intent for right, given in pairs]),
        type=_share([right.primary == given.primary for right, given in complaints]),
        priority=_share([right.priority == given.priority for right, given in complaints]),
        urgent=_share([given.priority is Priority.URGENT for _, given in urgent]),
    )


def _share(hits: list[bool]) -> Share:
    return Share(sum(hits), len(hits))


def _fallen(before: Figures, after: Figures) -> list[str]:
    names = [field.name for field in fields(Figures)]
    return [name for name in names if getattr(after, name).is_worse_than(getattr(before, name))]
