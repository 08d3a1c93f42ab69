"""Rows of a visit: whose order it is, and what was reported from it."""

from dataclasses import asdict

from domain.effects import CheckIn
from domain.errors import Forbidden
from domain.events import TimerFired
from handlers.turn import Turn
from storage.orders import Checkin, Order
from storage.people import Person


def order_of(turn: Turn, timer: TimerFired) -> Order:
    return turn.tx.get(Order, int(timer.about.partition(":")[2]))


def own_order(turn: Turn, actor: Person, order_id: int) -> Order:
    """The order, if it is this cleaner's; raises `Forbidden` otherwise."""
    order = turn.tx.get(Order, order_id)
    if order.cleaner_id != actor.id:
        raise Forbidden(turn.world.texts.render("visits.not_yours", {"number": order.number}, actor.locale))
    return order


def write(turn: Turn, order: Order, person: int, effect: CheckIn, note: str) -> None:
    turn.tx.touch(Order, order.id)
    files = [asdict(file) for file in effect.files]
    turn.tx.add(
        Checkin, order_id=order.id, person_id=person, point=effect.point, note=note, attachments=files, at=turn.now
    )
