"""The card of a request: what staff need to decide it, and the buttons to do so. No phone number in full."""

from datetime import datetime
from typing import Any

from domain.effects import Action
from handlers.answers import catalogue
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
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
        read = {"starts_at": datetime.fromisoformat(str(request.args["starts_at"])), "when": request.args.get("when")}
        told["when"] = turn.world.texts.render("requests.when", read, locale)
    phone, change = str(request.args.get("phone", "")), request.args.get("change")
    if change:
        told["wish"] = turn.world.texts.render(f"requests.change_{change}", told, locale)
    return {
        **told,
        "phone": masked(phone) if phone else none,
        "request": request.id,
        "text": request.text or turn.world.texts.render("requests.by_button", {}, locale),
        "customer": customer_name(turn, request.customer_id),
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


def customer_name(turn: Turn, person_id: int) -> str:
    """What staff call the customer."""
    person = turn.tx.find(Person, person_id)
    return person.name if person is not None and person.name else turn.world.texts.render("labels.guest", {}, "zh-CN")


def masked(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "****"
