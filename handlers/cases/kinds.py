"""Which kind of failing a case is about: whether that is in doubt, and what the customer answers when asked."""

from typing import Any

from domain.labels import CaseType, Intent, Priority
from domain.understanding import Understanding
from handlers.cases.intervening import frozen, has_begun
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage.cases import Case

MOST = 3
WORTH = 0.12
"""A type less likely than this is not offered."""


def doubtful(turn: Turn, reading: Understanding) -> list[str]:
    """The types to choose from when we are not sure of the one that was read; empty when we are."""
    types = reading.types()
    if reading.intent is not Intent.COMPLAINT or not types or types[0][1] >= turn.world.company.doubts.type:
        return []
    likely = [kind.value for kind, chance in types if chance >= WORTH and kind is not CaseType.OTHER]
    return likely[:MOST] if len(likely) > 1 else []


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
