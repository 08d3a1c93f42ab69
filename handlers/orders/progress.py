"""A visit goes on: its status, the customer's stage of life with it, and who served, for good."""

from domain.labels import Checkpoint, OrderStatus, Stage
from handlers.orders import planning
from handlers.orders.standing import drop
from handlers.rewards import referrals
from handlers.turn import Turn
from storage import orders
from storage.orders import Checkin, Order
from storage.people import Person

LOYAL_FROM = 3


def set_status(turn: Turn, order: Order, status: OrderStatus) -> None:
    """Write it, plan anew, and let what was asked about an earlier part of the visit rest."""
    turn.tx.change(Order, order.id or 0, status=status.value, version=order.version + 1, updated_at=turn.now)
    went_on(turn, turn.tx.get(Order, order.id or 0))


def went_on(turn: Turn, order: Order) -> None:
    """What follows from a status that was just written."""
    planning.plan(turn, order)
    finished = order.status == OrderStatus.FINISHED
    drop(turn, order.customer_id, order, ("before_visit", "mid_visit") if finished else ("before_visit",))
    if finished:
        _grown(turn, turn.person(order.customer_id))
        referrals.visit_finished(turn, order)


def keep_who_served(turn: Turn, order: Order) -> None:
    """Before a finished visit is given to another name: the rating belongs to who was there."""
    if order.cleaner_id is not None and not orders.checkins(turn.tx, order.id or 0):
        point = Checkpoint.FINISHED.value
        turn.tx.touch(Order, order.id)
        turn.tx.put(Checkin, order_id=order.id, person_id=order.cleaner_id, point=point, at=turn.now)


def served_by(turn: Turn, order: Order) -> int | None:
    """Who did the work, as the check-ins say; the one assigned when there are none."""
    done = {row.point: row.person_id for row in orders.checkins(turn.tx, order.id or 0)}
    for point in (Checkpoint.FINISHED, Checkpoint.CHECKED, Checkpoint.ARRIVED):
        if point in done:
            return done[point]
    return order.cleaner_id


def _grown(turn: Turn, customer: Person) -> None:
    """Using it now, loyal after a few visits; whoever is at risk or lost came back."""
    mine = orders.of_customer(turn.tx, customer.id or 0)
    visits = sum(order.status == OrderStatus.FINISHED for order in mine)
    stage = Stage.LOYAL if visits >= LOYAL_FROM else Stage.USING
    if customer.stage != stage:
        turn.tx.change(Person, customer.id or 0, stage=stage.value)
