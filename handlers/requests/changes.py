"""Carrying out a change of a booked visit that its customer asked for: another time, or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.roles import Role, require
from handlers.answers import catalogue
from handlers.area import Area
from handlers.requests import slots
from handlers.requests.decisions import ask_time, ended, of_kind, post, to_actor
from handlers.requests.requests import finish
from handlers.turn import Turn
from storage.orders import Order
from storage.people import Person
from storage.requests import Request

EVENTS = {"move": "moved", "cancel": "cancelled"}


def _accept(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """As the customer asked. Without a time that was understood, the time is asked for; edits are made by hand."""
    require(Role(actor.role), "accept_booking")
    request = of_kind(turn, args, "change")
    if ended(turn, args, request):
        return {"accepted": False}
    order, wish = turn.tx.get(Order, request.args["order"]), request.args["change"]
    starts_at = order.starts_at
    if wish == "move":
        moment = args.get("time") or request.args["starts_at"]
        if not moment:
            ask_time(turn, args, request, "accept_change")
            return {}
        starts_at = slots.parse(turn, moment, actor.locale)
    finish(turn, request.id or 0, "done", actor)
    _carry_out(turn, order, request, starts_at)
    to_actor(turn, args, "requests.change_carried_out", request, number=order.number)
    return {"accepted": True, "number": order.number}


def _carry_out(turn: Turn, order: Order, request: Request, starts_at: datetime) -> None:
    wish = request.args["change"]
    change = {"number": order.number, "event": EVENTS.get(wish, "booked")}
    if starts_at != order.starts_at:
        ends_at = starts_at + (order.ends_at - order.starts_at)
        change |= {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    locale = turn.person(request.customer_id).locale
    service = catalogue.called(turn.world.company.catalogue, order.service, locale)
    said = {"service": service, "starts_at": starts_at}
    post(turn, change, request.customer_id, f"requests.change_done_{wish}", said)


AREA = Area(actions={"accept_change": _accept})
