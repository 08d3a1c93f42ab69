"""Keeping a rating: bit by bit as it is given, for good with the cleaner who served."""

from datetime import timedelta
from typing import Any

from domain.effects import RaiseCase, SaveRating
from domain.events import TimerFired
from domain.roles import Role
from handlers.arriving import system
from handlers.dialog import Dialog
from handlers.orders import planning
from handlers.orders.progress import served_by
from handlers.orders.standing import drop
from handlers.ratings.recording import LOW, let_down
from handlers.turn import Turn
from handlers.visits.records import order_of
from storage import cases, ratings
from storage.orders import Order
from storage.ratings import CallBack, Rating

NET = timedelta(minutes=15)
LONGEST = 1000


def saved(turn: Turn, dialog: Dialog | None, effect: SaveRating) -> None:
    """Add to the order's rating what was said now; what was not said stays as it was."""
    order = turn.tx.get(Order, effect.order)
    turn.tx.touch(Order, order.id)
    known = ratings.of_order(turn.tx, effect.order)
    values = _said(known, effect)
    if known is None:
        _create(turn, dialog, order, values)
    elif values:
        turn.tx.change(Rating, known.id or 0, **values)
    if effect.stars:
        _answered(turn, dialog, order, effect.stars)


def low_due(turn: Turn, timer: TimerFired) -> None:
    """The net under a low rating: whatever interrupted the chat, somebody let down becomes a case."""
    order = order_of(turn, timer)
    rating = ratings.of_order(turn.tx, order.id or 0)
    if rating is None or not 0 < rating.stars <= LOW:
        return
    since = [case for case in cases.of_customer(turn.tx, rating.customer_id) if case.opened_at >= rating.created_at]
    if any(case.order_id == order.id for case in since):
        return
    drop(turn, order.customer_id, order, ("rating",))
    dialog = turn.dialog_of(order.customer_id)
    if dialog is None:
        let_down(turn, system(turn), order, rating.stars, "rating.case_other", rating.comment)
        return
    effect = RaiseCase("rating.case_other", "rating", order.id or 0, {"stars": rating.stars})
    turn.perform((effect,), dialog)


def _said(known: Rating | None, effect: SaveRating) -> dict[str, Any]:
    values: dict[str, Any] = {aspect: stars for aspect, stars in effect.aspects.items() if stars}
    if effect.stars:
        values["stars"] = effect.stars
    if effect.comment:
        before = known.comment if known is not None else ""
        values["comment"] = (f"{before}；{effect.comment}" if before else effect.comment)[:LONGEST]
    if effect.consent is not None:
        values["consent"] = effect.consent
    return values


def _create(turn: Turn, dialog: Dialog | None, order: Order, values: dict[str, Any]) -> None:
    in_chat = dialog is not None and dialog.person.role == Role.CUSTOMER
    turn.tx.add(
        Rating,
        order_id=order.id,
        customer_id=order.customer_id,
        cleaner_id=served_by(turn, order),
        branch_id=order.branch_id,
        origin="chat" if in_chat else "phone",
        created_at=turn.now,
        **{"stars": 0, **values},
    )


def _answered(turn: Turn, dialog: Dialog | None, order: Order, stars: int) -> None:
    """Nobody asks again, and nobody calls; a low one is watched until it is a case."""
    planning.clear(turn, order, "rating", "rating_remind", "rating_call")
    if dialog is None or dialog.person.role != Role.CUSTOMER:
        return
    owed = ratings.open_call_of_order(turn.tx, order.id or 0)
    if owed is not None:
        answers = {**owed.answers, "reached": "chat"}
        turn.tx.change(CallBack, owed.id or 0, state="done", answers=answers, done_at=turn.now)
    if stars <= LOW:
        planning.set_timer(turn, order, "rating_low", turn.now + NET)
