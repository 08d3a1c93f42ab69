"""What the person wants from this message: exactly one intent, and how sure we are."""

from domain.labels import Intent
from nlp.findings import Findings, weigh
from nlp.rules.casetype import Scores

COMPLAINS = 2.0
"""From this weight on, what was said is a failing and not a hint of one."""

GUESS = 0.4
"""The confidence of a complaint that no phrase of the dictionary spoke for."""

_TIE_ORDER = (
    Intent.DATA_REQUEST, Intent.REWARD, Intent.STATUS, Intent.SUGGESTION, Intent.BOOKING,
    Intent.PRAISE, Intent.INQUIRY, Intent.HANDOFF, Intent.CHITCHAT,
)  # fmt: skip
_RANKED = (Intent.COMPLAINT, *_TIE_ORDER)


def decide_intent(found: Findings, types: Scores) -> tuple[Intent, float]:
    """The intent and a confidence in [0, 1] from how far it leads the next."""
    if not any(char.isalnum() for char in found.text):
        return Intent.CHITCHAT, 0.6
    scores = _wishes(found)
    scores[Intent.COMPLAINT] = _complaint(found, types, scores)
    if scores[Intent.COMPLAINT]:  # a named failing beside five stars is a complaint all the same
        scores[Intent.PRAISE] = min(scores[Intent.PRAISE], scores[Intent.COMPLAINT] - 0.5)
    ranked = sorted(_RANKED, key=scores.__getitem__, reverse=True)
    first, second = ranked[0], ranked[1]
    if scores[first] <= 0:
        return Intent.CHITCHAT, 0.3 if len(found.text) > 6 else 0.6
    guessed = first is Intent.COMPLAINT and not found.kind("type") and not found.kind("hazard")
    lead = (scores[first] - scores[second]) / (scores[first] + scores[second] + 1)
    return first, round(min(GUESS if guessed else 0.98, 0.55 + 0.45 * lead), 2)


def _wishes(found: Findings) -> dict[Intent, float]:
    """What speaks for every intent but the complaint."""
    scores = dict.fromkeys(_TIE_ORDER, 0.0)
    scores.update((Intent(name), min(weigh(hits), 6.0)) for name, hits in found.kind("intent").items())
    asks = found.has("sign.question")
    topics = sum(min(weigh(hits), 2.0) for hits in found.kind("topic").values())
    scores[Intent.INQUIRY] += topics * (1.0 if asks else 0.4) + (0.5 if asks else 0)
    if scores[Intent.SUGGESTION] and scores[Intent.PRAISE]:
        scores[Intent.SUGGESTION] += scores[Intent.PRAISE]
    if any(score >= 2 for intent, score in scores.items() if intent not in (Intent.HANDOFF, Intent.CHITCHAT)):
        scores[Intent.HANDOFF] = min(scores[Intent.HANDOFF], 1.0)
        scores[Intent.CHITCHAT] *= scores[Intent.CHITCHAT] >= 4
    for specific in (Intent.BOOKING, Intent.STATUS, Intent.REWARD, Intent.DATA_REQUEST, Intent.HANDOFF):
        if scores[specific] >= 3:
            scores[Intent.INQUIRY] = min(scores[Intent.INQUIRY], scores[specific] - 0.5)
    return scores


def _complaint(found: Findings, types: Scores, wishes: dict[Intent, float]) -> float:
    """The failings named, with the tone; weighed down where a question, a wish or praise explains them."""
    failing = sum(types.values())
    if found.kind("hazard"):
        return 20.0
    if failing < COMPLAINS:
        return 0.0
    if not found.kind("type"):
        return failing
    tone = min(found.weight("sign.reproach"), 3) + min(found.weight("sign.happened"), 2)
    tone += found.weight("sign.angry") + found.weight("sign.swear") + found.weight("sign.sarcasm")
    if wishes[Intent.PRAISE] >= 3 and found.has("sign.excuse"):
        return 0.0
    asks = found.has("sign.question") and tone < 1
    if asks and max(wishes[Intent.INQUIRY], wishes[Intent.STATUS], wishes[Intent.REWARD]) >= 2:
        return failing * 0.5
    return failing + tone + 3.0
