"""离职: somebody leaves the company. What was in their hands goes to others in the same turn, and nothing is lost.

From then on they are a customer like any other: no role, no branch, no desk, no call of ours. Their name stays on
what they did.
"""

from collections.abc import Mapping
from typing import Any

from domain.effects import Action, Say
from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.labels import OrderStatus
from domain.roles import Role, is_above, require
from handlers import orders, running
from handlers.area import Area
from handlers.cases.records import note
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.orders.telling import leading
from handlers.turn import Turn
from storage import cases, conversations, departures, desk, facts, links, outbox, people, requests
from storage import orders as visits
from storage.cases import Case
from storage.departures import Departure
from storage.orders import Order
from storage.people import Person, is_system

MOST_BUTTONS = 6


def dismiss(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """`person` is an id, or `name` a colleague's. Answers how much was handed on; `dismissed` is false for who is gone.

    Raises `Forbidden` for whoever is not below, oneself, and the last owner.
    """
    require(Role(actor.role), "dismiss_staff")
    person = turn.person(int(args["person"])) if args.get("person") else _named(turn, str(args["name"]))
    if not Role(person.role).is_staff or is_system(person):
        return _gone_before(turn, person)
    _check(turn, actor, person)
    _leave_chats(turn, person)
    _become_customer(turn, actor, person)
    held = _hand_back(turn, actor, person)
    coming = _free_visits(turn, person)
    turn.tell(person.id, "parting.goodbye", company=turn.world.company.name)
    return {"dismissed": True, "name": person.name, **held, "visits": coming}


def _named(turn: Turn, name: str) -> Person:
    """The colleague of this name, or whoever of this name left last; raises `NotFound` or `Conflict`."""
    everybody = [person for role in Role if role.is_staff for person in people.with_role(turn.tx, role)]
    found = [person for person in everybody if person.name == name]
    if len(found) > 1:
        raise Conflict(f"有 {len(found)} 位同事都叫{name}，请在工作台的“员工”页上办理。")
    left = found or departures.called(turn.tx, name)
    if not left:
        raise NotFound(f"没有叫{name}的同事。")
    return left[0]


def _gone_before(turn: Turn, person: Person) -> dict[str, Any]:
    """Twice is once; who never was one of us cannot leave."""
    if departures.of_person(turn.tx, person.id or 0) is None:
        raise NotFound
    return {"dismissed": False, "name": person.name}


def _check(turn: Turn, actor: Person, person: Person) -> None:
    """Two owners who let each other go at the same moment: one comes first."""
    why = ""
    if person.id == actor.id:
        why = "parting.not_yourself"
    elif not is_above(Role(actor.role), Role(person.role)):
        why = "parting.owners_only"
    elif person.role == Role.OWNER:
        facts.touch(turn.tx, "owners")
        owners = [one for one in people.with_role(turn.tx, Role.OWNER) if not is_system(one)]
        why = "parting.last_owner" if len(owners) == 1 else ""
    if why:
        raise Forbidden(turn.world.texts.render(why, {"who": person.name}, actor.locale))


def _leave_chats(turn: Turn, person: Person) -> None:
    """What they were being asked is settled as if they had gone, and what they were still to hear is not said."""
    for dialog in _dialogs(turn, person):
        running.leave_all(turn, dialog)
    outbox.withdraw(turn.tx, person.id or 0, "left the company")


def _dialogs(turn: Turn, person: Person) -> list[Dialog]:
    """In every chat of theirs, also in those that cannot be reached now."""
    chats = conversations.all_of_person(turn.tx, person.id or 0)
    return [dialog for chat in chats if (dialog := turn.dialog(chat.id or 0))]


def _become_customer(turn: Turn, actor: Person, person: Person) -> None:
    """Invitations go with them: those made out to them, and those they made and might still have."""
    person_id = person.id or 0
    turn.tx.change(Person, person_id, role=Role.CUSTOMER.value, branch_id=None, on_duty=False)
    for dialog in _dialogs(turn, person):
        dialog.person = turn.person(person_id)
    known = {"role": person.role, "branch_id": person.branch_id, "by_id": actor.id}
    turn.tx.put(Departure, person_id=person_id, at=turn.now, **known)
    desk.close(turn.tx, person_id)
    for link in links.invitations(turn.tx, turn.now):
        if link.args.get("by") == person_id or (person.name and link.args.get("name") == person.name):
            links.void(turn.tx, link.id or 0, turn.now)


def _hand_back(turn: Turn, actor: Person, person: Person) -> dict[str, int]:
    """Cases, requests and tasks are nobody's, and the ladder calls the next; how many of them there were."""
    person_id = person.id or 0
    held, asked = cases.of_owner(turn.tx, person_id), requests.of_owner(turn.tx, person_id)
    for case in held:
        status = "open" if case.status == "taken" else case.status
        turn.tx.change(Case, case.id or 0, owner_id=None, status=status)
        note(turn, case.id or 0, "left", person.name, actor=actor.id)
    for request in asked:
        requests.release(turn.tx, request.id or 0)
    cases.hand_back_tasks(turn.tx, person_id)
    escalation.forget(turn, person)
    return {"cases": len(held), "requests": len(asked)}


def _free_visits(turn: Turn, person: Person) -> int:
    """Who goes now is for the leads of each branch to say; what is going on already stays with who began it."""
    ahead = visits.ahead(turn.tx, person.id or 0, turn.now)
    for order in ahead:
        if order.status == OrderStatus.BOOKED:
            orders.unassign(turn, order)
    for branch in dict.fromkeys(order.branch_id for order in ahead):
        _tell_leads(turn, person, branch, [order for order in ahead if order.branch_id == branch])
    return len(ahead)


def _tell_leads(turn: Turn, person: Person, branch: int | None, ahead: list[Order]) -> None:
    """All visits in one message, each line with its number and time; buttons for the first of them."""
    free = [order for order in ahead if order.status == OrderStatus.BOOKED][:MOST_BUTTONS]
    buttons = tuple(
        Action("pick_cleaner", "parting.pick_label", {"order": order.id, "number": order.number}) for order in free
    )
    for lead in leading(turn, branch):
        lines = "\n".join(_line(turn, order, lead.locale) for order in ahead)
        told = {"who": person.name, "count": len(ahead), "lines": lines}
        turn.perform((Say("parting.visits", told, buttons=buttons, to=lead.id),), None)


def _line(turn: Turn, order: Order, locale: str) -> str:
    known = {"number": order.number, "starts_at": order.starts_at}
    return turn.world.texts.render(f"parting.line_{order.status}", known, locale)


def _void(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """An invitation that should not be used after all."""
    require(Role(actor.role), "invite_staff")
    link = turn.tx.get(links.Link, int(args["invitation"]))
    if link.kind != links.STAFF:
        raise Invalid
    return {"voided": links.void(turn.tx, link.id or 0, turn.now)}


AREA = Area(actions={"dismiss_staff": dismiss, "void_invitation": _void})
