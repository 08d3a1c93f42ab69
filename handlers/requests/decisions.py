"""Deciding about bookings: staff accept, name another time or decline; the customer has the last word."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.effects import Action, Say
from domain.errors import Forbidden, Invalid, NotFound
from domain.events import OrderPosted
from domain.roles import LEADS, Role, require
from flows.offer_time import OfferTime
from handlers import orders, running
from handlers.answers import catalogue
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.orders.telling import leading
from handlers.requests import assigning, slots
from handlers.requests.cards import customer_name, when, wished
from handlers.requests.requests import finish
from handlers.turn import Turn
from storage import people
from storage.people import Branch, Person
from storage.requests import Request


def _accept(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The order is made. Only when no time was understood, the time is asked for first."""
    require(Role(actor.role), "accept_booking")
    request = of_kind(turn, args, "booking")
    if ended(turn, args, request):
        return {"accepted": False}
    starts_at = args.get("time") or request.args.get("starts_at", "")
    if not starts_at:
        ask_time(turn, args, request, "accept_booking")
        return {}
    number = _order(turn, request, slots.parse(turn, starts_at, actor.locale), actor)
    to_actor(turn, args, "requests.accepted", request, number=number)
    if args.get("dialog"):
        assigning.ask(turn, actor, args["dialog"], number)
    return {"accepted": True, "number": number}


def _other_time(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button on the card: name a time that would do."""
    require(Role(actor.role), "accept_booking")
    request = of_kind(turn, args, "booking")
    if not ended(turn, args, request):
        ask_time(turn, args, request, "offer_time")


def _offer(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The customer is asked whether this time will do."""
    require(Role(actor.role), "accept_booking")
    request = of_kind(turn, args, "booking")
    if ended(turn, args, request):
        return {"offered": False}
    moment = slots.parse(turn, args["time"], actor.locale)
    offered = {**request.args, "offered": moment.isoformat(), "offered_by": actor.id}
    turn.tx.change(Request, request.id or 0, args=offered, owner_id=actor.id, state="taken")
    escalation.end(turn, f"request:{request.id}")
    about = {"request": request.id, "time": moment.isoformat()}
    buttons = (
        Action("take_time", "requests.take_time_label", about),
        Action("other_times", "requests.other_times_label", about),
        Action("drop_request", "requests.drop_label", about),
    )
    said = {**_asked(turn, request), "starts_at": moment}
    turn.perform((Say("requests.offered", said, to=request.customer_id, buttons=buttons),), None)
    to_actor(turn, args, "requests.offer_sent", request, starts_at=moment)
    return {"offered": True}


def _take_time(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The customer agrees with the time that staff named: that is an order."""
    request = _own(turn, actor, args)
    if request.args.get("offered") != args["time"] or ended(turn, args, request):
        turn.say("chat.stale_button", args["dialog"])
        return
    staff = _who_offered(turn, request)
    number = _order(turn, request, datetime.fromisoformat(args["time"]), staff)
    name = customer_name(turn, request.customer_id, staff.locale)
    turn.tell(staff.id, "requests.time_taken", customer=name, number=number)
    assigning.ask(turn, staff, None, number)


def _who_offered(turn: Turn, request: Request) -> Person:
    """Whoever named that time; when they left us, who has the request since, or leads."""
    offered_by = turn.person(request.args["offered_by"])
    ids = (offered_by.id, request.owner_id)
    known = [one for person_id in ids if (one := people.still(turn.tx, person_id, LEADS))]
    return next(iter([*known, *leading(turn, offered_by.branch_id)]), offered_by)


def _other_times(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """Neither time will do: asked anew, with all else known."""
    request = _own(turn, actor, args)
    if request.state in ("open", "taken"):
        finish(turn, request.id or 0, "declined", None)
    running.begin(turn, args["dialog"], "booking", {"service": request.args["service"], "before": request.args})


def _drop(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    request = _own(turn, actor, args)
    finish(turn, request.id or 0, "declined", None)
    owner = turn.tx.find(Person, request.owner_id)
    if owner is not None:
        name = customer_name(turn, request.customer_id, owner.locale)
        turn.tell(owner.id, "requests.dropped", customer=name, request=request.id)
    turn.say("booking.dropped", args["dialog"])


def _decline(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """We cannot come: said kindly, with what else is possible."""
    require(Role(actor.role), "accept_booking")
    request = of_kind(turn, args, "booking")
    if ended(turn, args, request):
        return {"declined": False}
    finish(turn, request.id or 0, "declined", actor)
    about = {"request": request.id}
    buttons = (
        Action("other_times", "requests.other_times_label", about),
        Action("want_person", "requests.person_label", {"text": request.text}),
    )
    turn.perform((Say("requests.declined", _asked(turn, request), to=request.customer_id, buttons=buttons),), None)
    to_actor(turn, args, "requests.decline_sent", request)
    return {"declined": True}


def _asked(turn: Turn, request: Request) -> dict[str, Any]:
    """What the customer wanted, as they hear it again."""
    wanted = wished(turn, request, turn.person(request.customer_id).locale)
    return {"service_name": request.args["service_name"], "when": wanted}


def _order(turn: Turn, request: Request, starts_at: datetime, staff: Person) -> str:
    """Post the order as the company's own system would; its number."""
    known = request.args
    area = int(float(known["area"].rstrip("㎡"))) if known.get("area") else None
    service = catalogue.service(turn.world.company.catalogue, known["service"])
    price, hours = catalogue.estimate(service, area)
    branch = turn.tx.find(Branch, staff.branch_id)
    number = f"DD{starts_at:%m%d}{request.id:04d}"
    order = {
        "number": number,
        "customer": _customer(request),
        "service": (service["name"] if service is not None else known["service_name"])[:100],
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=hours)).isoformat(),
        "address": known["address"][:200],
        "branch": branch.code if branch is not None else None,
        "region": catalogue.place_in(turn.world.company.catalogue, known["address"]) or None,
        "area_m2": area,
        "price_fen": price or None,
        "needs": known.get("notes") or None,
    }
    finish(turn, request.id or 0, "done", staff)
    said = {"service": known["service_name"], "starts_at": starts_at, "number": number, "address": known["address"]}
    post(turn, order, request.customer_id, "requests.booked", said)
    return number


def _customer(request: Request) -> dict[str, Any]:
    """By our own id, with what they told us of themselves."""
    told = {"name": request.args.get("called"), "phone": request.args.get("phone")}
    return {"id": request.customer_id} | {field: value for field, value in told.items() if value}


def post(turn: Turn, order: Mapping[str, Any], customer_id: int, key: str, said: Mapping[str, Any]) -> None:
    """Post the order; the customer, who waits for it, is told here unless that told them already."""
    before = turn.spoken
    orders.posted(turn, OrderPosted({name: value for name, value in order.items() if value is not None}, origin="chat"))
    if turn.spoken == before:
        turn.tell(customer_id, key, **said)


def of_kind(turn: Turn, args: Mapping[str, Any], kind: str) -> Request:
    """The request that is decided; raises `NotFound` for one of another kind."""
    request = turn.tx.get(Request, args["request"])
    if request.kind != kind:
        raise NotFound
    return request


def ask_time(turn: Turn, args: Mapping[str, Any], request: Request, action: str) -> None:
    """In the chat it is asked for; the desk and the API must bring it along: raises `Invalid`."""
    if not args.get("dialog"):
        raise Invalid(fields={"time": "needed: no time was understood"})
    running.begin(turn, args["dialog"], "offer_time", {"request": request.id, "action": action})


def ended(turn: Turn, args: Mapping[str, Any], request: Request) -> bool:
    """Somebody decided before: said so."""
    if request.state in ("open", "taken"):
        return False
    to_actor(turn, args, "requests.ended_before", request)
    return True


def _own(turn: Turn, actor: Person, args: Mapping[str, Any]) -> Request:
    request = of_kind(turn, args, "booking")
    if request.customer_id != actor.id:
        raise Forbidden
    return request


def to_actor(turn: Turn, args: Mapping[str, Any], key: str, request: Request, **more: Any) -> None:
    """To whoever pressed the button; the desk and the API read the answer instead."""
    if args.get("dialog"):
        name = customer_name(turn, request.customer_id, args["dialog"].person.locale)
        turn.say(key, args["dialog"], **{"request": request.id, "customer": name, **more})


def _start_offer(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> OfferTime:
    request = turn.tx.get(Request, args["request"])
    return OfferTime(
        request=request.id or 0,
        action=args["action"],
        who=customer_name(turn, request.customer_id, dialog.person.locale),
        when=when(turn, request, dialog.person.locale),
        slots=slots.upcoming(turn, dialog.person),
    )


AREA = Area(
    actions={
        "accept_booking": _accept,
        "other_time": _other_time,
        "offer_time": _offer,
        "decline_booking": _decline,
        "take_time": _take_time,
        "other_times": _other_times,
        "drop_request": _drop,
    },
    starts={"offer_time": _start_offer},
)
