"""What a customer asked for by phone or letter: their data handed out, or deleted, by somebody with the right to."""

from collections.abc import Mapping
from typing import Any

from domain.errors import NotFound
from domain.orders import plain_phone
from domain.roles import Role, require
from handlers.area import Area
from handlers.people.erasing import erase
from handlers.turn import Turn
from storage import cases, conversations, people
from storage.database import Tx
from storage.people import Person


def export_data(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Whose copy may be taken. The copy itself goes to no table: answers are kept with their event."""
    require(Role(actor.role), "export_data")
    return {"person": _customer(turn, args).id}


def erase_data(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """As if they had done it in the chat, where they hear that it is done."""
    require(Role(actor.role), "erase_data")
    person = _customer(turn, args)
    chats = conversations.of_person(turn.tx, person.id or 0)
    erase(turn, person)
    for chat in chats:
        turn.say("erase.done", turn.dialog(chat.id or 0))
    return {"person": person.id}


def _customer(turn: Turn, args: Mapping[str, Any]) -> Person:
    """`person` is an id; `who` a phone number, or the number of a case of theirs. Raises `NotFound`."""
    person_id = args.get("person")
    if person_id is None:
        person_id = called(turn.tx, str(args["who"]))
    found = turn.tx.find(Person, person_id)
    if found is None or found.role != Role.CUSTOMER or found.erased_at is not None:
        raise NotFound("没有这位客户：请给登记的手机号，或这位客户的案件编号。")
    return found


def called(tx: Tx, who: str) -> int | None:
    """Whom a phone number or the number of a case means."""
    case = cases.by_number(tx, who.strip().upper())
    if case is not None:
        return case.customer_id
    try:
        known = people.customer_by_phone(tx, plain_phone(who))
    except ValueError:
        return None
    return known.id if known is not None else None


AREA = Area(actions={"export_data": export_data, "erase_data": erase_data})
