"""A phone number that a stranger types: staff confirm that it is theirs before any order is shown in this chat."""

from collections.abc import Mapping
from typing import Any

from domain.effects import OpenRequest
from domain.roles import Role, require
from flows.wish import phone_in
from handlers import orders
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.requests.cards import masked, match
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from storage import people, requests
from storage.orders import of_customer
from storage.people import Person
from storage.requests import Request


def offered(turn: Turn, dialog: Dialog, text: str) -> bool:
    """Whether the words hold a number to look for. What is said never tells whether we know it."""
    phone = phone_in(text)
    if not phone or phone == dialog.person.phone:
        return False
    waiting = [one for one in requests.open_of_customer(turn.tx, dialog.person.id or 0) if one.kind == "phone"]
    if waiting:
        turn.say("requests.phone_waiting", dialog)
        return True
    known = match(turn, phone, DEFAULT_LOCALE)
    turn.perform((OpenRequest("phone", masked(phone), {"phone": phone, "match": known}),), dialog)
    return True


def _confirm(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """It is theirs: the chat and the customer we know by this number become one."""
    require(Role(actor.role), "confirm_phone")
    request = turn.tx.get(Request, args["request"])
    if not _end(turn, request, "done", actor, args):
        return {"confirmed": False}
    phone, dialog = request.args["phone"], turn.dialog_of(request.customer_id)
    people.touch_phone(turn.tx, phone)
    known = people.customer_by_phone(turn.tx, phone)
    if known is None:
        turn.tx.change(Person, request.customer_id, phone=phone)
    elif dialog is not None and known.id != request.customer_id:
        orders.merge(turn, dialog, known.id or 0)
    customer_id = known.id if known is not None else request.customer_id
    mine = of_customer(turn.tx, customer_id or 0)
    turn.tell(customer_id, "requests.phone_joined" if mine else "requests.phone_saved", count=len(mine))
    if args.get("dialog"):
        turn.say("requests.phone_done", args["dialog"])
    return {"confirmed": True}


def _refuse(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    require(Role(actor.role), "confirm_phone")
    request = turn.tx.get(Request, args["request"])
    if not _end(turn, request, "declined", actor, args):
        return {"refused": False}
    turn.tell(request.customer_id, "requests.phone_refused")
    if args.get("dialog"):
        turn.say("requests.phone_done", args["dialog"])
    return {"refused": True}


def _end(turn: Turn, request: Request, state: str, actor: Person, args: Mapping[str, Any]) -> bool:
    escalation.end(turn, f"request:{request.id}")
    ended = requests.end(turn.tx, request.id or 0, state, actor.id, turn.now)
    if not ended and args.get("dialog"):
        turn.say("requests.ended_before", args["dialog"], request=request.id)
    return ended


AREA = Area(actions={"confirm_phone": _confirm, "refuse_phone": _refuse})
