"""One reading out of two opinions: the model's probabilities, and the dictionary's word on danger.

The model decides; where people may be in danger the dictionary need only be plausible to be heard. A doubtful case is
raised, never lowered.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from domain.labels import CaseType, Hazard, Intent, Priority, Topic
from domain.understanding import Likely
from nlp.model import Scores
from nlp.rules.opinion import Opinion

NAMED = 0.35
"""A further type, or a topic, is named from this probability on."""
URGENT = 0.2
"""Already this likely is urgent: to miss one costs more than to call once too often."""
OVER = 0.7
"""What the message says has passed must be as likely as this to be urgent all the same."""
PLAUSIBLE = 0.2
"""What the dictionary takes for urgent is, already when the model finds it this likely."""
HEARD = 0.05
"""A topic that the dictionary hears as well is named from this probability on."""
CERTAIN = 0.4
"""Or when the model has no doubt that it is about safety, whatever it makes of the hurry."""
UNSAFE = 0.5
"""A complaint is about safety first, when the dictionary found a danger and the model finds it this likely."""

FAINT = 0.08
"""A label less likely than this is no doubt worth keeping."""


@dataclass(frozen=True, slots=True)
class Decision(Opinion):
    """`confidence` is the probability of the intent, times that of the type for a complaint; `doubts` are what else the
    message may mean, and how likely each is."""

    doubts: tuple[Likely, ...] = ()


def decide(scores: dict[str, Scores], opinion: Opinion, *, over: bool) -> Decision:
    """`over`: the danger that is named has passed."""
    decided = _decide(scores, opinion, over=over)
    return replace(decided, doubts=tuple(_doubts(scores, decided)))


def _decide(scores: dict[str, Scores], opinion: Opinion, *, over: bool) -> Decision:
    what = scores["what"]
    anger = int(_best(scores["anger"]))
    complains = sum(value for label, value in what.items() if label.startswith("type."))
    urgent = complains * scores["priority"][Priority.URGENT]
    enough = OVER if over else URGENT
    unsafe = what[f"type.{CaseType.SAFETY}"] > CERTAIN
    danger = opinion.priority is Priority.URGENT and not over and (urgent > PLAUSIBLE or unsafe)
    asks_for_a_person = what["intent.handoff"] > 0.5 and opinion.intent is Intent.COMPLAINT
    if complains > 0.5 or danger or urgent > enough or asks_for_a_person:
        return _complaint(scores, opinion, complains, anger, enough, danger=danger)
    wishes = {label.removeprefix("intent."): value for label, value in what.items() if label.startswith("intent.")}
    intent = Intent(_best(wishes))
    topics = _topics(scores["topic"], opinion) if intent is Intent.INQUIRY else ()
    return Decision(intent, wishes[intent], anger, topics)


def _complaint(
    scores: dict[str, Scores], opinion: Opinion, complains: float, anger: int, enough: float, *, danger: bool
) -> Decision:
    types = {case: scores["primary"][case] * scores["what"][f"type.{case}"] for case in CaseType}
    whole = sum(types.values()) or 1.0
    primary = max(types, key=lambda case: types[case])
    if danger and opinion.hazard and types[CaseType.SAFETY] > UNSAFE * whole:
        primary = CaseType.SAFETY
    robbed = primary is CaseType.LOSS and opinion.priority is Priority.URGENT
    priority, rule = _priority(scores["priority"], enough, danger=danger or robbed)
    return Decision(
        intent=Intent.COMPLAINT,
        confidence=max(complains, 0.5) * chances(scores)[primary],
        anger=anger,
        primary=primary,
        secondary=_secondary(scores["named"], primary),
        priority=priority,
        rule=rule,
        hazard=_hazard(scores, opinion, primary, priority),
    )


def chances(scores: dict[str, Scores]) -> dict[CaseType, float]:
    """How likely each type is, should it be a complaint.

    Two heads were asked. They see the same words, so that their product would be too sure of itself; its root is not.
    """
    both = {case: math.sqrt(scores["primary"][case] * scores["what"][f"type.{case}"]) for case in CaseType}
    whole = sum(both.values()) or 1.0
    return {case: one / whole for case, one in both.items()}


def _doubts(scores: dict[str, Scores], decided: Decision) -> Iterator[Likely]:
    intents: dict[str, float] = dict.fromkeys(Intent, 0.0)
    for label, chance in scores["what"].items():
        intents[Intent.COMPLAINT if label.startswith("type.") else label.removeprefix("intent.")] += chance
    yield from _ranked("intent", intents, decided.intent)
    if intents[Intent.COMPLAINT] >= FAINT or decided.primary:
        yield from _ranked("type", {str(case): chance for case, chance in chances(scores).items()}, decided.primary)


def _ranked(kind: str, found: Mapping[str, float], given: str | None) -> Iterator[Likely]:
    """The label given first, then all that are not faint."""
    others = [label for label in found if label != given and found[label] >= FAINT]
    for label in (*((given,) if given else ()), *sorted(others, key=lambda label: -found[label])):
        yield Likely(f"{kind}.{label}", round(found[label], 3))


def _priority(scores: Scores, enough: float, *, danger: bool) -> tuple[Priority, str]:
    if danger:
        return Priority.URGENT, "有人可能受到伤害，或丢了贵重的东西"
    if scores[Priority.URGENT] > enough:
        return Priority.URGENT, "像是紧急的事，宁可先当真"
    calm = {label: value for label, value in scores.items() if label != Priority.URGENT}
    return Priority(_best(calm)), "照相似的投诉判断"


def _hazard(scores: dict[str, Scores], opinion: Opinion, primary: CaseType, priority: Priority) -> Hazard | None:
    """Which safety words are needed: the dictionary's danger, else the one the model takes for most likely."""
    if opinion.hazard is not None:
        return opinion.hazard
    if primary is CaseType.SAFETY and priority is Priority.URGENT:
        return Hazard(_best(scores["hazard"]))
    return None


def _secondary(named: Scores, primary: CaseType) -> tuple[CaseType, ...]:
    """Other failings that are named, the likeliest first."""
    others = [case for case in CaseType if named[case] > NAMED and case not in (primary, CaseType.OTHER)]
    return tuple(sorted(others, key=lambda case: -named[case]))


def _topics(scores: Scores, opinion: Opinion) -> tuple[Topic, ...]:
    """What the model hears, or the dictionary when the model does not find it absurd."""
    named = tuple(topic for topic in Topic if scores[topic] > (HEARD if topic in opinion.topics else NAMED))
    return named or (Topic(_best(scores)),)


def _best(scores: Scores) -> str:
    return max(scores, key=lambda label: scores[label])
