"""Channels that bring nothing in: known to the process that receives, kept as a fact, so that any process can tell.

Whoever receives says so again and again while it lasts. What is not said again is forgotten: that process is gone, and
whoever came after it sees for itself.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import facts
from storage.database import Tx

TROUBLES = "channel_troubles"
FORGOTTEN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`detail` is in the channel's own words, `since` when it began, `at` when it was last seen."""

    channel: str
    detail: str
    since: datetime
    at: datetime


def note(tx: Tx, channel: str, detail: str, now: datetime) -> None:
    """How a channel is now; an empty `detail` says that all is well."""
    known = {trouble.channel: trouble for trouble in troubles(tx, now)}
    before = known.pop(channel, None)
    if detail:
        known[channel] = Trouble(channel, detail, before.since if before else now, now)
    if detail or before:
        kept = [(one.channel, one.detail, one.since.isoformat(), one.at.isoformat()) for one in known.values()]
        facts.write(tx, TROUBLES, json.dumps(kept))


def troubles(tx: Tx, now: datetime) -> list[Trouble]:
    """What was seen lately. Something seen in the future is of a clock that was set back since: it counts."""
    kept = json.loads(facts.read(tx, TROUBLES, "[]"))
    read = (
        Trouble(channel, detail, datetime.fromisoformat(since), datetime.fromisoformat(at))
        for channel, detail, since, at in kept
    )
    return [trouble for trouble in read if now - trouble.at <= FORGOTTEN]
