"""When something happens next, for those who move time themselves."""

from datetime import datetime, timedelta

from storage import inbox, outbox, timers
from storage.database import Tx

LEAST = timedelta(seconds=1)
"""One step when something due is held up by what came before it: it waits for its next try."""


def next_moment(tx: Tx, now: datetime) -> datetime | None:
    """After `now`: a timer, an event that waits, a message that was kept for later. None when nothing is due ever."""
    moments = (timers.next_due_at(tx), inbox.next_ready_at(tx), outbox.next_due(tx, now))
    due = min((moment for moment in moments if moment is not None), default=None)
    return due if due is None or due > now else now + LEAST
