"""More about a booking that nobody has decided yet: the customer thought again, and staff decide what was said last."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.effects import Say
from domain.understanding import Understanding
from flows.booking import LONGEST, time_in
from flows.flow import Answer
from flows.times import is_only_time, same_day
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.requests.cards import buttons, card
from handlers.turn import Turn
from storage import requests
from storage.requests import Request

LATELY = timedelta(hours=12)
KINDS = frozenset({"booking", "change"})


def undecided(turn: Turn, dialog: Dialog) -> Request | None:
    """What the customer asked for lately and still waits for."""
    mine = requests.open_of_customer(turn.tx, dialog.person.id or 0)
    return next((one for one in mine if one.kind in KINDS and turn.now - one.created_at <= LATELY), None)


def added(turn: Turn, dialog: Dialog, text: str, reading: Understanding) -> bool:
    """Keep these words with the request and tell whoever may decide it; False when nothing is undecided."""
    request = undecided(turn, dialog)
    if request is None:
        return False
    args = {**request.args, **_new_time(turn, request, text, reading)}
    turn.tx.change(Request, request.id or 0, text=f"{request.text}\n{text}"[: 2 * LONGEST].strip(), args=args)
    request = turn.tx.get(Request, request.id or 0)
    for person_id in escalation.who_knows(turn, f"request:{request.id}"):
        told = {**card(turn, request, turn.person(person_id).locale), "text": text}
        turn.perform((Say("requests.said_more", told, to=person_id, buttons=buttons(request)),), None)
    turn.say("requests.added", dialog)
    return True


def _new_time(turn: Turn, request: Request, text: str, reading: Understanding) -> Mapping[str, Any]:
    """Another time, when the words name one and nothing else: the button that accepts it must not accept the old."""
    if not is_only_time(text, reading, turn.now):
        return {}
    when, starts_at, exact = time_in((), Answer(text=text, reading=reading), turn.now)
    before = str(request.args.get("starts_at", ""))
    if starts_at is not None and exact and before:
        starts_at = same_day(starts_at, datetime.fromisoformat(before), text)
    return {"when": when, "starts_at": starts_at.isoformat() if starts_at else "", "exact": "yes" if exact else ""}
