"""Which days the words for days mean."""

import re
from collections.abc import Callable
from datetime import date

from nlp.matrix.times import months, weeks
from nlp.matrix.times.feasts import Stretch
from nlp.matrix.times.today import Today

_Reader = Callable[[re.Match[str], Today, date | None], Stretch | None]
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("rel", weeks.relative_day), ("span", weeks.span), ("wd", weeks.weekday), ("english", weeks.english),
    ("week", weeks.whole_week), ("weekend", weeks.weekend), ("ago", weeks.ago), ("rm", months.month),
    ("month", months.month), ("dm", months.month), ("lm", months.lunar), ("lday1", months.first_days),
    ("only", months.only), ("sub2", months.this_month), ("feast", months.feast), ("just", months.whole_year),
)  # fmt: skip
"""By the group of `DAY` that matched."""


def dates(match: re.Match[str], today: Today, after: date | None = None) -> Stretch | None:
    """The first and last day that a match of `DAY` means; `after`: the day from which a range runs.

    None for words that name no real day; ValueError or OverflowError for 31 April and the like.
    """
    for group, read in _READERS:
        if match[group]:
            return read(match, today, after)
    return None
