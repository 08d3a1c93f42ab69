"""Whether anybody of ours knows of it: a supervisor who was never told is promised to nobody."""

from handlers.turn import Turn
from storage import escalations


def is_known(turn: Turn, about: str) -> bool:
    """Whether somebody has `case:12` or `request:5`, or was called; with nobody there it only waits for who comes."""
    known = escalations.about(turn.tx, about)
    return known is not None and bool(known.taken_by or known.ladder["pinged"])


def call_us(turn: Turn, locale: str) -> str:
    """The company's own number as the end of a sentence, or "" when it has named none."""
    phone = turn.world.company.phone
    return turn.world.texts.render("complaint.call_us", {"phone": phone}, locale) if phone else ""
