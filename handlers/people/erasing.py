"""Erasing 删除: the person's data go, at once and everywhere; whoever writes on in this chat is somebody new."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.effects import EraseMe, Say
from domain.events import Address, OrderPosted
from flows.erase import Erase
from handlers import orders
from handlers.area import Area
from handlers.cases.cards import button
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.orders.telling import masked as place
from handlers.requests.cards import masked
from handlers.turn import Turn
from storage import cases, conversations, coupons, erasing, requests
from storage.cases import Case
from storage.conversations import Conversation
from storage.orders import Order, of_customer
from storage.people import Person, number_of

CODE_BYTES = 16
SHORTEST = 2


def erase(turn: Turn, person: Person) -> None:
    """Empty all rows of a customer. Visits ahead are cancelled; open cases go on without name and words."""
    person_id = person.id or 0
    mine = of_customer(turn.tx, person_id)
    words = list(_identity(person, mine))
    _end_business(turn, person_id, mine)
    chats = conversations.all_of_person(turn.tx, person_id)
    addresses = [Address(chat.channel, chat.chat) for chat in chats]
    asked = [one.id or 0 for one in requests.of_customer(turn.tx, person_id)]
    erasing.person(turn.tx, person_id, addresses, asked, turn.now, until=turn.event_id)
    erasing.sweep(turn.tx, words)
    for case in cases.open_of_customer(turn.tx, person_id):
        _tell_owner(turn, case)
    for chat in chats:
        _begin_anew(turn, chat, person.locale)


def _tell_owner(turn: Turn, case: Case) -> None:
    """Whoever goes on with it should not wait for an answer. Said last: what was said of this customer is swept."""
    if case.owner_id is not None:
        what = Say("staff.customer_erased", {"number": case.number}, to=case.owner_id, case=case.id,
                   buttons=(button(case, "show_case"),))  # fmt: skip
        turn.perform((what,), None)


def _end_business(turn: Turn, person_id: int, mine: list[Order]) -> None:
    for order in mine:
        if order.status == "booked" and order.starts_at > turn.now:
            orders.posted(turn, OrderPosted({"number": order.number, "event": "cancelled"}, origin="chat"))
        turn.tx.change(Order, order.id or 0, code=turn.world.code(CODE_BYTES))
    for request in requests.open_of_customer(turn.tx, person_id):
        escalation.end(turn, f"request:{request.id}")
        requests.end(turn.tx, request.id or 0, "declined", None, turn.now)
    for coupon in coupons.of_customer(turn.tx, person_id):
        if coupons.expire(turn.tx, coupon.id or 0):
            coupons.write_ledger(turn.tx, coupon.id or 0, "expire", -coupon.amount_fen, None, turn.now)


def _begin_anew(turn: Turn, chat: Conversation, locale: str) -> None:
    """The chat stays open, with somebody we know nothing about."""
    stranger = turn.tx.add(Person, locale=locale, created_at=turn.now)
    turn.tx.change(Conversation, chat.id or 0, person_id=stranger, current="", paused="")
    dialog = turn.dialog(chat.id or 0)
    if dialog is not None:
        dialog.person, dialog.current, dialog.paused = turn.person(stranger), None, None


def _identity(person: Person, mine: list[Order]) -> Iterator[str]:
    """What others may have written or been shown of this person, the longest first."""
    known = {person.name, number_of(person), *person.profile.get("needs", ())}
    for order in mine:
        known |= {order.address, place(order.address), order.needs}
    if person.phone:
        known.add(masked(person.phone))
    yield from sorted((word for word in known if len(word) >= SHORTEST), key=len, reverse=True)


def _erased(turn: Turn, dialog: Dialog | None, effect: EraseMe) -> None:
    if dialog is not None and dialog.person.role == "customer":
        erase(turn, dialog.person)
        turn.say("erase.done", dialog)


def _start(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Erase:
    person_id = dialog.person.id or 0
    ahead = [one for one in of_customer(turn.tx, person_id) if one.status == "booked" and one.starts_at > turn.now]
    unsettled = len(cases.open_of_customer(turn.tx, person_id))
    return Erase(unsettled, len(ahead), "" if unsettled or ahead else "_plain")


AREA = Area(effects={EraseMe: _erased}, starts={"erase": _start})
