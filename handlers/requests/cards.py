"""The card of a request: what staff need to decide it, and the buttons to do so. No phone number in full."""

from datetime import datetime
from typing import Any

from domain.effects import Action
from handlers.answers import catalogue
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from storage import people
from storage.orders import Order
from storage.outbox import Outbox
from storage.people import Person
from storage.requests import Request

BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    "booking": (
        ("accept_booking", "requests.accept_label"),
        ("other_time", "requests.other_time_label"),
        ("decline_booking", "requests.decline_label"),
    ),
    "change": (("accept_change", "requests.accept_label"), ("answer_request", "requests.answer_label")),
    "phone": (("confirm_phone", "requests.confirm_label"), ("refuse_phone", "requests.refuse_label")),
}
SAID_BY_US = ("booking.on_am", "booking.on_pm", "booking.moment")
USUAL = (
    ("take_request", "requests.take_label"),
    ("answer_request", "requests.answer_label"),
    ("end_request", "requests.end_label"),
)


def card(turn: Turn, request: Request, locale: str = DEFAULT_LOCALE) -> dict[str, Any]:
    """What fills `requests.card_<kind>`."""
    none = turn.world.texts.render("requests.none", {}, locale)
    told = {key: value or none for key, value in request.args.items()}
    known = catalogue.service(turn.world.company.catalogue, str(request.args.get("service", "")))
    if known is not None:
        told["service_name"] = catalogue.word(known, "name", locale)
    if request.args.get("starts_at"):
        moment = datetime.fromisoformat(str(request.args["starts_at"]))
        both = {"starts_at": moment, "when": when(turn, request, locale)}
        key = "requests.when" if both["when"] else "booking.moment"
        told["when"] = turn.world.texts.render(key, both, locale)
    phone, change = str(request.args.get("phone", "")), request.args.get("change")
    if change:
        told["wish"] = turn.world.texts.render(f"requests.change_{change}", told, locale)
        told["visit"] = visit(turn, turn.tx.get(Order, request.args["order"]), locale)
    if request.kind == "phone":
        told["match"] = match(turn, phone, locale)
    return {
        **told,
        "phone": masked(phone) if phone else none,
        "request": request.id,
        "text": request.text or turn.world.texts.render("requests.by_button", {}, locale),
        "customer": customer_name(turn, request.customer_id, locale),
    }


def buttons(request: Request) -> tuple[Action, ...]:
    """What can be done about it as it stands: nothing once it is over."""
    if request.state not in ("open", "taken"):
        return ()
    rows = BUTTONS.get(request.kind, USUAL if request.state == "open" else USUAL[1:])
    return tuple(Action(name, label, {"request": request.id}) for name, label in rows)


def request_of(message: Outbox) -> int | None:
    """The request that a message of ours belongs to, by its buttons: a reply to it is about that request."""
    for line in message.buttons:
        for button in line:
            if "request" in button.get("args", {}):
                return int(button["args"]["request"])
    return None


def customer_name(turn: Turn, person_id: int, locale: str) -> str:
    """What staff call the customer."""
    person = turn.tx.find(Person, person_id)
    return person.name if person is not None and person.name else turn.world.texts.render("labels.guest", {}, locale)


def visit(turn: Turn, order: Order, locale: str) -> str:
    """A visit on one line, for buttons and summaries."""
    service = catalogue.called(turn.world.company.catalogue, order.service, locale)
    return turn.world.texts.render("booking.visit", {"service": service, "starts_at": order.starts_at}, locale)


def match(turn: Turn, phone: str, locale: str) -> str:
    """Whether we know a customer by this number, for staff only."""
    known = people.customer_by_phone(turn.tx, phone)
    found = "requests.phone_known" if known is not None else "requests.phone_unknown"
    return turn.world.texts.render(found, {"name": known.name if known is not None else ""}, locale)


def when(turn: Turn, request: Request, locale: str) -> str:
    """The time asked for. What our buttons said to the customer is said in the reader's language; own words stay."""
    said, texts = str(request.args.get("when", "")), turn.world.texts
    if not request.args.get("starts_at"):
        return said
    moment = {"starts_at": datetime.fromisoformat(str(request.args["starts_at"]))}
    customer = turn.person(request.customer_id).locale
    key = next((key for key in SAID_BY_US if texts.render(key, moment, customer) == said), "")
    return texts.render(key, moment, locale) if key else said


def wished(turn: Turn, request: Request, locale: str) -> datetime | str:
    """The time asked for, to say to whoever asked: "明天下午三点" may be heard on another day."""
    if request.args.get("exact"):
        return datetime.fromisoformat(str(request.args["starts_at"]))
    return when(turn, request, locale)


def masked(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "****"
