"""Who goes 派单: after a booking was accepted the supervisor picks the cleaner with one tap."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.effects import Action, Say
from domain.errors import Invalid, NotFound
from domain.events import OrderPosted
from domain.labels import OrderStatus
from domain.roles import Role, require
from handlers import orders
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import orders as visits
from storage import people
from storage.orders import Order
from storage.people import Person

MOST = 6
LONGEST = timedelta(hours=12)


def ask(turn: Turn, staff: Person, dialog: Dialog | None, number: str) -> None:
    """Offer the cleaners of the order's branch who are free then; nothing when the order has one."""
    order = visits.by_number(turn.tx, number)
    if order is not None and order.cleaner_id is None:
        offer(turn, staff, dialog, order)


def offer(turn: Turn, staff: Person, dialog: Dialog | None, order: Order) -> None:
    """Who else could go to this order, whoever has it now."""
    number, mine = order.number, people.on_duty(turn.tx, Role.CLEANER, order.branch_id)
    free = [one for one in mine if one.id != order.cleaner_id and _is_free(turn, one, order)]
    key = "requests.assign" if free else "requests.assign_nobody"
    buttons = tuple(_button(order, one) for one in free[:MOST])
    to = None if dialog is not None else staff.id
    turn.perform((Say(key, {"number": number, "starts_at": order.starts_at}, to=to, buttons=buttons),), dialog)


def _button(order: Order, cleaner: Person) -> Action:
    args = {"order": order.id, "cleaner": cleaner.id, "who": cleaner.name}
    return Action("assign_cleaner", "requests.assign_label", args)


def _is_free(turn: Turn, cleaner: Person, order: Order) -> bool:
    near = visits.of_cleaner(turn.tx, cleaner.id or 0, order.starts_at - LONGEST, order.ends_at)
    return all(one.ends_at <= order.starts_at for one in near)


def _assign(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaner gets the job; pressed again for somebody else it is given on. Raises `Invalid` once it has begun."""
    require(Role(actor.role), "assign_cleaner")
    order, cleaner = turn.tx.get(Order, args["order"]), turn.person(args["cleaner"])
    if cleaner.role != Role.CLEANER:
        raise NotFound
    if order.status != OrderStatus.BOOKED:
        raise Invalid(turn.world.texts.render("requests.assign_too_late", {"number": order.number}, actor.locale))
    key = "requests.assigned_before" if order.cleaner_id == cleaner.id else "requests.assigned"
    orders.posted(turn, OrderPosted({"number": order.number, "cleaner": {"id": cleaner.id}}, origin="chat"))
    if args.get("dialog"):
        turn.say(key, args["dialog"], number=order.number, cleaner=cleaner.name)
    return {"number": order.number, "cleaner": cleaner.name}


def _pick(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button under visits that nobody goes to any more: who could, unless somebody does by now."""
    require(Role(actor.role), "assign_cleaner")
    order = turn.tx.get(Order, args["order"])
    cleaner = turn.tx.find(Person, order.cleaner_id)
    if cleaner is not None:
        turn.say("requests.assigned_before", args["dialog"], number=order.number, cleaner=cleaner.name)
    elif order.status != OrderStatus.BOOKED:
        turn.say("requests.assign_too_late", args["dialog"], number=order.number)
    else:
        ask(turn, actor, args["dialog"], order.number)


AREA = Area(actions={"assign_cleaner": _assign, "pick_cleaner": _pick})
