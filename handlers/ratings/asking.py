"""Asking for a rating: once after the visit, one reminder, then the call-back list. All timers are the order's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.effects import OweCall, SaveRating
from domain.errors import Forbidden
from domain.events import TimerFired
from domain.hours import after_quiet
from domain.labels import OrderStatus
from flows import reducer
from flows.rating import Rating
from handlers import running
from handlers.dialog import Dialog
from handlers.orders import planning
from handlers.orders.standing import drop
from handlers.orders.telling import words
from handlers.quiet import first_moment, may_disturb
from handlers.ratings.changing import STILL_WELCOME, change
from handlers.turn import Turn
from handlers.visits.asking import BUSY, deep_in_talk, has_open_case
from handlers.visits.records import order_of
from storage import ratings
from storage.orders import Order
from storage.people import Person

CASE_FIRST = timedelta(hours=24)
REFERRAL_BYTES = 8


def due(turn: Turn, timer: TimerFired) -> None:
    """The visit is over. Whoever cannot be reached here is called; an open case is settled first."""
    order = order_of(turn, timer)
    if not _wanted(turn, order):
        return
    dialog = turn.dialog_of(order.customer_id)
    if dialog is None:
        turn.perform((OweCall(order.id or 0, "no_chat"),), None)
    elif has_open_case(turn, order):
        if turn.now - order.ends_at < STILL_WELCOME:
            planning.set_timer(turn, order, "rating", turn.now + CASE_FIRST)
    elif deep_in_talk(dialog):
        planning.set_timer(turn, order, "rating", turn.now + BUSY)
    else:
        _ask(turn, dialog, order)


def remind_due(turn: Turn, timer: TimerFired) -> None:
    """Once, never at night, never above the caps, in the chat they used last: the same run if it waits there.

    Old buttons stay good wherever they are.
    """
    order = order_of(turn, timer)
    dialog = turn.dialog_of(order.customer_id)
    if dialog is None or not _wanted(turn, order) or has_open_case(turn, order):
        return
    if not may_disturb(turn, dialog.person) or deep_in_talk(dialog):
        return
    company = turn.world.company
    moment = after_quiet(company.quiet, turn.now, company.hours.timezone)
    if moment > turn.now:
        planning.set_timer(turn, order, "rating_remind", moment)
    elif not _remind_standing(turn, dialog, order):
        drop(turn, order.customer_id, order, ("rating",))
        running.begin(turn, dialog, "rating", {"order": order.id, "tone": "remind"})


def call_due(turn: Turn, timer: TimerFired) -> None:
    """No answer to two questions: a person calls. The buttons in the chat stay good."""
    order = order_of(turn, timer)
    if _wanted(turn, order) and not has_open_case(turn, order):
        turn.perform((OweCall(order.id or 0, "no_answer"),), None)


def rate_order(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The customer wants to rate an order of theirs, or to rate it anew, within a week of it.

    `choice` may bring the stars along; `back` tells that they are to replace those that were given. The same ones once
    more are a double tap: what was asked after them stands there already.
    """
    order = turn.tx.get(Order, args["order"])
    if order.customer_id != actor.id:
        raise Forbidden(turn.world.texts.render("rating.not_yours", {}, actor.locale))
    dialog: Dialog = args["dialog"]
    rated, stars = ratings.of_order(turn.tx, order.id or 0), _stars(args)
    given = rated.stars if rated is not None else 0
    if order.status == OrderStatus.CANCELLED or order.ends_at > turn.now:
        turn.say("rating.not_yet", dialog)
    elif given and stars == given and args.get("back"):
        turn.say("rating.noted", dialog, stars=given)
    elif given and (stars in (0, given) or not args.get("back")):
        turn.say("rating.already", dialog, stars=given)
    elif turn.now - order.ends_at > STILL_WELCOME:
        turn.say("rating.too_late", dialog)
    elif given:
        change(turn, dialog, order, stars)
    else:
        drop(turn, actor.id, order, ("rating",))
        if stars:
            turn.perform((SaveRating(order.id or 0, stars),), dialog)
        running.begin(turn, dialog, "rating", {"order": order.id, "stars": stars})


def start(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Rating:
    """`tone` is how to ask."""
    order = turn.tx.get(Order, args["order"])
    told = words(turn, order, dialog.person.locale)
    return Rating(
        order=order.id or 0,
        service=told["service"],
        starts_at=order.starts_at,
        cleaner=told["cleaner"],
        link=_friend_link(turn, dialog),
        tone=args.get("tone", "first"),
        stars=args.get("stars", 0),
    )


def _stars(args: Mapping[str, Any]) -> int:
    """The stars of an old button; 0 when it asked for something else."""
    choice = args.get("choice", "")
    return int(choice) if args.get("step") == "stars" and choice.isdecimal() else 0


def _ask(turn: Turn, dialog: Dialog, order: Order) -> None:
    """Reminder and call are counted from when the question is seen, not from the middle of the night."""
    visits = turn.world.company.visits
    seen = first_moment(turn, dialog.person)
    planning.set_timer(turn, order, "rating_remind", seen + timedelta(hours=visits.remind_after_hours))
    planning.set_timer(turn, order, "rating_call", seen + timedelta(hours=visits.call_after_hours))
    drop(turn, order.customer_id, order, ("before_visit", "mid_visit", "rating"))
    running.begin(turn, dialog, "rating", {"order": order.id})


def _remind_standing(turn: Turn, dialog: Dialog, order: Order) -> bool:
    """Ask again in the run that still waits here for its stars; False when there is none."""
    standing = dialog.current
    if standing is None or standing.flow != "rating" or standing.state.order != order.id:
        return False
    dialog.current = replace(standing, state=replace(standing.state, tone="remind"))
    turn.perform((reducer.question(running.flow_of(turn, dialog.current), dialog.current),), dialog)
    return True


def _wanted(turn: Turn, order: Order) -> bool:
    """A finished visit without stars, of somebody who has not asked us to stop."""
    if order.status != OrderStatus.FINISHED or turn.person(order.customer_id).muted:
        return False
    rated = ratings.of_order(turn.tx, order.id or 0)
    return rated is None or not rated.stars


def _friend_link(turn: Turn, dialog: Dialog) -> str:
    """The customer's own link for friends, made when it is first needed."""
    code = dialog.person.referral_code
    if not code:
        code = turn.world.code(REFERRAL_BYTES)
        turn.tx.change(Person, dialog.person.id or 0, referral_code=code)
        dialog.person = turn.person(dialog.person.id or 0)
    return turn.world.link(dialog.address.channel, code)
