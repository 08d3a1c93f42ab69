"""The day of a message, and steps from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.matrix.times.feasts import Stretch

_AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the message. `ahead`: nothing has happened yet, so a bare date may lie before us."""

    day: date
    ahead: bool

    def recent(self, days_in: Callable[[int], Stretch | None], year: int | None = None) -> Stretch | None:
        """The last time that something yearly began, or its time in the year named."""
        limit = self.day + (_AHEAD if self.ahead else timedelta(0))
        years = (year,) if year else (self.day.year, self.day.year - 1, self.day.year - 2)
        found = (days for days in map(days_in, years) if days)
        return next((days for days in found if year or days[0] <= limit), None)

    def shifted(self, first: int, last: int) -> Stretch:
        """The days from `first` to `last`, counted from today."""
        return self.day + timedelta(days=first), self.day + timedelta(days=last)


def one_day(day: date | None) -> Stretch | None:
    return (day, day) if day else None


def months_ago(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    last = month_end(count // 12, count % 12 + 1).day
    return date(count // 12, count % 12 + 1, min(day.day, last))


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
