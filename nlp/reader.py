"""Reads one message from top to bottom: bring to one form, find the phrases, weigh them, fill the event matrix."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from domain.labels import Intent
from domain.understanding import Understanding
from nlp.anger import measure_anger
from nlp.casetype import choose_types, score_types
from nlp.cutter import Cutter, load_frequencies
from nlp.findings import Findings
from nlp.hazard import find_hazard
from nlp.hints import Hints
from nlp.intent import decide_intent
from nlp.lexicon import Lexicon, read_groups, read_rules
from nlp.matrix.amounts import find_amounts
from nlp.matrix.build import MatrixTools, build_matrix
from nlp.matrix.nouns import Nouns
from nlp.negation import Scope, stances
from nlp.normal import Normaliser
from nlp.priority import decide_priority
from nlp.topics import find_topics
from nlp.why import explain

DICTIONARY = Path(__file__).parent / "dictionary"


class Reader:
    """Everything that reading needs, loaded once. Reading changes nothing, so threads may share one reader."""

    def __init__(
        self, normaliser: Normaliser, lexicon: Lexicon, scope: Scope, hints: Hints, tools: MatrixTools
    ) -> None:
        self._normaliser = normaliser
        self._lexicon = lexicon
        self._scope = scope
        self._hints = hints
        self._tools = tools

    @classmethod
    def load(cls, extra_dictionary: Path | None = None) -> "Reader":
        """Read the dictionary, and a company's own on top; raises `ValueError` naming the rule that is ill formed."""
        normaliser = Normaliser((DICTIONARY / "characters.txt").read_text("utf-8"), _toml("typos.toml")["typos"])
        files = [*sorted((DICTIONARY / "types").glob("*.toml")), *sorted(DICTIONARY.glob("*.toml"))]
        files += [extra_dictionary] if extra_dictionary else []
        rules = read_rules(files, read_groups(DICTIONARY / "groups.toml"), normaliser.normalise)
        nouns = Nouns.of(_toml("nouns.toml"))
        tools = MatrixTools(Cutter(load_frequencies(), nouns.all()), nouns, _toml("missing.toml"))
        return cls(normaliser, Lexicon(rules), Scope.of(_toml("scope.toml")), Hints.of(_toml("hints.toml")), tools)

    def understand(self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        """What `text`, written at `at` (aware, in the zone of the branch), means. Reads the first 2,000 characters.

        Never raises, whatever the text; no I/O.
        """
        found = self._find(text, sender)
        types = score_types(found) or self._hints.guess(found)
        intent, confidence = decide_intent(found, types)
        amounts = find_amounts(found)
        anger = measure_anger(found, intent is Intent.COMPLAINT)
        if intent is not Intent.COMPLAINT:
            topics = find_topics(found) if intent is Intent.INQUIRY else ()
            matrix = build_matrix(found, at, amounts, None, self._tools)
            why = explain(found, intent, topics=topics)
            return Understanding(intent, topics, anger=anger, confidence=confidence, matrix=matrix, why=why)
        primary, secondary = choose_types(found, types)
        hazard = find_hazard(found)
        priority, rule = decide_priority(found, primary, hazard, amounts, anger)
        return Understanding(
            intent=intent,
            primary=primary,
            secondary=secondary,
            priority=priority,
            anger=anger,
            confidence=confidence,
            hazard=hazard,
            matrix=build_matrix(found, at, amounts, primary, self._tools),
            why=explain(found, intent, primary=primary, secondary=secondary, hazard=hazard, priority=(priority, rule)),
        )

    def _find(self, text: str, sender: str) -> Findings:
        """The phrases of the message that are meant as they are said."""
        normal = self._normaliser.normalise(text)
        hits = self._lexicon.find(normal, sender)
        said = [
            hit
            for hit, stance in stances(hits, normal, self._scope)
            if stance == "said"
            or hit.rule.label.startswith(_SAID_OR_NOT)
            or (stance == "figure" and hit.rule.label.startswith("sign."))
        ]
        danger = any(hit.rule.label.startswith("hazard.") for hit in said)
        return Findings(text, normal, sender, said, danger and self._scope.is_over(normal))


_SAID_OR_NOT = ("sign.question", "intent.suggestion", "topic.", "figure")
"""Labels for which a negation or a condition changes nothing: a question about a loss is still about the contract."""


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DICTIONARY / name).read_text("utf-8"))
