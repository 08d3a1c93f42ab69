"""The timers of a visit, all in the lane of its order. Setting one again moves it, so plans are simply made anew."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.effects import SetTimer
from domain.labels import OrderStatus
from handlers.turn import Turn
from storage import timers
from storage.orders import Order

SOON = timedelta(minutes=1)
LONG_ENOUGH = timedelta(hours=1)
NO_TRACE_AFTER = timedelta(hours=3)
RECENT = timedelta(days=2)
AFTERWARDS = ("rating", "rating_remind", "rating_call")
ALL = ("day_before", "late_check", "mid_visit", "no_trace", *AFTERWARDS, "rating_low")


def about(order: Order) -> str:
    return f"order:{order.id}"


def set_timer(turn: Turn, order: Order, what: str, at: datetime) -> None:
    turn.set_timer(SetTimer(what, about(order), at=at))


def clear(turn: Turn, order: Order, *what: str) -> None:
    for one in what:
        turn.clear_timer(one, about(order))


def plan(turn: Turn, order: Order) -> None:
    """Move every timer to where the order's status and times want it."""
    match OrderStatus(order.status):
        case OrderStatus.BOOKED:
            clear(turn, order, "mid_visit", *AFTERWARDS)
            _plan_booked(turn, order)
        case OrderStatus.STARTED:
            clear(turn, order, *AFTERWARDS)
            _plan_started(turn, order)
        case OrderStatus.FINISHED:
            _plan_finished(turn, order)
        case OrderStatus.CANCELLED:
            clear(turn, order, *ALL)


def day_before(turn: Turn, order: Order) -> datetime:
    """When the customer hears about the visit: the evening before, in the company's zone."""
    zone = ZoneInfo(turn.world.company.hours.timezone)
    day = order.starts_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, turn.world.company.visits.day_before_hour, zone)


def _plan_booked(turn: Turn, order: Order) -> None:
    if order.starts_at <= turn.now:
        clear(turn, order, "day_before", "late_check")
        if order.ends_at + NO_TRACE_AFTER > turn.now:
            set_timer(turn, order, "no_trace", order.ends_at + NO_TRACE_AFTER)
        return
    due = day_before(turn, order)
    if due > turn.now or not _asked(turn, order):
        set_timer(turn, order, "day_before", max(due, turn.now + SOON))
    set_timer(turn, order, "late_check", order.starts_at + timedelta(minutes=turn.world.company.visits.late_minutes))
    set_timer(turn, order, "no_trace", order.ends_at + NO_TRACE_AFTER)


def _plan_started(turn: Turn, order: Order) -> None:
    """Half-way from now, for visits long enough to be asked about."""
    clear(turn, order, "day_before", "late_check")
    length = order.ends_at - order.starts_at
    end = turn.now + length if turn.now >= order.starts_at else order.ends_at
    if length >= LONG_ENOUGH and turn.now < order.ends_at:
        set_timer(turn, order, "mid_visit", turn.now + (end - turn.now) / 2)
    set_timer(turn, order, "no_trace", max(order.ends_at, turn.now) + NO_TRACE_AFTER)


def _plan_finished(turn: Turn, order: Order) -> None:
    """Old visits from an import are not asked about."""
    clear(turn, order, "day_before", "late_check", "mid_visit", "no_trace")
    if order.ends_at + RECENT > turn.now:
        set_timer(turn, order, "rating", turn.now + timedelta(minutes=turn.world.company.visits.rating_after_minutes))


def _asked(turn: Turn, order: Order) -> bool:
    timer = timers.find(turn.tx, "day_before", about(order))
    return timer is not None and timer.fired_at is not None
