"""A talk between a customer and a person of the company, through us: neither sees the other's contacts."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from domain.effects import Say
from domain.errors import Forbidden
from domain.events import MessageCame
from domain.roles import LEADS
from flows.flow import Answer
from flows.talk import Talk
from handlers import calendar, running
from handlers.area import Area
from handlers.cases.reached import is_known
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.requests.cards import buttons, customer_name
from handlers.turn import Turn
from storage import people, requests
from storage.people import Person
from storage.requests import Request


def passed_on(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """Whether a talk is on, in which case the words belong to it."""
    if dialog.current is None or dialog.current.flow != "talk":
        return False
    return running.answer(turn, dialog, Answer(text=message.text, files=message.attachments))


def is_on(turn: Turn, request: Request) -> bool:
    """Whether the customer stands in the talk about this request."""
    dialog = turn.dialog_of(request.customer_id)
    return dialog is not None and _standing_in(dialog, request.id or 0)


def is_taken(turn: Turn, dialog: Dialog) -> bool:
    """Whether a person has taken the talk that the customer stands in."""
    standing = dialog.current
    if standing is None or standing.flow != "talk":
        return False
    return turn.tx.get(Request, standing.state.request).owner_id is not None


def over(turn: Turn, request: Request) -> None:
    """Staff ended it: the customer's words are ours to answer again."""
    dialog = turn.dialog_of(request.customer_id)
    if dialog is None or not _standing_in(dialog, request.id or 0):
        return
    if dialog.current is not None and dialog.current.flow == "talk":
        dialog.current, dialog.paused = dialog.paused, None
    else:
        dialog.paused = None
    turn.say("talk.ended_by_staff", dialog)


def _tell_staff(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The customer said more: kept, and shown to whoever has taken it."""
    request = _own(turn, actor, args["request"])
    files = tuple(args.get("files", ()))
    words = {"by": actor.id, "text": args["text"], "files": [asdict(one) for one in files]}
    said = [*request.args.get("said", []), words]
    text = f"{request.text}\n{args['text']}" if request.owner_id is None and args["text"] else request.text
    turn.tx.change(Request, request.id or 0, args={**request.args, "said": said}, text=text)
    if request.owner_id is None:
        turn.say("talk.kept", args["dialog"])
        return
    owner = turn.person(request.owner_id)
    shown = {"customer": customer_name(turn, request.customer_id, owner.locale), "text": args["text"]}
    turn.perform(
        (Say("requests.customer_says", shown, to=request.owner_id, attachments=files, buttons=buttons(request)),), None
    )
    turn.say("talk.passed", args["dialog"], staff=owner.name)


def _end_talk(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The customer needs nobody any more, or fell silent after an answer."""
    request = _own(turn, actor, args["request"])
    if args.get("silent") and not _answered(request):
        return
    escalation.end(turn, f"request:{request.id}")
    if requests.end(turn.tx, request.id or 0, "done", request.owner_id, turn.now):
        _tell_ended(turn, request)


def _tell_ended(turn: Turn, request: Request) -> None:
    owner = turn.tx.find(Person, request.owner_id)
    if owner is not None:
        name = customer_name(turn, request.customer_id, owner.locale)
        turn.tell(owner.id, "requests.ended_by_customer", customer=name)


def _reply_staff(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button under a person's answer: the customer has more to say to them."""
    request = _own(turn, actor, args["request"])
    if not _standing_in(args["dialog"], request.id or 0):
        _go_on(turn, request)
        running.begin(turn, args["dialog"], "talk", {"request": request.id})


def _go_on(turn: Turn, request: Request) -> None:
    """Whoever had it has it again; when they left us, somebody else is called."""
    if people.still(turn.tx, request.owner_id, LEADS) is not None:
        requests.reopen(turn.tx, request.id or 0)
    else:
        requests.release(turn.tx, request.id or 0)
        escalation.mend(turn, f"request:{request.id}")


def _start(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Talk:
    branch = dialog.person.branch_id
    if not is_known(turn, f"request:{args['request']}"):
        return Talk(args["request"], "alone")
    if calendar.is_open(turn, branch):
        return Talk(args["request"], "open")
    return Talk(args["request"], "closed", calendar.next_open(turn, branch))


def _standing_in(dialog: Dialog, request_id: int) -> bool:
    both = (dialog.current, dialog.paused)
    return any(one is not None and one.flow == "talk" and one.state.request == request_id for one in both)


def _answered(request: Request) -> bool:
    """Whether staff had the last word."""
    said = request.args.get("said", [])
    return bool(said) and said[-1]["by"] != request.customer_id


def _own(turn: Turn, actor: Person, request_id: int) -> Request:
    request = turn.tx.get(Request, request_id)
    if request.customer_id != actor.id:
        raise Forbidden
    return request


AREA = Area(
    actions={"tell_staff": _tell_staff, "end_talk": _end_talk, "reply_staff": _reply_staff}, starts={"talk": _start}
)
