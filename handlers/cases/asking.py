"""What is still worth asking for: little, and only what matters for this type of case."""

from domain.labels import CaseType, Priority
from flows.complaint import CALL, MOST_QUESTIONS, SAFE, TYPE
from handlers.cases.calling import is_missing
from handlers.turn import Turn
from storage.cases import Case

WORTH: dict[CaseType, tuple[str, ...]] = {
    CaseType.QUALITY: ("place", "evidence", "demands"),
    CaseType.PUNCTUALITY: ("occurred_at", "demands"),
    CaseType.ATTITUDE: ("facts", "demands"),
    CaseType.DAMAGE: ("objects", "evidence", "demands"),
    CaseType.LOSS: ("objects", "occurred_at"),
    CaseType.SAFETY: ("place",),
    CaseType.HYGIENE: ("place", "evidence"),
    CaseType.EQUIPMENT: ("objects", "evidence"),
    CaseType.BILLING: ("amounts", "demands"),
    CaseType.CONTRACT: ("facts", "demands"),
    CaseType.STAFFING: ("facts", "demands"),
    CaseType.RESPONSE: ("occurred_at", "demands"),
    CaseType.PRIVACY: ("facts", "evidence"),
    CaseType.OTHER: ("facts", "demands"),
}
ENOUGH_WORDS = 12


def worth_asking(turn: Turn, case: Case, asked: int = 0) -> tuple[str, ...]:
    """At most two fields with those `asked` before, the most useful first; what is said or known is not asked."""
    first = (CALL,) if is_missing(turn, case) else (TYPE,) if _is_doubtful(case) and not asked else ()
    wanted = (SAFE,) if case.hazard else WORTH[CaseType(case.type)]
    return (*first, *(field for field in wanted if not _known(case, field)))[: MOST_QUESTIONS - asked]


def _is_doubtful(case: Case) -> bool:
    """Nobody in danger is asked what to call it."""
    return bool(case.doubts) and not case.hazard and case.priority != Priority.URGENT


def quick_answers(turn: Turn, case: Case, field: str, locale: str) -> tuple[str, ...]:
    """Answers to tap; what somebody may wish for depends on what went wrong."""
    texts, of_type = turn.world.texts, f"complaint.wishes_{case.type}"
    if field == TYPE:
        return tuple(texts.render(f"complaint.kind_{kind}", {}, locale) for kind in case.doubts)
    key = of_type if field == "demands" and texts.has(of_type, locale) else f"complaint.ask_{field}"
    return tuple(texts.options(key, locale))


def _known(case: Case, field: str) -> bool:
    if field == "facts":
        return len(case.text) >= ENOUGH_WORDS
    if field == "occurred_at" and case.order_id is not None:
        return True
    return bool(case.matrix.get(field))
