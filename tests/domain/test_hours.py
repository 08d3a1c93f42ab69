"""Business time, by the calendar of 2026 and by its own laws."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.company import Hours, Quiet
from domain.hours import add_business, after_quiet, in_quiet, is_open, next_open, spans
from handlers.calendar import is_workday

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERY_DAY = Hours()
OFFICE = Hours(weekdays=(0, 1, 2, 3, 4))
NIGHT = Hours(opens=time(20), closes=time(4), lunch_from=time(0), lunch_until=time(1), holidays=False)
ALWAYS = Hours(opens=time(0), closes=time(0), lunch_from=time(0), lunch_until=time(0), holidays=False)
NEVER = Hours(weekdays=(), holidays=False)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone)


def business_between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments is open, measured stretch by stretch."""
    stretches = spans(hours, start, is_workday, days=(end - start).days + 2)
    return sum((max(timedelta(0), min(closes, end) - max(opens, start)) for opens, closes in stretches), timedelta(0))


@pytest.mark.parametrize(
    ("day", "hours", "works"),
    [
        ("2026-10-01", EVERY_DAY, False),  # 国庆, a Thursday
        ("2026-10-03", EVERY_DAY, False),  # a Saturday within 国庆: closed although Saturdays are usual
        ("2026-10-08", EVERY_DAY, True),  # the first day after
        ("2026-10-10", OFFICE, True),  # 调休: a Saturday worked
        ("2026-09-20", OFFICE, True),  # 调休: a Sunday worked
        ("2026-10-11", OFFICE, False),  # an ordinary Sunday
        ("2026-10-11", EVERY_DAY, True),
        ("2026-02-14", OFFICE, True),  # 调休 before 春节
        ("2026-02-16", OFFICE, False),  # 除夕, a Monday
        ("2026-01-04", OFFICE, True),  # 调休 after 元旦
        ("2040-10-01", OFFICE, True),  # a year the calendar does not know: the usual week
    ],
)
def test_holidays_close_and_swapped_workdays_open(day: str, hours: Hours, works: bool) -> None:
    moment = datetime.combine(date.fromisoformat(day), time(10), SHANGHAI)

    assert is_open(hours, moment, is_workday) is works


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("11-23 09:00", 30, "11-23 09:30"),
        ("11-23 08:00", 30, "11-23 09:30"),  # before opening
        ("11-23 11:50", 30, "11-23 13:20"),  # over lunch
        ("11-23 12:30", 30, "11-23 13:30"),  # in the middle of lunch
        ("11-23 19:50", 30, "11-24 09:20"),  # over night
        ("11-23 23:59", 1, "11-24 09:01"),
        ("11-24 00:00", 1, "11-24 09:01"),
        ("11-23 19:50", 10, "11-23 20:00"),  # to the very end of the day
        ("11-27 19:50", 30, "11-30 09:20"),  # over a weekend
        ("09-30 19:00", 120, "10-08 10:00"),  # over 国庆
        ("10-09 19:30", 60, "10-10 09:30"),  # into a swapped Saturday
        ("11-23 09:00", 600, "11-23 20:00"),  # the whole of a working day
        ("11-23 09:00", 601, "11-24 09:01"),
    ],
)
def test_business_minutes_skip_lunch_nights_weekends_and_holidays(moment: str, minutes: int, due: str) -> None:
    assert add_business(OFFICE, at(moment), minutes, is_workday) == at(due)


def test_the_answer_is_in_the_zone_of_the_question() -> None:
    asked = at("11-23 19:50").astimezone(UTC)

    due = add_business(OFFICE, asked, 30, is_workday)

    assert due.tzinfo is UTC
    assert due.isoformat() == "2026-11-24T01:20:00+00:00"


def test_a_shift_over_midnight_belongs_to_the_day_it_began() -> None:
    assert is_open(NIGHT, at("11-24 03:59"), is_workday)
    assert not is_open(NIGHT, at("11-24 00:30"), is_workday)  # its break
    assert not is_open(NIGHT, at("11-24 04:00"), is_workday)
    assert add_business(NIGHT, at("11-23 23:30"), 60, is_workday) == at("11-24 01:30")


def test_opening_around_the_clock_counts_every_minute() -> None:
    assert is_open(ALWAYS, at("11-23 00:00"), is_workday)
    assert add_business(ALWAYS, at("11-23 23:30"), 90, is_workday) == at("11-24 01:00")


def test_a_break_outside_of_the_shift_changes_nothing() -> None:
    afternoon = Hours(opens=time(14), closes=time(18), holidays=False)
    morning = Hours(opens=time(8), closes=time(11), holidays=False)

    assert add_business(afternoon, at("11-23 09:00"), 60, is_workday) == at("11-23 15:00")
    assert not is_open(morning, at("11-23 11:30"), is_workday)
    assert business_between(morning, at("11-23 00:00"), at("11-24 00:00")) == timedelta(hours=3)


def test_a_company_that_never_opens_counts_by_the_wall_clock() -> None:
    assert add_business(NEVER, at("11-23 10:00"), 30, is_workday) == at("11-23 10:30")


def test_business_time_is_true_time_when_the_clocks_change() -> None:
    new_york = ZoneInfo("America/New_York")
    hours = Hours("America/New_York", time(0), time(12), time(0), time(0), holidays=False)

    assert business_between(hours, at("03-08 00:00", new_york), at("03-09 00:00", new_york)) == timedelta(hours=11)
    assert add_business(hours, at("03-08 01:30", new_york), 60, is_workday) == at("03-08 03:30", new_york)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("11-23 20:59", "11-23 20:59"),
        ("11-23 21:00", "11-24 09:00"),
        ("11-24 00:00", "11-24 09:00"),
        ("11-24 08:59", "11-24 09:00"),
        ("11-24 09:00", "11-24 09:00"),
    ],
)
def test_quiet_hours_last_over_midnight(moment: str, until: str) -> None:
    assert after_quiet(Quiet(), at(moment), "Asia/Shanghai") == at(until)


def test_quiet_hours_within_one_day() -> None:
    nap = Quiet(from_=time(13), until=time(14))

    assert in_quiet(nap, at("11-23 13:30"), "Asia/Shanghai")
    assert not in_quiet(nap, at("11-23 14:00"), "Asia/Shanghai")


moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31), timezones=st.just(UTC))
minutes = st.integers(0, 5000)
some_hours = st.sampled_from([EVERY_DAY, OFFICE, NIGHT, ALWAYS])


@given(some_hours, moments, minutes)
def test_adding_business_time_and_measuring_it_agree(hours: Hours, moment: datetime, amount: int) -> None:
    due = add_business(hours, moment, amount, is_workday)

    assert business_between(hours, moment, due) == timedelta(minutes=amount)


@given(some_hours, moments, minutes, minutes)
def test_more_time_is_never_earlier(hours: Hours, moment: datetime, some: int, more: int) -> None:
    whole = add_business(hours, moment, some + more, is_workday)
    stop = add_business(hours, moment, some, is_workday)

    assert stop <= whole
    assert add_business(hours, stop, more, is_workday) in (whole, next_open(hours, whole, is_workday))


@given(some_hours, moments)
def test_the_next_opening_is_open_and_not_in_the_past(hours: Hours, moment: datetime) -> None:
    opening = next_open(hours, moment, is_workday)

    assert opening >= moment
    assert is_open(hours, opening, is_workday)
    assert (opening == moment) == is_open(hours, moment, is_workday)
