"""What to think when no phrase of the dictionary was found: single words, each a weak hint.

A statement about our people with something wrong in it is more likely a complaint than small talk, and a
complaint that was missed costs more than one question too many.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.labels import CaseType
from nlp.findings import Findings
from nlp.rules.casetype import Scores

SHORTEST = 7
"""Shorter messages say too little to guess from."""
_PEACEFUL = ("inquiry", "booking", "praise", "status", "suggestion", "reward", "handoff", "data_request")


@dataclass(frozen=True, slots=True)
class Hints:
    """Words for each type, words that tell of our people, and words that tell of trouble."""

    types: Mapping[CaseType, tuple[str, ...]]
    narrative: tuple[str, ...]
    trouble: tuple[str, ...]

    @classmethod
    def of(cls, content: Mapping[str, str]) -> "Hints":
        words = {name: tuple(line.split()) for name, line in content.items()}
        return cls({case: words[case] for case in CaseType if case in words}, words["narrative"], words["trouble"])

    def guess(self, found: Findings) -> Scores:
        """A weak guess at the types, empty when the message does not tell of trouble with us."""
        text = found.text
        if len(text) < SHORTEST or not self._tells_of_trouble(found):
            return {}
        counts = {case: sum(map(text.__contains__, words)) for case, words in self.types.items()}
        best = max(counts, key=lambda case: counts[case])
        return {best: 2.0} if counts[best] else {CaseType.OTHER: 2.0}

    def _tells_of_trouble(self, found: Findings) -> bool:
        text = found.text
        signs = sum(map(text.__contains__, self.trouble)) + found.has("sign.reproach")
        if found.has("sign.question") and not found.has("sign.reproach"):
            signs -= 2
        if found.has("sign.question") and found.kind("topic"):
            return False
        if any(found.weight(f"intent.{intent}") >= 2 for intent in _PEACEFUL):
            return False
        told = any(map(text.__contains__, self.narrative)) or found.has("sign.happened") or len(text) > 14
        return told and signs >= 1
