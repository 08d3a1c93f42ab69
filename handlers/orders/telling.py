"""Telling people about an order: the customer, the cleaner, the supervisors of its branch."""

import re
from datetime import timedelta
from typing import Any

from domain.effects import Action, Link, Say
from domain.roles import Role
from handlers.answers import catalogue
from handlers.quiet import first_moment
from handlers.turn import Turn
from storage import people
from storage.orders import Order
from storage.people import Person

Buttons = tuple[Action | Link, ...]
IN_TIME = timedelta(hours=2)
STREET = re.compile(r"^(.*?[路街道巷弄村镇]\s*\d+\s*[弄号巷]?)(.+)$")


def words(turn: Turn, order: Order, locale: str = "zh-CN") -> dict[str, Any]:
    """What fills the texts about an order. `place` is the address without the door, `cleaner` a name."""
    texts = turn.world.texts
    customer, cleaner = turn.tx.find(Person, order.customer_id), turn.tx.find(Person, order.cleaner_id)
    nobody = texts.render("orders.no_cleaner", {}, locale)
    return {
        "order": order.id,
        "number": order.number,
        "service": catalogue.called(turn.world.company.catalogue, order.service, locale),
        "starts_at": order.starts_at,
        "ends_at": order.ends_at,
        "address": order.address or texts.render("orders.no_address", {}, locale),
        "place": masked(order.address) or texts.render("orders.no_address", {}, locale),
        "cleaner": cleaner.name if cleaner is not None and cleaner.name else nobody,
        "customer": customer.name if customer and customer.name else texts.render("orders.no_customer", {}, locale),
        "needs": needs(order, customer) or texts.render("orders.no_needs", {}, locale),
    }


def needs(order: Order, customer: Person | None) -> str:
    """What this visit needs, with what the customer told us for good."""
    lasting = customer.profile.get("needs", []) if customer is not None else []
    said = [one for one in order.needs.split("；") if one]
    return "；".join(dict.fromkeys([*said, *lasting]))


def masked(address: str) -> str:
    """Street and number; the building and the door are left to those who need them."""
    found = STREET.match(address)
    if found:
        return f"{found.group(1)}***"
    return f"{address[: len(address) // 2]}***" if len(address) > 4 else address


def customer(turn: Turn, order: Order, key: str, *, at_once: bool = False, **more: Any) -> None:
    """After quiet hours when that is still in time for the visit, else at once. Nothing for who cannot be reached."""
    person = turn.person(order.customer_id)
    waits = not at_once and first_moment(turn, person) <= order.starts_at - IN_TIME
    args = {**words(turn, order, person.locale), **more}
    turn.tell(order.customer_id, key, proactive=waits, **args)


def cleaner(turn: Turn, order: Order, key: str, buttons: Buttons = (), **more: Any) -> None:
    """To the cleaner of this order, if there is one with a chat, who is with us still."""
    reader = people.still(turn.tx, order.cleaner_id, {Role.CLEANER})
    if reader is None:
        return
    args = {**words(turn, order, reader.locale), **more}
    turn.perform((Say(key, args, buttons=buttons, to=order.cleaner_id),), None)


def leads(
    turn: Turn, branch: int | None, key: str, buttons: Buttons = (), *, urgent: bool = False, **args: Any
) -> None:
    """To those who lead a branch right now."""
    for person in leading(turn, branch):
        turn.perform((Say(key, args, buttons=buttons, to=person.id, urgent=urgent),), None)


def leading(turn: Turn, branch: int | None) -> list[Person]:
    """The supervisors on duty at a branch, or whoever is above them when there are none."""
    roles = (Role.SUPERVISOR, Role.MANAGER, Role.OWNER)
    return next((found for role in roles if (found := people.on_duty(turn.tx, role, branch))), [])
