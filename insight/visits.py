"""The visits of a day, with what was reported from each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.labels import Checkpoint, OrderStatus
from storage import orders
from storage.database import Tx
from storage.orders import Checkin, Order
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Visit:
    """`done` are the checkpoints reported; `late` when nobody arrived in time; `notes` everything else reported."""

    order: Order
    customer: str
    cleaner: str
    done: dict[str, Checkin]
    notes: list[Checkin]
    late: bool
    overdue: timedelta


def of_day(tx: Tx, since: datetime, now: datetime, branch: int | None, late_after: timedelta) -> list[Visit]:
    """The visits of the 24 hours from `since`, of one branch or all, without the cancelled ones."""
    found = orders.between(tx, since, since + timedelta(days=1))
    wanted = (order for order in found if order.status != OrderStatus.CANCELLED and branch in (None, order.branch_id))
    return [_visit(tx, order, now, late_after) for order in wanted]


def _visit(tx: Tx, order: Order, now: datetime, late_after: timedelta) -> Visit:
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
    )


def _name(tx: Tx, person_id: int | None) -> str:
    person = tx.find(Person, person_id)
    return person.name if person is not None else ""
