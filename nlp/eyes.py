"""What there is to see in a message before anything is decided: normal form, words, phrases of the dictionary."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.understanding import Amount
from nlp.cutter import Cut, Cutter, load_frequencies
from nlp.features import Features, features
from nlp.findings import Findings
from nlp.lexicon import Hit, Lexicon, read_groups, read_rules
from nlp.matrix.amounts import find_amounts
from nlp.meanings import Meanings
from nlp.negation import Scope, Stance, stances
from nlp.normal import Normaliser
from nlp.rules.hints import Hints
from nlp.rules.opinion import Opinion, judge

DICTIONARY = Path(__file__).parent / "dictionary"

_DANGER = "hazard."
_SAID_OR_NOT = ("sign.question", "intent.suggestion", "topic.", "figure")
"""Labels for which a negation or a condition changes nothing: a question about a loss is still about the contract."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`opinion` is the dictionary's; `features` is what the model sees, that opinion among it."""

    found: Findings
    cut: Cut
    amounts: tuple[Amount, ...]
    opinion: Opinion
    features: Features


class Eyes:
    """Loaded once; looking changes nothing, so threads may share one."""

    def __init__(
        self, normaliser: Normaliser, lexicon: Lexicon, scope: Scope, cutter: Cutter, hints: Hints, meanings: Meanings
    ) -> None:
        self._normaliser = normaliser
        self._lexicon = lexicon
        self._scope = scope
        self._cutter = cutter
        self._hints = hints
        self._meanings = meanings

    @classmethod
    def load(cls, words: Iterable[str], extra_dictionary: Path | None = None) -> "Eyes":
        """`words` are names that the cutter must not cut. Raises `ValueError` naming an ill-formed rule."""
        normaliser = Normaliser((DICTIONARY / "characters.txt").read_text("utf-8"), read_toml("typos.toml")["typos"])
        files = [*sorted((DICTIONARY / "types").glob("*.toml")), *sorted(DICTIONARY.glob("*.toml"))]
        files += [extra_dictionary] if extra_dictionary else []
        rules = read_rules(files, read_groups(DICTIONARY / "groups.toml"), normaliser.normalise)
        scope = Scope.of(read_toml("scope.toml"))
        hints = Hints.of(read_toml("hints.toml"))
        cutter = Cutter(load_frequencies(), words)
        return cls(normaliser, Lexicon(rules), scope, cutter, hints, Meanings.load())

    def look(self, text: str, sender: str) -> Seen:
        found = self._find(text, sender)
        cut = tuple(self._cutter.cut(found.text))
        amounts = find_amounts(found)
        opinion = judge(found, amounts, self._hints)
        about = self._meanings.mean(word for word, _, _ in cut)
        return Seen(found, cut, amounts, opinion, features(found, cut, amounts, opinion, about))

    def words(self, text: str) -> list[str]:
        """The words of a text, in its common form."""
        return [word for word, _, _ in self._cutter.cut(self._normaliser.normalise(text))]

    def _find(self, text: str, sender: str) -> Findings:
        """The phrases of the message that are meant as they are said."""
        normal = self._normaliser.normalise(text)
        meant = list(stances(self._lexicon.find(normal, sender), normal, self._scope))
        said = [hit for hit, stance in meant if _counts(hit, stance)]
        denied = {hit.rule.label for hit, stance in meant if stance == "denied"}
        return Findings(text, normal, sender, said, self._is_past(normal, said, denied), denied)

    def _is_past(self, normal: str, said: list[Hit], denied: set[str]) -> bool:
        """Whether every danger that the text names has passed or is denied."""
        if any(hit.rule.label.startswith(_DANGER) for hit in said):
            return self._scope.is_over(normal)
        return any(label.startswith(_DANGER) for label in denied)


def _counts(hit: Hit, stance: Stance) -> bool:
    label = hit.rule.label
    return stance == "said" or label.startswith(_SAID_OR_NOT) or (stance == "figure" and label.startswith("sign."))


def read_toml(name: str) -> dict[str, Any]:
    """One file of the dictionary."""
    return tomllib.loads((DICTIONARY / name).read_text("utf-8"))
