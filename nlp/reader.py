"""Reads one message from top to bottom: look, ask the model, decide, fill the event matrix, say why."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from domain.labels import Intent
from domain.understanding import Understanding
from nlp.deciding import Decision, decide
from nlp.eyes import Eyes, read_toml
from nlp.matrix.build import MatrixTools, build_matrix
from nlp.matrix.nouns import Nouns
from nlp.model import Model
from nlp.why import explain

MODEL = Path(__file__).parent / "model.npz"
COURTESY = Decision(Intent.CHITCHAT, confidence=1.0, anger=0)


class Reader:
    """Everything that reading needs, loaded once. Reading changes nothing, so threads may share one reader."""

    def __init__(self, eyes: Eyes, model: Model, tools: MatrixTools, courtesies: frozenset[str]) -> None:
        """`courtesies` are whole messages that ask for nothing, bare of marks."""
        self._courtesies = courtesies
        self._eyes = eyes
        self._model = model
        self._tools = tools

    @classmethod
    def load(cls, extra_dictionary: Path | None = None, model: Path = MODEL) -> "Reader":
        """Read the dictionary, a company's own on top, and the model; raises `ValueError` naming what is ill formed."""
        nouns = load_nouns()
        tools = MatrixTools(nouns, read_toml("missing.toml"))
        courtesies = frozenset(read_toml("courtesies.toml")["words"])
        return cls(Eyes.load(nouns.all(), extra_dictionary), Model.load(model), tools, courtesies)

    def understand(self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        """What `text`, written at `at` (aware, in the zone of the branch), means. Reads the first 2,000 characters.

        Never raises, whatever the text; no I/O.
        """
        seen = self._eyes.look(text, sender)
        answer = self._model.answer(seen.features)
        polite = _bare(seen.found.text) in self._courtesies
        decided = COURTESY if polite else decide(answer.scores, seen.opinion, over=seen.found.over)
        return Understanding(
            intent=decided.intent,
            topics=decided.topics,
            primary=decided.primary,
            secondary=decided.secondary,
            priority=decided.priority,
            anger=decided.anger,
            confidence=round(decided.confidence, 3),
            hazard=decided.hazard,
            matrix=build_matrix(seen, at, decided.primary, self._tools),
            why=explain(seen, decided, partial(self._model.because, answer)),
            doubts=decided.doubts,
        )


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def load_nouns() -> Nouns:
    return Nouns.of(read_toml("nouns.toml"))
