"""The pace of one chat."""

from datetime import UTC, datetime, timedelta

from domain.clock import ManualClock
from web.chat_pace import Pace

START = datetime(2025, 3, 1, tzinfo=UTC)


def test_a_burst_passes_then_two_a_second() -> None:
    clock = ManualClock(START)
    pace = Pace(clock, burst=20, rate=2)
    assert [pace.wait("a") for _ in range(21)] == [0] * 20 + [1]
    clock.advance(timedelta(seconds=1))
    assert [pace.wait("a") for _ in range(3)] == [0, 0, 1]


def test_waiting_long_gives_no_more_than_a_burst() -> None:
    clock = ManualClock(START)
    pace = Pace(clock, burst=3, rate=1)
    clock.advance(timedelta(days=1))
    assert [pace.wait("a") for _ in range(4)] == [0, 0, 0, 1]


def test_idle_chats_are_forgotten_without_being_favoured() -> None:
    clock = ManualClock(START)
    pace = Pace(clock, burst=1, rate=1)
    for n in range(10_000):
        pace.wait(str(n))
    assert pace.wait("new") == 0
    assert pace.wait("0") == 1
