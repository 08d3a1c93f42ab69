"""What a channel is sending: claimed by the round that owes it, marked by the next one, with no round of its own.

A lane lives in the event loop, rounds in the writer's thread. What passes between the two passes here.
"""

from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime

from domain.channel import Sent
from handlers.round import Round
from handlers.sends import claim, mark
from handlers.tenure import Tenure
from storage import outbox
from storage.outbox import Outbox

MOST = 40
"""How many messages of a channel are claimed at a time."""


class Claims:
    """Goes along with the rounds of an engine (`handlers.engine.Companion`); claims while the `tenure` is ours.

    `committed(claimed, marked)` is called in the writer's thread: these rows are ours to send, and so many of those
    sent are written down.
    """

    def __init__(self, channel: str, tenure: Tenure, committed: Callable[[list[Outbox], int], None]) -> None:
        self.full = False
        self._channel = channel
        self._tenure = tenure
        self._committed = committed
        self._asked = False
        self._taken: list[tuple[Outbox, Sent, datetime]] = []
        self._settled: deque[int] = deque()
        # From here on only the writer's thread looks.
        self._ours: Counter[int] = Counter()
        self._claimed: list[Outbox] = []
        self._marked: list[int] = []

    def ask(self) -> None:
        """The next round shall look what is owed, whether or not it owes something itself."""
        self._asked = True

    def took(self, row: Outbox, outcome: Sent, at: datetime) -> None:
        """The channel has it; the next round writes that down."""
        self._taken.append((row, outcome, at))

    def settle(self, *rows: Outbox) -> None:
        """What became of these is committed."""
        self._settled.extend(row.id or 0 for row in rows)

    @property
    def unmarked(self) -> bool:
        """Whether something is sent and not written down."""
        return bool(self._taken)

    def within(self, round_: Round) -> None:
        taken = self._taken[:]
        for row, outcome, at in taken:
            mark(round_.tx, row=row, outcome=outcome, now=at)
        self._marked = [row.id or 0 for row, _, _ in taken]
        lost = self._let_go()
        if lost or self._asked or self._channel in round_.channels:
            self._asked = False
            if self._tenure.holds(round_.tx):
                self._claim(round_, lost=lost)

    def after(self) -> None:
        claimed, self._claimed = self._claimed, []
        marked, self._marked = self._marked, []
        del self._taken[: len(marked)]
        self._ours.subtract(marked)
        if claimed or marked:
            self._committed(claimed, len(marked))

    def _let_go(self) -> bool:
        """Forget what is settled, and what a round claimed whose commit we never heard of; True when there was one."""
        while self._settled:
            self._ours[self._settled.popleft()] -= 1
        lost, self._claimed = self._claimed, []
        self._ours.subtract(row.id or 0 for row in lost)
        self._ours = +self._ours
        return bool(lost)

    def _claim(self, round_: Round, *, lost: bool) -> None:
        """When nobody knows whether a claim was committed, what is being sent, and not by us, is owed again."""
        if lost:
            outbox.requeue_lost(round_.tx, self._channel, set(self._ours))
        room = MOST - self._ours.total()
        if room > 0:
            self._claimed = claim(round_.tx, channel=self._channel, now=round_.now, room=room)
            self._ours.update(row.id or 0 for row in self._claimed)
        self.full = len(self._claimed) >= room
