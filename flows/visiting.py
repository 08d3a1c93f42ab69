"""When a company comes to people's homes: a time outside of it is answered with the nearest that is possible."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
