"""The demo's month: a whole company, consistent because it was lived through."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.commands.demo import put_aside
from bot.core import Core, build_core
from bot.demo.month import DAYS, Month
from bot.demo.people import CAST, entrances, first_orders
from bot.demo.stage import Stage
from bot.settings import load_settings
from domain.clock import ManualClock
from domain.company import Hours
from storage.cases import Case
from storage.database import Database
from storage.inbox import Inbox
from storage.orders import Order
from storage.outbox import Outbox
from storage.ratings import Rating
from storage.statement import Statement, core
from tests.harness import shared_reader

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    folder = tmp_path_factory.mktemp("month")
    settings = load_settings({"HUIXIANG_DATA_DIR": str(folder)}, folder / ".env")
    clock = ManualClock(NOW - timedelta(days=DAYS))
    core = build_core(settings, {}, shared_reader(), clock)
    Month(Stage(core.database, core.world, clock), NOW, ZoneInfo("Asia/Shanghai")).play()
    yield core
    core.database.close()


def counted(database: Database, column: object) -> dict[str, int]:
    """How many rows there are for each value of a column."""
    count = Statement(select(column.label("what"), func.count().label("n")).group_by(column))  # type: ignore[attr-defined]
    with database.read() as tx:
        return {str(row.what): row.n for row in tx.all(count)}


def test_every_event_was_handled_and_none_refused(month: Core) -> None:
    assert set(counted(month.database, core(Inbox).c.state)) == {"done"}


def test_there_are_orders_ratings_and_cases_in_every_state(month: Core) -> None:
    orders = counted(month.database, core(Order).c.status)
    assert orders["finished"] > 50
    assert orders["booked"] > 5
    assert orders["cancelled"] > 0
    assert len(counted(month.database, core(Rating).c.stars)) >= 4
    cases = counted(month.database, core(Case).c.status)
    assert {"open", "taken", "closed"} <= set(cases)


def test_what_was_said_counts_as_delivered(month: Core) -> None:
    assert counted(month.database, core(Outbox).c.state)["sent"] > 500


def test_the_people_of_the_small_demo_are_there(month: Core) -> None:
    with month.database.read() as tx:
        assert {entrance.person for entrance in entrances(tx)} == set(CAST)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("23:20", "09:00"),
        ("02:05", "09:00"),
        ("19:30", "09:00"),
        ("08:30", "09:20"),
        ("08:03", "09:00"),
        ("15:04", "15:50"),
    ],
)
def test_the_first_visit_begins_soon_by_day_and_in_the_morning_when_it_is_night(now: str, begins: str) -> None:
    here = datetime.combine(datetime(2026, 11, 20), time.fromisoformat(now), ZoneInfo("Asia/Shanghai"))
    first, second = (datetime.fromisoformat(one.event.order["starts_at"]) for one in first_orders(here, Hours()))
    assert f"{first:%H:%M}" == begins
    assert here < first < second


def test_an_earlier_database_is_renamed_with_its_journals(tmp_path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"huixiang.db{ending}").write_text(ending)
    kept = put_aside(tmp_path / "huixiang.db")
    assert kept is not None
    assert sorted(file.name for file in tmp_path.iterdir()) == [kept.name, f"{kept.name}-shm", f"{kept.name}-wal"]
    assert put_aside(tmp_path / "huixiang.db") is None
