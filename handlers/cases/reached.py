"""Whether anybody of ours knows of a case: a supervisor who was never told is promised to nobody."""

from handlers.turn import Turn
from storage import escalations
from storage.cases import Case


def is_known(turn: Turn, case: Case) -> bool:
    """Whether somebody has it or was called for it; with nobody on any rung it only waits for who comes."""
    known = escalations.about(turn.tx, f"case:{case.id}")
    return known is not None and bool(known.taken_by or known.ladder["pinged"])


def call_us(turn: Turn, locale: str) -> str:
    """The company's own number as the end of a sentence, or "" when it has named none."""
    phone = turn.world.company.phone
    return turn.world.texts.render("complaint.call_us", {"phone": phone}, locale) if phone else ""
