"""Running late: the customer hears of it first, supervisors when it is long or when nobody said anything."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.effects import CheckIn, Say, SetTimer
from domain.events import TimerFired
from domain.labels import OrderStatus
from domain.roles import Role, require
from flows.late import Late
from handlers.dialog import Dialog
from handlers.orders import cards, planning, progress, telling
from handlers.running import begin
from handlers.turn import Turn
from handlers.visits import records
from handlers.visits.records import order_of
from storage import conversations, timers
from storage.orders import Order
from storage.people import Person

AGAIN = timedelta(minutes=20)
LOOKS = 2


def be_late(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The cleaner says that they will be late for an order."""
    require(Role(actor.role), "report_job")
    order = records.own_order(turn, actor, args["order"])
    if order.status != OrderStatus.BOOKED:
        turn.say("visits.not_late", args["dialog"], **telling.words(turn, order))
        return
    begin(turn, args["dialog"], "late", {"order": order.id})


def start_late(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Late:
    order = turn.tx.get(Order, args["order"])
    return Late(order.id or 0, order.service, order.starts_at)


def reported(turn: Turn, dialog: Dialog | None, order: Order, person: int, effect: CheckIn) -> None:
    """First the customer, then the cleaner's receipt, then supervisors; the late check waits for the new time."""
    if order.status != OrderStatus.BOOKED:
        if dialog is not None:
            turn.say("visits.not_late", dialog, **telling.words(turn, order))
        return
    records.write(turn, order, person, effect, f"{effect.minutes}′ {effect.note}".strip())
    expected = max(order.starts_at, turn.now) + timedelta(minutes=effect.minutes)
    telling.customer(turn, order, "visits.late_customer", at_once=True, minutes=effect.minutes, expected=expected)
    if dialog is not None:
        noted = {"minutes": effect.minutes, "expected": expected}
        turn.perform((Say("visits.late_noted", noted, buttons=cards.buttons(turn, order)),), dialog)
    if effect.minutes > turn.world.company.visits.late_tell_minutes:
        _tell_leads(turn, order, "staff_visits.late", minutes=effect.minutes, expected=expected)
    grace = timedelta(minutes=turn.world.company.visits.late_minutes)
    planning.set_timer(turn, order, "late_check", expected + grace)


def late_check_due(turn: Turn, timer: TimerFired) -> None:
    """Nobody arrived and nobody said why. Silent when the visit's time is over, or its cleaner has no chat with us."""
    order = order_of(turn, timer)
    if order.status != OrderStatus.BOOKED or turn.now >= order.ends_at or not _reports(turn, order):
        return
    look = timer.args.get("look", 1)
    waited = int((turn.now - order.starts_at).total_seconds() // 60)
    if look == 1:
        telling.customer(turn, order, "visits.late_unknown", at_once=True)
        telling.cleaner(turn, order, "visits.late_where", cards.buttons(turn, order))
    _tell_leads(turn, order, "staff_visits.no_show", urgent=True, minutes=waited)
    if look < LOOKS:
        turn.set_timer(SetTimer("late_check", timer.about, after=AGAIN, args={"look": look + 1}))


def expected_at(turn: Turn, order: Order) -> datetime:
    """When the cleaner is expected: as booked, or as they last said themselves."""
    timer = timers.find(turn.tx, "late_check", planning.about(order))
    if timer is None:
        return order.starts_at
    return max(order.starts_at, timer.due_at - timedelta(minutes=turn.world.company.visits.late_minutes))


def no_trace_due(turn: Turn, timer: TimerFired) -> None:
    """Long after the end nobody tapped 完成: a visit that began counts as finished, else somebody should look."""
    order = order_of(turn, timer)
    if order.status == OrderStatus.STARTED:
        progress.set_status(turn, order, OrderStatus.FINISHED)
    elif order.status == OrderStatus.BOOKED and _reports(turn, order):
        _tell_leads(turn, order, "staff_visits.no_trace")


def _reports(turn: Turn, order: Order) -> bool:
    """Whether the cleaner has a chat with us to report from."""
    return order.cleaner_id is not None and bool(conversations.of_person(turn.tx, order.cleaner_id))


def _tell_leads(turn: Turn, order: Order, key: str, *, urgent: bool = False, **more: Any) -> None:
    telling.leads(turn, order.branch_id, key, urgent=urgent, **telling.words(turn, order), **more)
