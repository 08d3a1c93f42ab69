"""Who sends for a channel now: where several processes share a database, another may have taken over unnoticed.

The lock on a duty dies with its connection, and who held it hears of that a moment later. Whatever they claimed until
then would reach its reader twice. So whoever begins writes down a token of its own; every claim and every mark asks
within its own transaction whether that is still theirs.
"""

import secrets

from storage import facts
from storage.database import Tx


class Tenure:
    """One process's time of sending for a channel. Once `lost` it never comes back; whoever sends again begins anew."""

    def __init__(self, channel: str) -> None:
        self.lost = False
        self._key = f"sends:{channel}"
        self._token = secrets.token_hex(8)

    def begin(self, tx: Tx) -> None:
        """With its commit nobody else claims any more."""
        if tx.shared:
            facts.write(tx, self._key, self._token)

    def holds(self, tx: Tx) -> bool:
        """Whether it is still ours, and stays so until the commit. Raises `Collided` when somebody just takes over."""
        if tx.shared and not self.lost:
            self.lost = facts.hold(tx, self._key) != self._token
        return not self.lost
