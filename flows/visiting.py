"""When a company comes to people's homes: a time outside of it is answered with the nearest that is possible.

What a booking and a change of one know of their time stands here once.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

LONGEST = 300
"""Of the words for a time or a place, in characters."""

VISIT = timedelta(hours=2)
"""So long before closing the last visit of a day begins, of those that we offer."""
FURTHEST = 14
NOON, HALF = 12, timedelta(hours=12)
HALF_NAMED = re.compile(
    r"凌晨|早|晨|上午|中午|下午|傍晚|晚|夜|午|\d\s*[ap]\.?m|morning|night|noon|0\d?[:：]", re.IGNORECASE
)
"""What says which half of the day is meant."""


@dataclass(frozen=True)
class Visiting:
    """`opens` to `closes` by the wall clock; closing at or before opening is on the next day. `closed` are days off."""

    opens: time
    closes: time
    closed: tuple[date, ...] = ()

    def fits(self, moment: datetime, *, exact: bool) -> bool:
        """Whether we come then; of a day or a morning only the day counts."""
        if moment.date() in self.closed:
            return False
        return not exact or self.closes <= self.opens or self.opens <= moment.time() < self.closes

    def by_day(self, moment: datetime, words: str) -> datetime:
        """ "三点" without more is the afternoon where nobody comes at night."""
        later = moment + HALF
        if HALF_NAMED.search(words) or self.fits(moment, exact=True) or moment.hour >= NOON:
            return moment
        return later if self.fits(later, exact=True) else moment

    def nearest(self, moment: datetime, now: datetime, *, exact: bool) -> datetime | None:
        """The nearest moment ahead of `now` that we offer instead; None when this one will do, or none is near."""
        if self.fits(moment, exact=exact):
            return None
        days = (moment.date() + timedelta(days=days) for days in range(-FURTHEST, FURTHEST + 1))
        offered = (
            datetime.combine(day, clock, moment.tzinfo)
            for day in days
            for clock in (self.opens, self._last())
            if day not in self.closed
        )
        return min((one for one in offered if one > now), key=lambda one: abs(one - moment), default=None)

    def _last(self) -> time:
        """When the last visit of a day begins."""
        if self.closes <= self.opens:
            return self.opens
        day = date.min
        last = datetime.combine(day, self.closes) - min(VISIT, timedelta(hours=self.closes.hour))
        return max(self.opens, last.time())


@dataclass(frozen=True, kw_only=True)
class Timed:
    """`begun_at` stands in for the clock. `when` is what the customer said, `starts_at` what it was read as, if at all.

    `exact` when they named a moment, `day` the one they named where no hour was said. `nearest` is what we offer for a
    time when nobody comes; `doubted`: we said once that it cannot be, and said again it is kept as it is.
    """

    begun_at: datetime
    when: str = ""
    starts_at: datetime | None = None
    exact: bool = False
    day: datetime | None = None
    visiting: Visiting | None = None
    nearest: datetime | None = None
    doubted: bool = False

    @property
    def time(self) -> datetime | str:
        """As it is said back: the moment that was understood, or else the words."""
        return self.starts_at if self.exact and self.starts_at else self.when

    @property
    def opens(self) -> str:
        """When the first visits of a day begin."""
        return f"{self.visiting.opens:%H:%M}" if self.visiting else ""

    @property
    def closes(self) -> str:
        return f"{self.visiting.closes:%H:%M}" if self.visiting else ""


T = TypeVar("T", bound=Timed)


def at(timed: T, when: str, starts_at: datetime | None, day: datetime | None, *, exact: bool) -> T:
    """With this time; `nearest` is set when nobody comes then, unless that was said before."""
    there, nearest = timed.visiting, None
    if there is not None and starts_at is not None and exact and not timed.doubted:
        starts_at = there.by_day(starts_at, when)
    moment = starts_at or day
    if there is not None and moment is not None and not timed.doubted:
        nearest = there.nearest(moment, timed.begun_at, exact=exact)
    return replace(timed, when=when[:LONGEST], starts_at=starts_at, exact=exact, day=day, nearest=nearest)
