"""The bell between processes: what is said in a transaction is heard by all who listen, once it is committed.

It only wakes; whoever misses it finds the same in the rows at the next look.
"""

import json
from typing import Any

from sqlalchemy import String, column, text

from storage.database import Tx
from storage.statement import Statement

CHANNEL = "huixiang"
_RING = Statement(text("SELECT pg_notify(:channel, :said) AS rung").columns(column("rung", String)))


def ring(tx: Tx, **said: Any) -> None:
    """Short: PostgreSQL carries 8,000 bytes. Nothing happens where nobody else could listen."""
    if tx.shared:
        tx.do(_RING, channel=CHANNEL, said=json.dumps(said))
