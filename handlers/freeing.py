"""Freeing what is stuck, when a person has put its cause right: it is tried anew, at once, from the first try.

Doing it twice does no more than once: what is handled, sent or done is not touched.
"""

from collections.abc import Mapping
from typing import Any

from domain.roles import Role, require
from handlers.area import Area
from handlers.turn import Turn
from storage import inbox, jobs, outbox, waiting, webhooks
from storage.people import Person

FREE = "free_stuck"


def free(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """How many of each were freed."""
    require(Role(actor.role), FREE)
    turn.channels |= {queue.of for queue in waiting.held(turn.tx, turn.now)}
    return {
        "events": inbox.free_parked(turn.tx, turn.now),
        "messages": outbox.free_held(turn.tx, turn.now),
        "webhooks": webhooks.free_waiting(turn.tx, turn.now),
        "jobs": jobs.free_waiting(turn.tx, turn.now),
    }


AREA = Area(actions={FREE: free})
