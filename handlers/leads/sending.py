"""A lead wrote without a reply mark: asked whom it is for, so that nothing reaches a customer by mistake."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from domain.effects import Action, Say
from domain.events import Attachment, MessageCame
from domain.roles import Role, require
from handlers.area import Area
from handlers.cases.cards import partner_name
from handlers.cases.records import find
from handlers.dialog import Dialog
from handlers.leads.chat import Args, answer
from handlers.requests.cards import customer_name
from handlers.turn import Turn
from storage import cases, requests
from storage.cases import Case
from storage.people import Person
from storage.requests import Request

MOST = 3
TALKS = frozenset({"handoff", "question"})
GREETING = 4
"""Shorter words are no message to anybody."""
AGAIN = timedelta(hours=1)


def asked(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """Offer who is talking with this lead, then the people of the cases in hand, the one that needs an answer first.

    False when there is nobody.
    """
    if len(message.text) < GREETING and not message.attachments:
        return False
    found = sorted(cases.of_owner(turn.tx, dialog.person.id or 0), key=lambda case: case.respond_by)
    talks = [one for one in requests.of_owner(turn.tx, dialog.person.id or 0) if one.kind in TALKS]
    buttons = (
        *(_to_talk(turn, dialog, one, message) for one in talks[-MOST:]),
        *(_button(turn, dialog, case, message) for case in found[:MOST]),
    )
    if buttons:
        turn.perform((Say("staff.for_whom", buttons=buttons),), dialog)
    return bool(buttons)


def _button(turn: Turn, dialog: Dialog, case: Case, message: MessageCame) -> Action:
    args = {
        "case": case.id,
        "number": case.number,
        "who": partner_name(turn, case, dialog.person.locale),
        "text": message.text,
        "files": [asdict(file) for file in message.attachments],
    }
    return Action("send_words", "staff.send_words_label", args)


def _to_talk(turn: Turn, dialog: Dialog, request: Request, message: MessageCame) -> Action:
    args = {
        "request": request.id,
        "who": customer_name(turn, request.customer_id, dialog.person.locale),
        "text": message.text,
        "files": [asdict(file) for file in message.attachments],
    }
    return Action("send_to_talk", "staff.send_to_talk_label", args)


def _send_to_talk(turn: Turn, actor: Person, args: Args) -> dict[str, Any] | None:
    """As an answer to the request; a second tap does not say it twice."""
    require(Role(actor.role), "reply_customer")
    said = turn.tx.get(Request, args["request"]).args.get("said", [])
    if said and (said[-1]["by"], said[-1]["text"]) == (actor.id, args["text"]):
        return {"sent": False}
    files = tuple(Attachment(**file) for file in args["files"])
    return turn.act("answer_request", actor, {**args, "files": files})


def _send(turn: Turn, actor: Person, args: Args) -> dict[str, Any] | None:
    """As a reply; a second tap on the button does not say it twice."""
    require(Role(actor.role), "reply_customer")
    case = find(turn, args["case"])
    same = (entry for entry in cases.entries(turn.tx, case.id or 0) if entry.kind == "reply")
    if any((entry.actor_id, entry.text) == (actor.id, args["text"]) and turn.now - entry.at < AGAIN for entry in same):
        answer(turn, args, "reply.sent_before", case)
        return {"sent": False}
    files = tuple(Attachment(**file) for file in args["files"])
    return turn.act("reply_customer", actor, {**args, "files": files})


AREA = Area(actions={"send_words": _send, "send_to_talk": _send_to_talk})
