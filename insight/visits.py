"""The visits of a day, with what was reported from each, and who could go to those that are still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.labels import Checkpoint, OrderStatus
from domain.roles import Role
from storage import orders, people
from storage.database import Tx
from storage.orders import Checkin, Order
from storage.people import Person

LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cleaner on duty who could go; `busy` with another visit at that time."""

    id: int
    name: str
    busy: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """`done` are the checkpoints reported; `late` when nobody arrived in time; `notes` everything else reported.

    `candidates` are the other cleaners who could go, those who are free first; none once it has begun.
    """

    order: Order
    customer: str
    cleaner: str
    done: dict[str, Checkin]
    notes: list[Checkin]
    late: bool
    overdue: timedelta
    candidates: list[Candidate]


def of_day(tx: Tx, since: datetime, now: datetime, branch: int | None, late_after: timedelta) -> list[Visit]:
    """The visits of the 24 hours from `since`, of one branch or all, without the cancelled ones."""
    until = since + timedelta(days=1)
    near = orders.between(tx, since - LONGEST, until + LONGEST)
    near = [order for order in near if order.status != OrderStatus.CANCELLED]
    wanted = [order for order in near if since <= order.starts_at < until and branch in (None, order.branch_id)]
    return [_visit(tx, order, now, late_after, _candidates(tx, order, near)) for order in wanted]


def _visit(tx: Tx, order: Order, now: datetime, late_after: timedelta, candidates: list[Candidate]) -> Visit:
    rows = orders.checkins(tx, order.id or 0)
    points = {point.value for point in Checkpoint}
    done = {row.point: row for row in reversed(rows) if row.point in points}
    overdue = now - order.starts_at
    missing = order.status == OrderStatus.BOOKED and Checkpoint.ARRIVED not in done
    return Visit(
        order=order,
        customer=_name(tx, order.customer_id),
        cleaner=_name(tx, order.cleaner_id),
        done=done,
        notes=[row for row in rows if row.point not in points or row.note],
        late=missing and overdue > late_after,
        overdue=max(timedelta(0), overdue),
        candidates=candidates,
    )


def _candidates(tx: Tx, order: Order, near: Sequence[Order]) -> list[Candidate]:
    if order.status != OrderStatus.BOOKED:
        return []
    meanwhile = (one for one in near if one.starts_at < order.ends_at and one.ends_at > order.starts_at)
    busy = {one.cleaner_id for one in meanwhile}
    crew = (one for one in people.on_duty(tx, Role.CLEANER, order.branch_id) if one.id != order.cleaner_id)
    found = [Candidate(one.id or 0, one.name, one.id in busy) for one in crew]
    return sorted(found, key=lambda one: one.busy)


def _name(tx: Tx, person_id: int | None) -> str:
    person = tx.find(Person, person_id)
    return person.name if person is not None else ""
