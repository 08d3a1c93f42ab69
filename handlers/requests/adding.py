"""More about a booking that nobody has decided yet: the customer thought again, and staff decide what was said last."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.effects import Say
from domain.understanding import Understanding
from flows.booking import asked_for
from flows.flow import Answer
from flows.putting_right import put_right
from flows.times import is_only_time, same_day
from flows.visiting import LONGEST
from flows.wish import time_in
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.requests import wishes
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
    args = {**request.args, **_put_right(turn, request, text, reading)}
    turn.tx.change(Request, request.id or 0, text=f"{request.text}\n{text}"[: 2 * LONGEST].strip(), args=args)
    request = turn.tx.get(Request, request.id or 0)
    for person_id in escalation.who_knows(turn, f"request:{request.id}"):
        told = {**card(turn, request, turn.person(person_id).locale), "text": text}
        turn.perform((Say("requests.said_more", told, to=person_id, buttons=buttons(request)),), None)
    turn.say("requests.added", dialog)
    return True


def corrects(turn: Turn, dialog: Dialog, text: str, reading: Understanding) -> bool:
    """Whether words put right what an undecided booking asks for: "换成深度保洁可以吗", "地址错了，是…"."""
    request = undecided(turn, dialog)
    if request is None or request.kind != "booking":
        return False
    return put_right(wishes.of_request(turn, request), Answer(text=text, reading=reading), "") is not None


def _put_right(turn: Turn, request: Request, text: str, reading: Understanding) -> Mapping[str, Any]:
    """What is wanted now: the button that accepts it must not accept the old."""
    if request.kind != "booking":
        return _new_time(turn, request, text, reading)
    right = put_right(wishes.of_request(turn, request), Answer(text=text, reading=reading), "")
    return asked_for(right.booking) if right is not None and right.fields else {}


def _new_time(turn: Turn, request: Request, text: str, reading: Understanding) -> Mapping[str, Any]:
    """Another time for a visit, when the words name one and nothing else."""
    if not is_only_time(text, reading, turn.now):
        return {}
    when, starts_at, exact = time_in((), Answer(text=text, reading=reading), turn.now)
    before = str(request.args.get("starts_at", ""))
    if starts_at is not None and exact and before:
        starts_at = same_day(starts_at, datetime.fromisoformat(before), text)
    return {"when": when, "starts_at": starts_at.isoformat() if starts_at else "", "exact": "yes" if exact else ""}
