"""The lunar calendar, as far as people name its days: 腊月二十八, 正月初五, 中秋. It cannot be computed simply."""

from datetime import date, timedelta

_YEARS = {
    2022: ("02-01", 0, "101011010101"),
    2023: ("01-22", 2, "0100110110101"),
    2024: ("02-10", 0, "010010110110"),
    2025: ("01-29", 6, "1010010101110"),
    2026: ("02-17", 0, "101001001110"),
    2027: ("02-06", 0, "110100100110"),
    2028: ("01-26", 5, "1110100100110"),
    2029: ("02-13", 0, "110101010011"),
    2030: ("02-03", 0, "010110101010"),
    2031: ("01-23", 3, "0110101101010"),
    2032: ("02-11", 0, "100101101101"),
    2033: ("01-31", 11, "0100101011101"),
    2034: ("02-19", 0, "010010101101"),
    2035: ("02-08", 0, "101001001101"),
    2036: ("01-28", 6, "1101001001011"),
    2037: ("02-15", 0, "110100100101"),
    2038: ("02-04", 0, "110101010010"),
    2039: ("01-24", 5, "1101101010100"),
    2040: ("02-12", 0, "101101011010"),
    2041: ("02-01", 0, "010101101101"),
    2042: ("01-22", 2, "0100101011011"),
}
"""Each year: its first day, the month that comes twice (0: none), and for each month 1 when it has 30 days, else 29."""


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of a lunar year; None outside the table or when the month is shorter. Day 0 is the eve of the month."""
    if year not in _YEARS:
        return None
    first, leap, longs = _YEARS[year]
    before = month - 1 + (0 < leap < month)
    if day > 29 + int(longs[before]):
        return None
    passed = sum(29 + int(long) for long in longs[:before])
    return date.fromisoformat(f"{year}-{first}") + timedelta(days=passed + day - 1)


def lunar_month(year: int, month: int) -> tuple[date, date] | None:
    """Its first and last day."""
    first = lunar_day(year, month, 1)
    return (first, lunar_day(year, month, 30) or first + timedelta(days=28)) if first else None


def lunar_year(day: date) -> int:
    """The lunar year in which a day lies."""
    new_year = lunar_day(day.year, 1, 1)
    return day.year - 1 if new_year and day < new_year else day.year
