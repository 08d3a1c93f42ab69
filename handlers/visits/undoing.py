"""完成 pressed by mistake 点错了: the visit goes on, unless the customer was asked about it meanwhile."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.labels import Checkpoint, OrderStatus
from domain.roles import Role, require
from handlers.dialog import Dialog
from handlers.orders import planning, progress
from handlers.orders.standing import drop
from handlers.turn import Turn
from handlers.visits import jobs, records
from storage import orders, timers
from storage.orders import Checkin, Order
from storage.people import Person

MISTAKEN = timedelta(hours=2)
"""So long afterwards nobody just slipped."""


def just_finished(turn: Turn, cleaner: int) -> Order | None:
    """The visit that this cleaner said was done, a moment ago."""
    around = orders.of_cleaner(turn.tx, cleaner, turn.now - jobs.NEAR, turn.now + jobs.NEAR)
    return next((order for order in reversed(around) if _slip(turn, order) is not None), None)


def not_finished(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The order is under way again; pictures and notes of the end become those of a check. Too late: said, with whom
    to tell."""
    require(Role(actor.role), "report_job")
    order = records.own_order(turn, actor, args["order"])
    dialog: Dialog | None = args.get("dialog")
    slip = _slip(turn, order)
    if slip is not None:
        turn.tx.change(Checkin, slip.id or 0, point=Checkpoint.CHECKED.value)
        drop(turn, actor.id, order, ("job",))
        progress.set_status(turn, order, OrderStatus.STARTED)
    if dialog is not None:
        key = "visits.goes_on" if slip is not None else "visits.stays_finished"
        jobs.say_card(turn, dialog, turn.tx.get(Order, order.id or 0), key)
    return {"order": order.number, "undone": slip is not None}


def _slip(turn: Turn, order: Order) -> Checkin | None:
    """The check-in to take back; None when the visit is not finished, or the customer was asked how it went."""
    if order.status != OrderStatus.FINISHED:
        return None
    asking = timers.find(turn.tx, "rating", planning.about(order))
    if asking is None or asking.fired_at is not None:
        return None
    done = [row for row in orders.checkins(turn.tx, order.id or 0) if row.point == Checkpoint.FINISHED]
    return next((row for row in done if turn.now - row.at <= MISTAKEN), None)
