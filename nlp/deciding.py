"""One reading out of two opinions: the model's probabilities, and the dictionary's word on danger.

The model decides; where people may be in danger the dictionary need only be plausible to be heard. A doubtful case is
raised, never lowered.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.labels import CaseType, Hazard, Intent, Priority, Topic
from domain.understanding import Likely
from nlp.model import Scores
from nlp.rules.opinion import Opinion
from nlp.rules.priority import KEEPSAKE_OR_ABOVE

NAMED = 0.35
"""A further type is named from this probability on."""
ASKED = 0.4
"""A topic that the dictionary does not hear is named from this probability on."""
URGENT = 0.22
"""Already this likely is urgent: to miss one costs more than to call once too often."""
OVER = 0.7
"""What the message says has passed must be as likely as this to be urgent all the same."""
PLAUSIBLE = 0.2
"""What the dictionary takes for urgent is, already when the model finds it this likely."""
HEARD = 0.05
"""A topic that the dictionary hears as well is named from this probability on."""
ABSURD = 0.1
"""What is lost, and dear by the dictionary, is urgent unless the model finds it less likely than this."""
CERTAIN = 0.4
"""Or when the model has no doubt that it is about safety, whatever it makes of the hurry."""
UNSAFE = 0.5
"""A complaint is about safety first, when the dictionary found a danger and the model finds it this likely."""

KNOWN = 0.6
"""Which danger it is, is said from this probability on: the wrong instructions are worse than those for any danger."""

FAINT = 0.08
"""A label less likely than this is no doubt worth keeping."""

Chances = dict[CaseType, float]
_CASES = {case: f"type.{case}" for case in CaseType}
"""Every type and its label among all that a message may be."""
_WISHES = {f"intent.{intent}": intent for intent in Intent if intent is not Intent.COMPLAINT}
_TOPICS = tuple(Topic)


@dataclass(frozen=True, slots=True)
class Decision(Opinion):
    """`confidence` is the probability of the intent, times that of the type for a complaint; `doubts` are what else the
    message may mean, and how likely each is."""

    doubts: tuple[Likely, ...] = ()


def decide(scores: dict[str, Scores], opinion: Opinion, *, over: bool) -> Decision:
    """`over`: the danger that is named has passed."""
    what = scores["what"]
    complains = sum(what[label] for label in _CASES.values())
    types = chances(scores)
    urgent = _urgency(scores, complains)
    enough = OVER if over else URGENT
    unsafe = what[_CASES[CaseType.SAFETY]] > CERTAIN
    danger = opinion.priority is Priority.URGENT and not over and (urgent > PLAUSIBLE or unsafe)
    asks_for_a_person = what["intent.handoff"] > 0.5 and opinion.intent is Intent.COMPLAINT
    if complains > 0.5 or danger or urgent > enough or asks_for_a_person:
        return _complaint(scores, opinion, types, complains, urgent, urgent_from=enough, danger=danger)
    return _wish(scores, opinion, types, complains)


def _wish(scores: dict[str, Scores], opinion: Opinion, types: Chances, complains: float) -> Decision:
    label = max(_WISHES, key=scores["what"].__getitem__)
    intent = _WISHES[label]
    return Decision(
        intent=intent,
        confidence=scores["what"][label],
        anger=int(_best(scores["anger"])),
        topics=_topics(scores["topic"], opinion) if intent is Intent.INQUIRY else (),
        doubts=_doubts(scores["what"], complains, types, intent, None),
    )


def _complaint(
    scores: dict[str, Scores],
    opinion: Opinion,
    types: Chances,
    complains: float,
    urgent: float,
    *,
    urgent_from: float,
    danger: bool,
) -> Decision:
    primary = max(types, key=types.__getitem__)
    if danger and opinion.hazard and _share(scores, CaseType.SAFETY) > UNSAFE:
        primary = CaseType.SAFETY
    hurry = urgent / max(complains, urgent, FAINT)
    robbed = primary is CaseType.LOSS and opinion.priority is Priority.URGENT and hurry > ABSURD
    priority, rule = _priority(scores["priority"], hurry > urgent_from, danger=danger or robbed)
    if priority is not Priority.URGENT and (named := _named(primary, opinion)):
        priority, rule = Priority.HIGH, named
    return Decision(
        intent=Intent.COMPLAINT,
        confidence=max(complains, 0.5) * types[primary],
        anger=int(_best(scores["anger"])),
        primary=primary,
        secondary=_secondary(scores["named"], primary),
        priority=priority,
        rule=rule,
        hazard=_hazard(scores, opinion, primary, priority),
        doubts=_doubts(scores["what"], complains, types, Intent.COMPLAINT, primary),
    )


def _urgency(scores: dict[str, Scores], complains: float) -> float:
    """How likely somebody must act at once, between what two heads make of it: one was asked of complaints only, the
    other of all messages, those too that only sound like danger."""
    return (complains * scores["priority"][Priority.URGENT] + scores["danger"][Priority.URGENT]) / 2


def chances(scores: dict[str, Scores]) -> Chances:
    """How likely each type is, should it be a complaint.

    Two heads were asked. They see the same words, so that their product would be too sure of itself; its root is not.
    """
    alone, among = scores["primary"], scores["what"]
    both = {case: math.sqrt(alone[case] * among[label]) for case, label in _CASES.items()}
    whole = sum(both.values()) or 1.0
    return {case: one / whole for case, one in both.items()}


def _share(scores: dict[str, Scores], wanted: CaseType) -> float:
    """How much of what both heads agree on is of this type."""
    both = {case: scores["primary"][case] * scores["what"][label] for case, label in _CASES.items()}
    return both[wanted] / (sum(both.values()) or 1.0)


def _doubts(
    what: Scores, complains: float, types: Chances, intent: Intent, primary: CaseType | None
) -> tuple[Likely, ...]:
    """What it may be besides: intents, and types when it may be a complaint."""
    intents: dict[Intent, float] = {
        Intent.COMPLAINT: complains,
        **{wish: what[label] for label, wish in _WISHES.items()},
    }
    found = _ranked("intent", intents, intent)
    return found + _ranked("type", types, primary) if complains >= FAINT or primary else found


def _ranked(kind: str, found: Mapping[Any, float], given: str | None) -> tuple[Likely, ...]:
    """The label given first, then all that are not faint."""
    others = [label for label, chance in found.items() if chance >= FAINT and label != given]
    others.sort(key=found.__getitem__, reverse=True)
    return tuple(Likely(f"{kind}.{label}", round(found[label], 3)) for label in ([given] if given else []) + others)


def _priority(scores: Scores, urgent: bool, *, danger: bool) -> tuple[Priority, str]:
    if danger:
        return Priority.URGENT, "有人可能受到伤害，或丢了贵重的东西"
    if urgent:
        return Priority.URGENT, "像是紧急的事，宁可先当真"
    calm = {label: value for label, value in scores.items() if label != Priority.URGENT}
    return Priority(_best(calm)), "照相似的投诉判断"


def _named(primary: CaseType, opinion: Opinion) -> str:
    """What makes a complaint high by its name alone; empty when nothing does."""
    if primary is CaseType.PRIVACY:
        return "隐私泄露"
    worthy = primary in (CaseType.DAMAGE, CaseType.LOSS) and opinion.worth >= KEEPSAKE_OR_ABOVE
    return "有价值的物品损坏或丢失" if worthy else ""


def _hazard(scores: dict[str, Scores], opinion: Opinion, primary: CaseType, priority: Priority) -> Hazard | None:
    """Which safety words are needed: the dictionary's danger, else what the model is sure of, else those for any.

    Whoever is in a hurry for anything but things is in danger, whatever type the message is of. What is neither urgent
    nor about safety only sounds like a danger to the dictionary.
    """
    if opinion.hazard is not None and (priority is Priority.URGENT or primary is CaseType.SAFETY):
        return opinion.hazard
    if priority is not Priority.URGENT or primary is CaseType.LOSS:
        return None
    likeliest = Hazard(_best(scores["hazard"]))
    return likeliest if scores["hazard"][likeliest] > KNOWN else Hazard.DANGER


def _secondary(named: Scores, primary: CaseType) -> tuple[CaseType, ...]:
    """Other failings that are named, the likeliest first."""
    others = [case for case in _CASES if named[case] > NAMED and case not in (primary, CaseType.OTHER)]
    return tuple(sorted(others, key=lambda case: -named[case]))


def _topics(scores: Scores, opinion: Opinion) -> tuple[Topic, ...]:
    """What the model hears, or the dictionary when the model does not find it absurd."""
    named = tuple(topic for topic in _TOPICS if scores[topic] > (HEARD if topic in opinion.topics else ASKED))
    return named or (Topic(_best(scores)),)


def _best(scores: Scores) -> str:
    return max(scores, key=scores.__getitem__)
