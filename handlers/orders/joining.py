"""Joining: somebody opened the link of an order, so the chat and the customer we knew by phone are one person."""

from dataclasses import dataclass
from typing import Literal

from domain.labels import OrderStatus
from domain.roles import Role
from handlers.dialog import Dialog
from handlers.orders import planning
from handlers.orders.standing import dialogs, stands
from handlers.running import begin
from handlers.turn import Turn
from storage import conversations, merging
from storage.orders import Order
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Joined:
    """`how` is `joined` (just now), `already` (it was theirs) or `refused` (it is somebody else's).

    `asked`: the day-before question began in this chat, so nothing more needs to be said.
    """

    order: Order
    how: Literal["joined", "already", "refused"]
    asked: bool = False


def join(turn: Turn, dialog: Dialog, order: Order) -> Joined:
    """Attach the person of this chat to the order's customer. `dialog.person` is who they turn out to be."""
    if dialog.person.role != Role.CUSTOMER:
        return Joined(order, "refused")
    if order.customer_id == dialog.person.id:
        return Joined(order, "already", _ask_if_due(turn, dialog, order))
    if not _has_past(dialog.person):
        merge(turn, dialog, order.customer_id)
    elif conversations.all_of_person(turn.tx, order.customer_id):
        return Joined(order, "refused")
    else:
        turn.tx.change(Order, order.id or 0, customer_id=dialog.person.id, updated_at=turn.now)
        order = turn.tx.get(Order, order.id or 0)
    return Joined(order, "joined", _ask_if_due(turn, dialog, order))


def merge(turn: Turn, dialog: Dialog, customer_id: int) -> None:
    """The person of this chat is a customer we know: everything of theirs moves there."""
    old, new = dialog.person, turn.person(customer_id)
    merging.merge(turn.tx, old.id or 0, customer_id)
    filled = {
        "name": new.name or old.name,
        "profile": {**old.profile, **new.profile},
        "referred_by": new.referred_by or old.referred_by,
        "muted": new.muted or old.muted,
    }
    turn.tx.change(Person, customer_id, locale=old.locale, **filled)
    turn.tx.change(Person, old.id or 0, name="", referral_code="", profile={"merged": customer_id}, erased_at=turn.now)
    dialog.person = turn.person(customer_id)


def _has_past(person: Person) -> bool:
    """Somebody with a phone number of their own is not just a chat."""
    return bool(person.phone)


def _ask_if_due(turn: Turn, dialog: Dialog, order: Order) -> bool:
    """They missed the day-before question because we could not reach them: ask now."""
    due = planning.day_before(turn, order) <= turn.now < order.starts_at
    if order.status != OrderStatus.BOOKED or not due:
        return False
    if any(stands(one, order.id or 0, "before_visit") for one in dialogs(turn, order.customer_id)):
        return False
    planning.clear(turn, order, "day_before")
    return begin(turn, dialog, "before_visit", {"order": order.id})
