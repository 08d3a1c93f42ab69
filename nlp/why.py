"""Says which words decided: for the desk, and for whoever doubts a reading."""

from collections.abc import Sequence

from domain.labels import CaseType, Hazard, Intent, Priority, Topic
from domain.understanding import Reason, Words
from nlp.findings import Findings
from nlp.lexicon import Hit

_PER_LABEL = 3
_SIGNS = (
    "sign.police",
    "sign.legal",
    "sign.press",
    "sign.keepsake",
    "sign.value",
    "sign.repeat",
    "sign.passing",
    "sign.waived",
    "sign.now",
)


def explain(
    found: Findings,
    intent: Intent,
    *,
    topics: Sequence[Topic] = (),
    primary: CaseType | None = None,
    secondary: Sequence[CaseType] = (),
    hazard: Hazard | None = None,
    priority: tuple[Priority, str] | None = None,
) -> tuple[Reason, ...]:
    """The reasons for every label given, at most a few words each; what no words decided has no reason."""
    reasons: list[Reason] = []
    for label in (f"intent.{intent}", *(f"topic.{topic}" for topic in topics)):
        reasons += _reasons(found, label, found.of(label))
    for case in (primary, *secondary):
        if case:
            reasons += _reasons(found, f"type.{case}", [*found.of(f"type.{case}"), *_danger(found, case)])
    if hazard:
        reasons += _reasons(found, f"hazard.{hazard}", found.of(f"hazard.{hazard}"))
    if priority:
        reasons.append(Reason(f"priority.{priority[0]}", priority[1], _deciding(found, primary)))
    return tuple(reasons)


def _reasons(found: Findings, label: str, hits: Sequence[Hit]) -> list[Reason]:
    return [found.reason(label, hit) for hit in hits[:_PER_LABEL]]


def _danger(found: Findings, case: CaseType) -> list[Hit]:
    if case is not CaseType.SAFETY:
        return []
    return [hit for hits in found.kind("hazard").values() for hit in hits]


def _deciding(found: Findings, primary: CaseType | None) -> Words:
    """The words behind a priority: a sign when there is one, else the failing itself."""
    labels = (*(f"hazard.{name}" for name in found.kind("hazard")), *_SIGNS, f"type.{primary}")
    hit = next((hit for label in labels for hit in found.of(label)), None)
    return found.words(hit.start, hit.end) if hit else found.words(0, 0)
