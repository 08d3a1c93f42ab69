"""The wall clock is set back an hour: our time goes on, nothing fires twice, nothing waits an hour longer."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import SystemClock
from domain.events import Incoming, MessageCame, Sender
from handlers.catching_up import catch_up
from handlers.round import Round
from storage import timers
from storage.timers import Timer
from tests.harness import START, Guest, House

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
HOUR = 3600.0


class Hands:
    """A wall clock and a stopwatch that a test moves: `passes` moves both, `set_by` only the wall."""

    def __init__(self) -> None:
        self.wall_time = datetime(2026, 11, 23, 2, 0, tzinfo=UTC).timestamp()
        self.steady_time = 1000.0

    def wall(self) -> float:
        return self.wall_time

    def steady(self) -> float:
        return self.steady_time

    def passes(self, seconds: float) -> None:
        self.wall_time += seconds
        self.steady_time += seconds

    def set_by(self, seconds: float) -> None:
        self.wall_time += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def clock(hands: Hands) -> SystemClock:
    return SystemClock(wall=hands.wall, steady=hands.steady)


def test_time_goes_on_when_the_clock_is_set_back(hands: Hands, clock: SystemClock) -> None:
    before = clock.now()
    hands.set_by(-HOUR)
    hands.passes(10)
    assert clock.now() - before == timedelta(seconds=10)
    assert clock.set_back_by == timedelta(hours=1)
    hands.passes(HOUR)
    assert clock.now() - before == timedelta(hours=1, seconds=10)


def test_a_clock_that_is_put_right_again_is_followed(hands: Hands, clock: SystemClock) -> None:
    hands.set_by(-HOUR)
    hands.passes(60)
    clock.now()
    hands.set_by(HOUR)
    hands.passes(60)
    assert clock.now() == datetime(2026, 11, 23, 2, 2, tzinfo=UTC)
    assert clock.set_back_by == timedelta(0)


def test_a_jump_ahead_is_followed(hands: Hands, clock: SystemClock) -> None:
    hands.set_by(HOUR)
    assert clock.now() == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_time_never_runs_backwards(hands: Hands, clock: SystemClock) -> None:
    seen = []
    for step in (0.5, -30.0, 7.0, -HOUR, 2 * HOUR, -1.0):
        hands.set_by(step)
        hands.passes(1)
        seen.append(clock.now())
    assert seen == sorted(seen)


@pytest.fixture
def people(house: House) -> tuple[Guest, Guest]:
    """A complaint whose ping is out, at a company whose server was an hour ahead until it was started again."""
    supervisor, customer = house.supervisor(), house.customer()
    house.clock.time = START + timedelta(hours=1)
    customer.says(COMPLAINT)
    return supervisor, customer


def recover(house: House) -> None:
    with house.writing() as tx:
        catch_up(tx, house.clock.now())


def set_back(house: House) -> None:
    """As after a restart: the new process starts from the wall clock as it is now."""
    house.clock.time -= timedelta(hours=1)
    recover(house)


def test_after_a_restart_an_hour_earlier_people_are_answered_at_once(house: House, people: tuple[Guest, Guest]) -> None:
    _, customer = people
    set_back(house)
    assert customer.says("查进度")[0].key.startswith("status.")


def test_what_was_accepted_before_does_not_wait_an_hour(house: House, people: tuple[Guest, Guest]) -> None:
    """It was stored at a time that has not come yet."""
    _, customer = people
    store_only(house, customer, "查进度")
    house.clock.time -= timedelta(hours=1)
    house.run()
    assert customer.news() == [], "it waits for its time"
    recover(house)
    house.run()
    assert "status." in customer.news()[0].key


def test_what_was_owed_before_is_sent_now(house: House, people: tuple[Guest, Guest]) -> None:
    supervisor, _ = people
    house.clock.time -= timedelta(hours=1)
    assert supervisor.heard == []
    recover(house)
    assert [heard.key for heard in supervisor.heard] == ["escalation.ping"]


def test_every_timer_fires_once_and_none_is_lost(house: House, people: tuple[Guest, Guest]) -> None:
    supervisor, _ = people
    due = timers_waiting(house)
    assert due
    set_back(house)
    house.advance(hours=1)
    house.advance(days=1)
    with house.tx() as tx:
        keys = [row[0] for row in tx.driver.execute("SELECT key FROM inbox WHERE source = 'timer'").fetchall()]
        fired = {timer.id for timer in due if tx.get(Timer, timer.id or 0).fired_at is not None}
    assert len(keys) == len(set(keys))
    assert fired
    pings = [heard.text for heard in supervisor.heard if heard.key == "escalation.ping"]
    assert len(pings) >= 2, "the ladder climbs on"


def test_a_day_that_is_jumped_over_fires_each_timer_once_in_order(house: House) -> None:
    """As after an outage: every deadline that passed is told of once, however many rungs there would have been."""
    supervisor, customer, cleaner = house.supervisor(), house.customer(), house.cleaner()
    house.order(customer, cleaner)
    customer.says(COMPLAINT)
    supervisor.news()
    due = [timer.due_at for timer in timers_waiting(house) if timer.due_at <= START + timedelta(days=1)]
    assert len(due) >= 3
    house.clock.time += timedelta(days=1)
    house.run()
    with house.tx() as tx:
        sql = "SELECT json_extract(body, '$.due_at') FROM inbox WHERE source = 'timer' ORDER BY id"
        fired = [row[0] for row in tx.driver.execute(sql).fetchall()]
    assert len(fired) >= len(due)
    assert fired[: len(due)] == sorted(fired[: len(due)])
    assert len([heard for heard in supervisor.news() if heard.key == "escalation.ping"]) == 1


def store_only(house: House, guest: Guest, text: str) -> None:
    guest.news()
    with house.database.write() as tx:
        event = MessageCame(guest.address, text, sender=Sender(guest.name), ref="late")
        Round(tx, house.world, house.clock.now()).store(Incoming("web", "late", str(guest.address), event))


def timers_waiting(house: House) -> list[Timer]:
    with house.tx() as tx:
        return timers.due(tx, house.clock.now() + timedelta(days=30), 100)
