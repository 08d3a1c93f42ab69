"""Asking the customer around a visit: the day before, and once half-way."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.events import TimerFired
from domain.labels import OrderStatus
from flows.before_visit import BeforeVisit
from flows.mid_visit import MidVisit
from handlers.dialog import Dialog
from handlers.orders import planning
from handlers.orders.standing import drop
from handlers.orders.telling import masked, words
from handlers.quiet import first_moment
from handlers.running import begin
from handlers.turn import Turn
from handlers.visits.records import order_of
from storage import cases
from storage.orders import Order
from storage.people import Person

BUSY = timedelta(minutes=30)


def deep_in_talk(dialog: Dialog) -> bool:
    """One flow above another already: a third would push the lowest out."""
    return dialog.current is not None and dialog.paused is not None


def day_before_due(turn: Turn, timer: TimerFired) -> None:
    """Not when the visit began meanwhile, nor when quiet hours end too late for an answer to help."""
    order = order_of(turn, timer)
    dialog = turn.dialog_of(order.customer_id)
    if order.status != OrderStatus.BOOKED or dialog is None or _begins_before_heard(turn, dialog.person, order):
        return
    if deep_in_talk(dialog):
        planning.set_timer(turn, order, "day_before", turn.now + BUSY)
    else:
        begin(turn, dialog, "before_visit", {"order": order.id})


def start_before_visit(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> BeforeVisit:
    order = turn.tx.get(Order, args["order"])
    known = "；".join(dialog.person.profile.get("needs", []))
    locale = dialog.person.locale
    told, place = words(turn, order, locale), masked(order.address)
    return BeforeVisit(
        order=order.id or 0,
        service=told["service"],
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        cleaner=told["cleaner"] if order.cleaner_id else turn.world.texts.render("before_visit.no_cleaner", {}, locale),
        address=place,
        knowing="known" if known else "new",
        known=known,
        where=turn.world.texts.render("before_visit.where", {"address": place}, locale) + "\n" if place else "",
    )


def mid_visit_due(turn: Turn, timer: TimerFired) -> None:
    """Only while the work goes on, and not somebody who is complaining about this very visit."""
    order = order_of(turn, timer)
    dialog = turn.dialog_of(order.customer_id)
    if order.status != OrderStatus.STARTED or dialog is None or dialog.person.muted or deep_in_talk(dialog):
        return
    if first_moment(turn, dialog.person) > turn.now or turn.now >= order.ends_at or has_open_case(turn, order):
        return
    drop(turn, order.customer_id, order, ("before_visit",))
    begin(turn, dialog, "mid_visit", {"order": order.id})


def start_mid_visit(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> MidVisit:
    order = turn.tx.get(Order, args["order"])
    return MidVisit(order.id or 0, words(turn, order, dialog.person.locale)["cleaner"])


def has_open_case(turn: Turn, order: Order) -> bool:
    """Whether the customer is unhappy about this very visit; what the cleaner reported is another matter."""
    found = cases.open_of_customer(turn.tx, order.customer_id)
    return any(case.order_id == order.id and case.origin != "cleaner" for case in found)


def _begins_before_heard(turn: Turn, person: Person, order: Order) -> bool:
    return first_moment(turn, person) >= order.starts_at
