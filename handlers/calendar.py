"""The working time of a branch: its zone and hours, with the Chinese calendar of holidays and 调休."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chinese_calendar import constants

from domain import hours as time
from storage.people import Branch

if TYPE_CHECKING:
    from domain.company import Hours
    from handlers.turn import Turn


def is_workday(day: date) -> bool | None:
    """False on a public holiday, True on a swapped workday 调休, None on an ordinary day or in an unknown year."""
    if day in constants.workdays:
        return True
    return False if day in constants.holidays else None


def hours_of(turn: Turn, branch_id: int | None) -> Hours:
    """The company's hours in the zone of the branch."""
    branch = turn.tx.find(Branch, branch_id)
    return turn.world.company.hours if branch is None else replace(turn.world.company.hours, timezone=branch.timezone)


def is_open(turn: Turn, branch_id: int | None) -> bool:
    """Whether the branch is at work now."""
    return time.is_open(hours_of(turn, branch_id), turn.now, is_workday)


def next_open(turn: Turn, branch_id: int | None) -> datetime:
    """Now when the branch is open, else its next opening."""
    return time.next_open(hours_of(turn, branch_id), turn.now, is_workday)


def due(turn: Turn, branch_id: int | None, minutes: int, *, urgent: bool, since: datetime | None = None) -> datetime:
    """When so many minutes from now, or from `since`, are over: business minutes, or plain ones for what is urgent."""
    start = (since or turn.now).astimezone(UTC)
    if urgent:
        return start + timedelta(minutes=minutes)
    return time.add_business(hours_of(turn, branch_id), start, minutes, is_workday)


def at_work(turn: Turn, branch_id: int | None, moment: datetime, *, urgent: bool) -> datetime:
    """This moment, or when it falls outside the hours the next opening; what is urgent stays as it is."""
    return moment if urgent else time.next_open(hours_of(turn, branch_id), moment, is_workday)


def today(turn: Turn, branch_id: int | None) -> tuple[datetime, datetime]:
    """The present day of the branch, from midnight to midnight."""
    zone = ZoneInfo(hours_of(turn, branch_id).timezone)
    first = turn.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return first, first + timedelta(days=1)
