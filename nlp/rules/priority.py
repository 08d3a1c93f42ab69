"""How soon a person must act. Calm words do not lower a real danger, swearing alone raises nothing."""

from domain.labels import CaseType, Hazard, Priority
from nlp.findings import Findings
from nlp.rules.casetype import is_waiting

KEEPSAKE_OR_ABOVE = 100
THEFT_OF_WORTH = 3000

Named = tuple[Priority, str]
"""A priority and the rule that gave it."""


def decide_priority(found: Findings, primary: CaseType, hazard: Hazard | None, worth: float, anger: int) -> Named:
    """The priority of a complaint; the first rule that holds, from the most urgent down. `worth` is in yuan."""
    return (
        _urgent(found, primary, hazard, worth)
        or _of_worth(found, primary, worth)
        or _high(found, primary, hazard, anger)
        or _low(found)
        or (Priority.NORMAL, "普通的服务问题")
    )


def _urgent(found: Findings, primary: CaseType, hazard: Hazard | None, worth: float) -> Named | None:
    if hazard and not found.over:
        return Priority.URGENT, "有人可能受到伤害"
    if primary is CaseType.LOSS and (found.has("sign.police") or worth >= THEFT_OF_WORTH or found.has("sign.value")):
        return Priority.URGENT, "财物丢失，涉及报警或高价值"
    return None


def _of_worth(found: Findings, primary: CaseType, worth: float) -> Named | None:
    """Broken or missing goods are ranked by their value."""
    if primary not in (CaseType.DAMAGE, CaseType.LOSS):
        return None
    if found.has("sign.keepsake"):
        return Priority.HIGH, "有纪念意义的物品"
    small = 0 < worth < KEEPSAKE_OR_ABOVE
    if found.has("sign.waived") and not worth >= KEEPSAKE_OR_ABOVE:
        return Priority.LOW, "客户不追究"
    return (Priority.NORMAL, "价值不到一百元") if small else (Priority.HIGH, "有价值的物品损坏或丢失")


def _high(found: Findings, primary: CaseType, hazard: Hazard | None, anger: int) -> Named | None:
    checks = (
        (hazard is not None or primary is CaseType.SAFETY, "危险已过，仍须尽快处理"),
        (primary is CaseType.PRIVACY or found.has("type.privacy"), "隐私泄露"),
        (found.has("sign.legal", "sign.press", "sign.police"), "涉及法律、监管、媒体或报警"),
        (found.marked("type.contract", "forged"), "伪造签名"),
        (found.marked("type.hygiene", "ill") or found.marked("type.hygiene", "own_illness"), "过敏或生病"),
        (is_waiting(found) and found.sender == "customer", "约定的人现在还没到"),
        (found.has("sign.repeat") and primary is not CaseType.RESPONSE, "反映过又发生"),
        (anger >= 2 and found.has("demand.refund"), "愤怒地要求退款"),
    )
    return next(((Priority.HIGH, rule) for holds, rule in checks if holds), None)


def _low(found: Findings) -> Named | None:
    if found.has("sign.passing") and found.has("sign.content", "intent.praise") and not found.has("sign.angry"):
        return Priority.LOW, "总体满意，顺带一提"
    return None
