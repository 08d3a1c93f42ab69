"""Leaving: a chat can be reached no more. What was owed there goes another way if there is one; else staff are told."""

from datetime import timedelta

from domain.effects import Action, Say, SetTimer
from domain.events import Address
from domain.roles import BOSSES, Role
from handlers.cases.cards import customer_name
from handlers.cases.records import note
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases, conversations, outbox, people, requests, timers
from storage.cases import Case
from storage.conversations import Conversation
from storage.people import Person

SILENCE = "silence"
STILL_NEWS = timedelta(days=1)


def left(turn: Turn, address: Address) -> None:
    """The person blocked us, or the chat is gone. Told again about the same chat, nobody is disturbed again."""
    here = conversations.at(turn.tx, address)
    if here is None:
        return
    conversations.close(turn.tx, address)
    person = turn.person(here.person_id)
    others = conversations.of_person(turn.tx, here.person_id)
    if others:
        _go_on(turn, here, others[0])
    elif here.alive and person.role == Role.CUSTOMER:
        _tell_of_customer(turn, person)
    elif here.alive:
        for boss in _bosses(turn, person):
            turn.tell(boss.id, "leaving.staff", person=person.name)


def _go_on(turn: Turn, here: Conversation, there: Conversation) -> None:
    """In the chat used last: what was not delivered, and the question that waits, unless another one waits there."""
    since = turn.now - STILL_NEWS
    outbox.take_over(turn.tx, (here.channel, here.chat), (there.channel, there.chat), since)
    turn.channels.add(there.channel)
    old, new = turn.dialog(here.id or 0), turn.dialog(there.id or 0)
    if old is None or new is None or new.current is not None:
        return
    for standing in filter(None, (old.current, old.paused)):
        _move_silence(turn, old, new, standing.instance)
    new.current, new.paused, old.current, old.paused = old.current, old.paused, None, None


def _move_silence(turn: Turn, old: Dialog, new: Dialog, instance: int) -> None:
    """The patience we have with a question goes along with it."""
    timer = timers.find(turn.tx, SILENCE, f"conversation:{old.id}:{instance}")
    if timer is not None and timer.fired_at is None:
        turn.clear_timer(SILENCE, timer.about)
        turn.set_timer(SetTimer(SILENCE, "conversation", at=timer.due_at, args=timer.args), new)


def _tell_of_customer(turn: Turn, customer: Person) -> None:
    """Only somebody who waits for us is news: an open case, or a request that nobody ended."""
    customer_id = customer.id or 0
    for case in cases.open_of_customer(turn.tx, customer_id):
        note(turn, case.id or 0, "unreachable")
        for reader in _holders(turn, case.owner_id, case.branch_id):
            _tell_of_case(turn, reader, case)
    for request in requests.open_of_customer(turn.tx, customer_id):
        for reader in _holders(turn, request.owner_id, None):
            called = customer.name or turn.world.texts.render("labels.guest", {}, reader.locale)
            turn.tell(reader.id, "leaving.customer_request", customer=called)


def _tell_of_case(turn: Turn, reader: Person, case: Case) -> None:
    told = {"customer": customer_name(turn, case, reader.locale), "number": case.number}
    show = Action("show_case", "staff.show_case_label", {"case": case.id})
    turn.perform((Say("leaving.customer_case", told, buttons=(show,), to=reader.id, case=case.id),), None)


def _holders(turn: Turn, owner: int | None, branch: int | None) -> list[Person]:
    """Whoever has it, or those on duty."""
    return [turn.person(owner)] if owner is not None else people.on_duty(turn.tx, Role.SUPERVISOR, branch)


def _bosses(turn: Turn, besides: Person) -> list[Person]:
    found = [one for role in sorted(BOSSES) for one in people.on_duty(turn.tx, role, None)]
    return [one for one in found if one.id != besides.id]
