"""The case card that staff see: what they need to act, and a private number only where somebody must call at once."""

from typing import Any

from domain.effects import Action, Say
from domain.events import Attachment
from handlers.cases.records import quote
from handlers.cases.summary import for_staff
from handlers.files.files import ready
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from storage.cases import BY_CLEANER, Case, partner_id
from storage.orders import Order
from storage.people import Person


def card(turn: Turn, case: Case, locale: str = DEFAULT_LOCALE) -> dict[str, Any]:
    """What fills `staff.card`: names, times and texts ready to read."""
    texts = turn.world.texts
    order = turn.tx.find(Order, case.order_id)
    owner = turn.tx.find(Person, case.owner_id)
    return {
        "number": case.number,
        "type": texts.render(f"labels.type_{case.type}", {}, locale),
        "priority": texts.render(f"labels.priority_{case.priority}", {}, locale),
        "customer": customer_name(turn, case, locale),
        "reporter": partner_name(turn, case, locale),
        "order": f"{order.number} {order.service}" if order is not None else "—",
        "respond_by": case.respond_by,
        "resolve_by": case.resolve_by,
        "owner": owner.name if owner is not None else "—",
        "said": quote(case.text),
        "summary": for_staff(turn, case, locale),
    }


def customer_name(turn: Turn, case: Case, locale: str) -> str:
    """What staff call the customer; never a phone number."""
    return _name(turn, case.customer_id, locale)


def partner_name(turn: Turn, case: Case, locale: str) -> str:
    """Whom a reply to the card reaches: the customer, or the cleaner who reported it."""
    return _name(turn, partner_id(case), locale)


def button(case: Case, name: str) -> Action:
    """What can be done about a case; what is said to a cleaner is not called an answer to the customer."""
    to_cleaner = case.origin == BY_CLEANER and name == "reply_customer"
    return Action(name, f"staff.{'reply_cleaner' if to_cleaner else name}_label", {"case": case.id})


def tell_owner(turn: Turn, case: Case, key: str, *, files: tuple[Attachment, ...] = (), **args: Any) -> None:
    """Tell whoever holds the case; they can answer by replying to it. Files that are not here yet come after."""
    if case.owner_id is None:
        return
    said = {"number": case.number, "customer": partner_name(turn, case, owner_locale(turn, case)), **args}
    buttons = (button(case, "reply_customer"), button(case, "show_case"))
    what = Say(key, said, to=case.owner_id, case=case.id, buttons=buttons, attachments=ready(turn, files))
    turn.perform((what,), None)


def owner_locale(turn: Turn, case: Case) -> str:
    """The language of whoever holds the case."""
    owner = turn.tx.find(Person, case.owner_id)
    return owner.locale if owner is not None else DEFAULT_LOCALE


def _name(turn: Turn, person_id: int | None, locale: str) -> str:
    person = turn.tx.find(Person, person_id)
    name = person.name if person is not None else ""
    return name or turn.world.texts.render("labels.guest", {}, locale)
