"""Which kinds of failing a complaint names, and which of them decides who must act first."""

from domain.labels import CaseType
from nlp.findings import Findings
from nlp.lexicon import Hit

_PRECEDENCE = (
    CaseType.SAFETY, CaseType.LOSS, CaseType.PRIVACY, CaseType.DAMAGE,
    CaseType.HYGIENE, CaseType.CONTRACT, CaseType.EQUIPMENT,
)  # fmt: skip
"""These outrank what the customer spends most words on. Punctuality joins them while the customer waits."""

Scores = dict[CaseType, float]


def score_types(found: Findings) -> Scores:
    """The weight of what was said for each type; `other` only when nothing else was named."""
    danger = [hit for hits in found.kind("hazard").values() for hit in hits]
    scores: Scores = {}
    for name, hits in found.kind("type").items():
        distinct = [hit for hit in hits if name == CaseType.SAFETY or not any(hit.inside(other) for other in danger)]
        if distinct:
            scores[CaseType(name)] = sum(hit.rule.weight for hit in distinct)
    if danger:
        scores[CaseType.SAFETY] = scores.get(CaseType.SAFETY, 0) + sum(hit.rule.weight for hit in danger)
    if CaseType.LOSS in scores and found.has("sign.keys"):
        scores[CaseType.SAFETY] = scores.get(CaseType.SAFETY, 0) + scores.pop(CaseType.LOSS)
    if len(scores) > 1:
        scores.pop(CaseType.OTHER, None)
    return scores


def choose_types(found: Findings, scores: Scores) -> tuple[CaseType, tuple[CaseType, ...]]:
    """The primary type and the other distinct failings, those with most words first."""
    strong = {case for case, score in scores.items() if score >= 2} or set(scores)
    _drop_other_names(found, strong)
    ranked = sorted(strong, key=lambda case: (-_words_spent(found, case), -scores[case], case))
    order = [*_PRECEDENCE, CaseType.PUNCTUALITY] if is_waiting(found) else _PRECEDENCE
    primary = next((case for case in order if case in strong), None)
    primary = primary or (ranked[0] if ranked else CaseType.OTHER)
    return primary, tuple(case for case in ranked if case is not primary and case is not CaseType.OTHER)


def _words_spent(found: Findings, case: CaseType) -> float:
    """How much of the message is about a type; asking the money back is about billing."""
    spent = sum(hit.rule.weight + 0.3 * (hit.end - hit.start) for hit in found.of(f"type.{case}"))
    return spent + (2 if case is CaseType.BILLING and found.has("demand.refund") else 0)


def is_waiting(found: Findings) -> bool:
    """Nobody has come and the customer waits at this moment."""
    return found.marked("type.punctuality", "waiting") or (
        found.marked("type.punctuality", "no_show") and found.has("sign.now")
    )


def _drop_other_names(found: Findings, strong: set[CaseType]) -> None:
    """Leave out what is only another name for a type that is there already."""
    if {CaseType.DAMAGE, CaseType.EQUIPMENT} <= strong:
        ours = found.sender == "cleaner" or found.marked("type.equipment", "cared")
        strong.discard(CaseType.DAMAGE if ours else CaseType.EQUIPMENT)
    if found.has("hazard.threat", "hazard.harassment"):
        strong.discard(CaseType.ATTITUDE)
    if CaseType.PUNCTUALITY in strong and (found.sender == "cleaner" or is_waiting(found)):
        strong.discard(CaseType.RESPONSE)
    if CaseType.BILLING in strong and _overlap(found.of("type.billing"), found.of("type.loss")):
        strong.discard(CaseType.LOSS)
    if CaseType.DAMAGE in strong and _overlap(found.of("type.damage"), found.of("type.quality")):
        strong.discard(CaseType.QUALITY)
    refund_only = all(hit.rule.name == "退款不到" for hit in found.of("type.billing"))
    if refund_only and CaseType.CONTRACT in strong:
        strong.discard(CaseType.BILLING)


def _overlap(some: list[Hit], others: list[Hit]) -> bool:
    return any(one.start < other.end and other.start < one.end for one in some for other in others)
