"""At the start of a process: what an earlier one stored at moments that, by our clock, have not come yet.

A server whose clock was ahead is put right and started again: nobody who wrote before may wait for that hour.
"""

from datetime import datetime

from storage import inbox, outbox
from storage.database import Tx


def catch_up(tx: Tx, now: datetime) -> None:
    """Events that were ready are ready now, messages that were due are due now; what was to wait goes on waiting."""
    inbox.bring_forward(tx, now)
    outbox.bring_forward(tx, now)
