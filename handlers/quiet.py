"""Leaving people alone: quiet hours and how often somebody hears from us unasked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.hours import after_quiet
from storage import outbox

if TYPE_CHECKING:
    from handlers.turn import Turn
    from storage.people import Person


def first_moment(turn: Turn, person: Person) -> datetime:
    """Now, or the end of the quiet hours. Staff at work are not customers: their messages come at once."""
    if person.role != "customer":
        return turn.now
    company = turn.world.company
    return after_quiet(company.quiet, turn.now, company.hours.timezone)


def may_disturb(turn: Turn, person: Person) -> bool:
    """Whether one more unasked message stays within the caps, and the person has not asked us to stop."""
    quiet = turn.world.company.quiet
    if person.muted or person.erased_at is not None:
        return False
    today = outbox.proactive_since(turn.tx, person.id or 0, turn.now - timedelta(days=1))
    week = outbox.proactive_since(turn.tx, person.id or 0, turn.now - timedelta(days=7))
    return today < quiet.per_day and week < quiet.per_week
