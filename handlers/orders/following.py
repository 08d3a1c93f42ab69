"""What follows from a new or changed order: who is told, and which timers move."""

from datetime import timedelta

from domain.labels import OrderStatus
from handlers.orders import cards, planning, progress, telling
from handlers.orders.standing import drop
from handlers.turn import Turn
from storage.orders import Order

USUAL_LENGTH = timedelta(hours=2)
BEFORE = ("before_visit", "mid_visit")


def created(turn: Turn, order: Order) -> None:
    """Plan the visit; tell both sides of one that is still to come. A past one is only kept."""
    planning.plan(turn, order)
    if order.status == OrderStatus.FINISHED:
        progress.went_on(turn, order)
    if order.status != OrderStatus.BOOKED or order.starts_at <= turn.now:
        return
    if planning.day_before(turn, order) > turn.now:
        telling.customer(turn, order, "orders.booked")
    telling.cleaner(turn, order, "orders.job_new", cards.buttons(turn, order))


def changed(turn: Turn, before: Order, order: Order) -> None:
    """Each change is told once, to those it concerns."""
    if order.status == OrderStatus.CANCELLED:
        return _cancelled(turn, before, order)
    if before.status == OrderStatus.CANCELLED:
        return created(turn, order)
    if order.status != before.status:
        progress.went_on(turn, order)
    elif (order.starts_at, order.ends_at) != (before.starts_at, before.ends_at):
        _moved(turn, before, order)
    if order.cleaner_id != before.cleaner_id:
        _assigned(turn, before, order)
    return None


def _cancelled(turn: Turn, before: Order, order: Order) -> None:
    """Nothing more is asked about it; somebody in the middle of rating it hears why."""
    planning.plan(turn, order)
    rating = drop(turn, order.customer_id, order, ("rating",))
    drop(turn, order.customer_id, order, BEFORE)
    drop(turn, order.cleaner_id, order, ("job", "late"))
    if rating:
        telling.customer(turn, order, "orders.cancelled_rating")
    elif before.status != OrderStatus.FINISHED:
        telling.customer(turn, order, "orders.cancelled")
        telling.cleaner(turn, before, "orders.job_cancelled")


def _moved(turn: Turn, before: Order, order: Order) -> None:
    planning.plan(turn, order)
    if order.status != OrderStatus.BOOKED or order.starts_at <= turn.now:
        return
    drop(turn, order.customer_id, order, BEFORE)
    telling.customer(turn, order, "orders.moved", was=before.starts_at)
    if order.cleaner_id == before.cleaner_id:
        telling.cleaner(turn, order, "orders.job_moved", cards.buttons(turn, order), was=before.starts_at)


def _assigned(turn: Turn, before: Order, order: Order) -> None:
    """After the visit a new assignment is the company's book-keeping and nobody's news."""
    if before.status == OrderStatus.FINISHED:
        progress.keep_who_served(turn, before)
    if order.status not in (OrderStatus.BOOKED, OrderStatus.STARTED) or order.ends_at <= turn.now:
        return
    drop(turn, before.cleaner_id, order, ("job", "late"))
    telling.cleaner(turn, before, "orders.job_gone")
    telling.cleaner(turn, order, "orders.job_new", cards.buttons(turn, order))
    if order.cleaner_id is not None and planning.day_before(turn, order) <= turn.now:
        telling.customer(turn, order, "orders.cleaner_changed" if before.cleaner_id else "orders.cleaner_set")
