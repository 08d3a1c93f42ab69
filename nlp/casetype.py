"""Which kinds of failing a complaint names, and which of them decides who must act first."""

from domain.labels import CaseType
from nlp.findings import Findings

_PRECEDENCE = (
    CaseType.SAFETY, CaseType.LOSS, CaseType.PRIVACY, CaseType.DAMAGE,
    CaseType.HYGIENE, CaseType.CONTRACT, CaseType.EQUIPMENT,
)  # fmt: skip
"""These outrank what the customer spends most words on. Punctuality joins them while the customer waits."""

Scores = dict[CaseType, float]


def score_types(found: Findings) -> Scores:
    """The weight of what was said for each type; `other` only when nothing else was named."""
    scores = {CaseType(name): found.weight(f"type.{name}") for name in found.kind("type")}
    danger = sum(found.weight(f"hazard.{name}") for name in found.kind("hazard"))
    if danger:
        scores[CaseType.SAFETY] = scores.get(CaseType.SAFETY, 0) + danger
    if len(scores) > 1:
        scores.pop(CaseType.OTHER, None)
    return scores


def choose_types(found: Findings, scores: Scores) -> tuple[CaseType, tuple[CaseType, ...]]:
    """The primary type and the other distinct failings, the weightiest first."""
    strong = {case for case, score in scores.items() if score >= 2} or set(scores)
    _drop_causes(found, strong)
    ranked = sorted(strong, key=lambda case: (-scores[case], list(CaseType).index(case)))
    order = [*_PRECEDENCE, CaseType.PUNCTUALITY] if is_waiting(found) else _PRECEDENCE
    primary = next((case for case in order if case in strong), None)
    primary = primary or (ranked[0] if ranked else CaseType.OTHER)
    return primary, tuple(case for case in ranked if case is not primary and case is not CaseType.OTHER)


def is_waiting(found: Findings) -> bool:
    """Nobody has come and the customer waits at this moment."""
    return found.marked("type.punctuality", "waiting") or (
        found.marked("type.punctuality", "no_show") and found.has("sign.now")
    )


def _drop_causes(found: Findings, strong: set[CaseType]) -> None:
    """Leave out what is only another name for a type that is there already."""
    if CaseType.DAMAGE in strong and CaseType.EQUIPMENT in strong:
        own_tools = any(hit.rule.name == "用品耗尽" for hit in found.of("type.equipment"))
        strong.discard(CaseType.DAMAGE if own_tools else CaseType.EQUIPMENT)
    if found.has("hazard.threat", "hazard.harassment"):
        strong.discard(CaseType.ATTITUDE)
