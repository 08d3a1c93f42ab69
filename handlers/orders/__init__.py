"""Orders: how they come in and change, who is told, what is planned for them, and who joins them by a link."""

from handlers.orders.joining import Joined, join, merge
from handlers.orders.posting import posted, unassign

__all__ = ["Joined", "join", "merge", "posted", "unassign"]
