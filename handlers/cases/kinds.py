"""Which kind of failing a case is about: whether that is in doubt, and what the customer answers when asked."""

import re
from typing import Any

from domain.labels import CaseType, Intent, Priority
from domain.understanding import LEARNT, Understanding
from handlers.cases.intervening import frozen, has_begun
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage.cases import Case

MOST = 3
WORTH = 0.12
"""A type less likely than this is not offered."""
JOINS = r"另外|还有|而且|并且|\balso\b|\bbesides\b"
BETWEEN = re.compile(rf"[，,。.！!；;？?\n]+|{JOINS}|\band\b", re.IGNORECASE)
FURTHER = re.compile(rf"{JOINS}|也|还|又|\btoo\b", re.IGNORECASE)
"""Only words that add something are read once more by clause: each reading takes milliseconds of a turn."""
SHORTEST, MOST_CLAUSES = 4, 12
WHOLE_ONLY = frozenset({CaseType.SAFETY, CaseType.RESPONSE, CaseType.OTHER})
"""What one clause alone does not tell: danger is read from everything said, and a wait is the case's own."""


def doubtful(turn: Turn, reading: Understanding) -> list[str]:
    """The types to choose from when we are not sure of the one that was read; empty when we are."""
    types = reading.types()
    if reading.intent is not Intent.COMPLAINT or not types or types[0][1] >= turn.world.company.doubts.type:
        return []
    likely = [kind.value for kind, chance in types if chance >= WORTH and kind is not CaseType.OTHER]
    return likely[:MOST] if len(likely) > 1 else []


def told(turn: Turn, text: str, reading: Understanding) -> tuple[CaseType, ...]:
    """The failings that words about an open case name, clause by clause as well: "重新打扫，另外沙发也刮坏了"."""
    whole = [kind for kind in (reading.primary, *reading.secondary) if kind and kind is not CaseType.OTHER]
    parts = [part.strip() for part in BETWEEN.split(text)][:MOST_CLAUSES] if FURTHER.search(text) else []
    each = [turn.read(part) for part in parts if len(part) >= SHORTEST and part != text.strip()]
    beside = (one.primary for one in each if one.primary and one.primary not in WHOLE_ONLY and _is_plain(one))
    return tuple(dict.fromkeys([*whole, *beside]))


def _is_plain(reading: Understanding) -> bool:
    """Whether the type was named in so many words, not only like what others wrote."""
    named = (reason.rule for reason in reading.why if reason.label == f"type.{reading.primary}")
    return reading.intent is Intent.COMPLAINT and any(rule != LEARNT for rule in named)


def named(turn: Turn, case: Case, text: str) -> CaseType | None:
    """The type whose button says these words, in any of our languages."""
    for locale in turn.world.texts.tables:
        for kind in case.doubts:
            if turn.world.texts.render(f"complaint.kind_{kind}", {}, locale) == text.strip():
                return CaseType(kind)
    return None


def settle(turn: Turn, case: Case, kind: CaseType | None) -> None:
    """The doubt is over: it is about this, or stays what was read when None."""
    if kind is None or kind == case.type:
        turn.tx.change(Case, case.id or 0, doubts=[])
        return
    second = [one for one in case.secondary if one != kind]
    turn.tx.change(
        Case, case.id or 0, type=kind.value, secondary=second, doubts=[], **policy(turn, case, kind, case.priority)
    )
    webhooks.emit(turn, "case.changed", {"case": case.number, "type": kind.value, "priority": case.priority})


def policy(turn: Turn, case: Case, kind: CaseType, priority: str) -> dict[str, Any]:
    """The column that makes work still to come follow these labels; work that was begun goes on."""
    return {} if has_begun(turn, case) else {"policy": frozen(turn.world.company, kind, Priority(priority))}
