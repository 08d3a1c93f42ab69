"""What the dictionary alone makes of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.labels import CaseType, Hazard, Intent, Priority, Topic
from domain.understanding import Amount
from nlp.findings import Findings
from nlp.rules.anger import measure_anger
from nlp.rules.casetype import choose_types, score_types
from nlp.rules.hazard import find_hazard
from nlp.rules.hints import Hints
from nlp.rules.intent import decide_intent
from nlp.rules.priority import decide_priority
from nlp.rules.topics import find_topics


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a message is taken for. `rule` names what gave the priority; `worth` is the greatest sum named, in yuan."""

    intent: Intent
    confidence: float
    anger: int
    topics: tuple[Topic, ...] = ()
    primary: CaseType | None = None
    secondary: tuple[CaseType, ...] = ()
    priority: Priority | None = None
    rule: str = ""
    hazard: Hazard | None = None
    worth: float = 0.0


def judge(found: Findings, amounts: Sequence[Amount], hints: Hints) -> Opinion:
    types = score_types(found) or hints.guess(found)
    intent, confidence = decide_intent(found, types)
    anger = measure_anger(found, intent is Intent.COMPLAINT)
    worth = max((amount.value for amount in amounts if amount.unit == "元"), default=0.0)
    if intent is not Intent.COMPLAINT:
        topics = find_topics(found) if intent is Intent.INQUIRY else ()
        return Opinion(intent, confidence, anger, topics, worth=worth)
    primary, secondary = choose_types(found, types)
    hazard = find_hazard(found)
    priority, rule = decide_priority(found, primary, hazard, worth, anger)
    return Opinion(intent, confidence, anger, (), primary, secondary, priority, rule, hazard, worth)
