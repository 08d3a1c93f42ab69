"""Requests: what a person must decide or answer. They are kept, staff are called, and the asker is told honestly."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from domain.effects import Action, OpenRequest, Say
from domain.errors import Invalid, NotFound
from domain.events import Attachment, MessageCame
from domain.labels import Priority
from domain.roles import Role, require
from domain.understanding import Understanding
from flows.write_customer import WriteCustomer
from handlers import calendar, running
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.requests import bookings, talking
from handlers.requests.cards import customer_name
from handlers.turn import Turn
from storage import cases, requests
from storage.people import Person
from storage.requests import Request

SOON = frozenset({"booking", "change", "handoff"})
UNCALLED = frozenset({"suggestion"})
wants_booking = bookings.wanted


def wants_person(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """A human being, nothing else: the words are kept, and the chat is theirs from now on."""
    if not talking.passed_on(turn, dialog, message):
        call_person(turn, dialog, message.text)


def call_person(turn: Turn, dialog: Dialog, text: str) -> None:
    """Open the talk with staff, or go on with the one that is open."""
    mine = [one for one in requests.open_of_customer(turn.tx, dialog.person.id or 0) if one.kind == "handoff"]
    request_id = mine[0].id if mine else open_request(turn, dialog, OpenRequest("handoff", text))
    running.begin(turn, dialog, "talk", {"request": request_id})


def open_request(turn: Turn, dialog: Dialog, effect: OpenRequest) -> int:
    """Keep it and call somebody; the id of the request."""
    person = dialog.person
    turn.tx.touch(Person, person.id)
    request_id = turn.tx.add(
        Request, kind=effect.kind, customer_id=person.id or 0, text=effect.text, args=dict(effect.args),
        created_at=turn.now,
    )  # fmt: skip
    if effect.kind not in UNCALLED:
        priority = Priority.HIGH if effect.kind in SOON else Priority.NORMAL
        first = _knows(turn, person) if effect.kind == "handoff" else None
        about = f"request:{request_id}"
        escalation.start(turn, about, person.branch_id, urgent=False, priority=priority, first=first)
    return request_id


def _knows(turn: Turn, customer: Person) -> Person | None:
    """Who has the customer's open case and is on duty: whoever asks for a person most likely means them."""
    owners = [turn.tx.find(Person, case.owner_id) for case in cases.open_of_customer(turn.tx, customer.id or 0)]
    return next((owner for owner in owners if owner is not None and owner.on_duty), None)


def answer(turn: Turn, request: Request, actor: Person, text: str, files: tuple[Attachment, ...] = ()) -> bool:
    """A person's words reach the customer. A question is settled by it, a talk goes on. False without a chat."""
    request_id = request.id or 0
    require(Role(actor.role), "reply_customer")
    said = [*request.args.get("said", []), {"by": actor.id, "text": text, "files": [asdict(file) for file in files]}]
    turn.tx.change(Request, request_id, args={**request.args, "said": said}, owner_id=actor.id)
    _attend(turn, request_id, actor)
    escalation.acted(turn, f"request:{request_id}")
    if request.kind in ("question", "suggestion"):
        finish(turn, request_id, "done", actor)
    if turn.dialog_of(request.customer_id) is None:
        return False
    staff = actor.name or turn.world.company.name
    button = Action("reply_staff", "requests.reply_label", {"request": request_id})
    talks = talking.is_on(turn, request)
    key = "talk.from_staff" if talks else "requests.answered"
    args = {"text": text, "staff": staff, "question": request.text}
    buttons = () if talks else (button,)
    turn.perform((Say(key, args, to=request.customer_id, attachments=files, buttons=buttons),), None)
    return True


def finish(turn: Turn, request_id: int, state: str, actor: Person | None) -> bool:
    """`done` or `declined`; the calling stops. False when it was ended before."""
    escalation.end(turn, f"request:{request_id}")
    return requests.end(turn.tx, request_id, state, actor.id if actor is not None else None, turn.now)


def _opened(turn: Turn, dialog: Dialog | None, effect: OpenRequest) -> None:
    """From a flow: the asker is told what happens next, and from when on."""
    if dialog is None:
        raise NotFound
    open_request(turn, dialog, effect)
    branch = dialog.person.branch_id
    hours = "open" if calendar.is_open(turn, branch) else "closed"
    turn.say(f"requests.received_{effect.kind}_{hours}", dialog, opens_at=calendar.next_open(turn, branch))


def _take(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    require(Role(actor.role), "reply_customer")
    request = turn.tx.get(Request, args["request"])
    taken = _attend(turn, request.id or 0, actor)
    if taken:
        turn.tell(request.customer_id, "talk.taken", staff=actor.name)
    _to_actor(turn, args, "requests.taken" if taken else "requests.taken_before", request)
    return {"taken": taken}


def _attend(turn: Turn, request_id: int, actor: Person) -> bool:
    """It is this person's now, and the calling stops; False when it was somebody's before."""
    escalation.take(turn, f"request:{request_id}", actor)
    return requests.take(turn.tx, request_id, actor.id or 0)


def _write(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The next words of this person go to the customer; from the desk they come along as `text`."""
    require(Role(actor.role), "reply_customer")
    request = turn.tx.get(Request, args["request"])
    if args.get("text") or args.get("files"):
        sent = answer(turn, request, actor, args.get("text", ""), tuple(args.get("files", ())))
        _to_actor(turn, args, "requests.sent" if sent else "requests.not_sent", request)
        return {"sent": sent}
    if not args.get("dialog"):
        raise Invalid(fields={"text": "needed"})
    running.begin(turn, args["dialog"], "write_customer", {"request": request.id})
    return {}


def _end(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    require(Role(actor.role), "reply_customer")
    request = turn.tx.get(Request, args["request"])
    ended = finish(turn, request.id or 0, "done", actor)
    if ended:
        talking.over(turn, request)
    _to_actor(turn, args, "requests.ended" if ended else "requests.ended_before", request)
    return {"ended": ended}


def _want_person(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button: somebody wants to talk."""
    dialog = args.get("dialog") or turn.dialog_of(actor.id)
    if dialog is not None:
        call_person(turn, dialog, args.get("text", ""))


def _start_writing(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> WriteCustomer:
    request = turn.tx.get(Request, args["request"])
    return WriteCustomer(request.id or 0, customer_name(turn, request.customer_id, dialog.person.locale))


def _to_actor(turn: Turn, args: Mapping[str, Any], key: str, request: Request) -> None:
    if args.get("dialog"):
        name = customer_name(turn, request.customer_id, args["dialog"].person.locale)
        turn.say(key, args["dialog"], request=request.id, customer=name)


AREA = Area(
    effects={OpenRequest: _opened},
    actions={"take_request": _take, "answer_request": _write, "end_request": _end, "want_person": _want_person},
    starts={"write_customer": _start_writing},
)
