"""What is said of doubt: which labels it may be, and how likely."""

import pytest

from domain.labels import CaseType, Hazard, Intent, Priority
from nlp.deciding import decide
from nlp.rules.opinion import Opinion

CALM = Opinion(Intent.CHITCHAT, 0.5, 0)


def scores(**what: float) -> dict[str, dict[str, float]]:
    """`what` names intents and types; the other heads are as undecided as they can be, but for the types."""
    types = {case: what.get(case.value, 0.0) for case in CaseType}
    intents = {f"intent.{intent}": what.get(intent.value, 0.0) for intent in Intent if intent is not Intent.COMPLAINT}
    return {
        "what": intents | {f"type.{case}": chance for case, chance in types.items()},
        "primary": {case: chance or 0.001 for case, chance in types.items()},
        "named": dict.fromkeys(CaseType, 0.0),
        "priority": {Priority.URGENT: 0.05, Priority.HIGH: 0.2, Priority.NORMAL: 0.7, Priority.LOW: 0.05},
        "danger": {Priority.URGENT: 0.05, "calm": 0.95},
        "hazard": {hazard: 0.1 for hazard in Hazard if hazard is not Hazard.DANGER},
        "anger": {"0": 1.0},
        "topic": {"price": 1.0, **dict.fromkeys(("scope", "qualification", "coverage", "special"), 0.0),
                  "contract": 0.0, "promotion": 0.0},
    }  # fmt: skip


def test_the_label_given_comes_first_and_faint_ones_not_at_all() -> None:
    decided = decide(scores(inquiry=0.4, quality=0.25, hygiene=0.2, booking=0.1, praise=0.05), CALM, over=False)
    told = {one.label: one.chance for one in decided.doubts}
    assert decided.intent is Intent.INQUIRY
    assert list(told)[:3] == ["intent.inquiry", "intent.complaint", "intent.booking"]
    assert told["intent.complaint"] == pytest.approx(0.45)
    assert "intent.praise" not in told


def test_types_are_told_for_what_may_complain_only() -> None:
    some = decide(scores(inquiry=0.5, quality=0.3, hygiene=0.2), CALM, over=False)
    assert [one.label for one in some.doubts if one.label.startswith("type.")] == ["type.quality", "type.hygiene"]
    none = decide(scores(inquiry=0.95, quality=0.05), CALM, over=False)
    assert not any(one.label.startswith("type.") for one in none.doubts)


def test_two_heads_that_agree_are_not_twice_as_sure() -> None:
    decided = decide(scores(quality=0.6, hygiene=0.4), CALM, over=False)
    assert decided.primary is CaseType.QUALITY
    assert decided.confidence == pytest.approx(0.6, abs=0.01)


def urgent(**what: float) -> dict[str, dict[str, float]]:
    return {
        **scores(**what),
        "priority": {Priority.URGENT: 0.9, Priority.NORMAL: 0.1},
        "danger": {"urgent": 0.9, "calm": 0.1},
    }


@pytest.mark.parametrize("case", ["hygiene", "punctuality", "damage", "safety"])
def test_whoever_is_in_a_hurry_for_anything_but_things_hears_what_keeps_people_safe(case: str) -> None:
    assert decide(urgent(**{case: 1.0}), CALM, over=False).hazard is Hazard.DANGER
    assert decide(urgent(loss=1.0), CALM, over=False).hazard is None
    assert decide(scores(**{case: 1.0}), CALM, over=False).hazard is None


def test_a_danger_the_model_is_sure_of_is_named() -> None:
    sure = urgent(hygiene=1.0) | {"hazard": {Hazard.ILLNESS: 0.7, Hazard.THREAT: 0.3}}
    assert decide(sure, CALM, over=False).hazard is Hazard.ILLNESS


def test_what_is_neither_urgent_nor_about_safety_only_sounds_like_a_danger() -> None:
    heard = Opinion(Intent.COMPLAINT, 0.5, 0, hazard=Hazard.THREAT)
    assert decide(scores(quality=1.0), heard, over=False).hazard is None
    assert decide(scores(safety=1.0), heard, over=False).hazard is Hazard.THREAT
    assert decide(urgent(quality=1.0), heard, over=False).hazard is Hazard.THREAT


@pytest.mark.parametrize(
    ("case", "worth", "priority"),
    [
        ("damage", 100, Priority.HIGH),
        ("loss", 180, Priority.HIGH),
        ("damage", 99, Priority.NORMAL),
        ("billing", 180, Priority.NORMAL),
    ],
)
def test_what_is_broken_or_gone_is_high_from_a_hundred_yuan_on(case: str, worth: float, priority: Priority) -> None:
    told = Opinion(Intent.COMPLAINT, 0.5, 0, worth=worth)
    assert decide(scores(**{case: 1.0}), told, over=False).priority is priority
