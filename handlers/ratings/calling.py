"""The call-back list 电话回访: who is owed a call, the prepared questions, and what was answered."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.effects import Action, OweCall, SaveCall, SaveRating, Say, SetTimer
from domain.errors import Invalid
from domain.events import TimerFired
from domain.labels import Intent, OrderStatus
from domain.roles import Role, require
from flows.call_back import CALL_BACK
from flows.call_back import CallBack as Calling
from handlers.dialog import Dialog
from handlers.orders import telling
from handlers.ratings.recording import LOW, complained, let_down
from handlers.running import begin
from handlers.turn import Turn
from storage import ratings, timers
from storage.orders import Order
from storage.people import Person
from storage.ratings import CallBack

MOST = 10
DIGEST_AT = time(10)
QUESTIONS = tuple(step.name for step in CALL_BACK.steps[1:])


def owed(turn: Turn, dialog: Dialog | None, effect: OweCall) -> None:
    """Put the order on the list once; supervisors hear of the list once a day."""
    order = turn.tx.get(Order, effect.order)
    turn.tx.touch(Order, order.id)
    if ratings.open_call_of_order(turn.tx, effect.order) is not None:
        return
    turn.tx.add(
        CallBack,
        order_id=order.id,
        customer_id=order.customer_id,
        reason=effect.reason,
        questions=[f"call_back.{question}" for question in QUESTIONS],
        created_at=turn.now,
    )
    _digest_later(turn, f"branch:{order.branch_id or 0}")


def digest_due(turn: Turn, timer: TimerFired) -> None:
    branch = int(timer.about.partition(":")[2]) or None
    calls = [call for call, order in _open(turn) if order.branch_id == branch]
    if calls:
        button = Action("call_list", "call_back.list_label")
        telling.leads(turn, branch, "call_back.digest", (button,), count=len(calls))


def call_list(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Who is owed a call at the caller's branch, the oldest first, each with a button."""
    require(Role(actor.role), "call_back")
    found = [pair for pair in _open(turn) if actor.branch_id in (None, pair[1].branch_id)]
    dialog: Dialog | None = args.get("dialog")
    if dialog is not None:
        _say_list(turn, dialog, found)
    return {"calls": [{"id": call.id, "order": order.number, "reason": call.reason} for call, order in found]}


def call_back(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Begin one call in the chat; the desk sends `answers` (`reached`, `stars`, `good`, `better`, `again`)."""
    require(Role(actor.role), "call_back")
    call = turn.tx.get(CallBack, args["call"])
    dialog: Dialog | None = args.get("dialog")
    if call.state != "open":
        if dialog is not None:
            turn.say("call_back.done_before", dialog)
        return {"call": call.id, "state": call.state}
    if dialog is not None:
        begin(turn, dialog, "call_back", {"call": call.id})
    else:
        _record(turn, actor, call, dict(args.get("answers", {})))
    return {"call": call.id, "state": turn.tx.get(CallBack, call.id or 0).state}


def start(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Calling:
    call = turn.tx.get(CallBack, args["call"])
    order = turn.tx.get(Order, call.order_id)
    customer = turn.person(order.customer_id)
    told = telling.words(turn, order, dialog.person.locale)
    return Calling(
        call=call.id or 0,
        order=order.id or 0,
        number=order.number,
        service=order.service,
        starts_at=order.starts_at,
        customer=told["customer"],
        cleaner=told["cleaner"],
        phone=customer.phone or turn.world.texts.render("call_back.no_phone", {}, dialog.person.locale),
    )


def saved(turn: Turn, dialog: Dialog | None, effect: SaveCall) -> None:
    """Keep what was answered; the one who ends the call is remembered."""
    call = turn.tx.get(CallBack, effect.call)
    tries = {"tries": call.answers.get("tries", 0) + 1} if "reached" in effect.answers else {}
    values: dict[str, Any] = {"answers": {**call.answers, **effect.answers, **tries}}
    if effect.ended:
        values |= {"state": "done", "done_at": turn.now, "done_by": dialog.person.id if dialog is not None else None}
    turn.tx.change(CallBack, call.id or 0, **values)


def _record(turn: Turn, actor: Person, call: CallBack, answers: dict[str, str]) -> None:
    """All answers at once. No answer leaves it open; a low one or a complaint becomes a case."""
    unknown = answers.keys() - {"reached", *QUESTIONS}
    if unknown or not answers:
        raise Invalid("请填写回访的回答。", fields=dict.fromkeys(unknown or {"answers"}, "unknown or empty"))
    turn.perform((SaveCall(call.id or 0, answers, ended=answers.get("reached") != "no_answer"),), None)
    if answers.get("reached") != "no_answer":
        turn.tx.change(CallBack, call.id or 0, done_by=actor.id)
    stars = int(answers.get("stars", "0")) if answers.get("stars", "0") in "012345" else 0
    if stars:
        turn.perform((SaveRating(call.order_id, stars),), None)
    order, unhappy = turn.tx.get(Order, call.order_id), _unhappy(turn, answers)
    if 0 < stars <= LOW:
        let_down(turn, actor, order, stars, "call_back.case", answers.get("better", "") or unhappy)
    elif unhappy:
        complained(turn, actor, order, unhappy)


def _unhappy(turn: Turn, answers: Mapping[str, str]) -> str:
    """What complains among the words noted down, whatever the stars; "" when nothing does."""
    said = (answers.get(question, "") for question in ("better", "good"))
    return next((words for words in said if words and turn.read(words).intent is Intent.COMPLAINT), "")


def _open(turn: Turn) -> list[tuple[CallBack, Order]]:
    pairs = [(call, turn.tx.get(Order, call.order_id)) for call in ratings.open_calls(turn.tx)]
    return [(call, order) for call, order in pairs if order.status != OrderStatus.CANCELLED]


def _say_list(turn: Turn, dialog: Dialog, found: list[tuple[CallBack, Order]]) -> None:
    texts, locale = turn.world.texts, dialog.person.locale
    if not found:
        turn.say("call_back.list_empty", dialog)
        return
    turn.say("call_back.list", dialog, count=len(found))
    for call, order in found[:MOST]:
        why = texts.render(f"call_back.why_{call.reason}", {}, locale)
        args = {**telling.words(turn, order, locale), "why": why}
        button = Action("call_back", "call_back.begin_label", {"call": call.id})
        turn.perform((Say("call_back.row", args, buttons=(button,)),), dialog)


def _digest_later(turn: Turn, about: str) -> None:
    """At ten in the morning, the next one; a waiting digest already covers it."""
    waiting = timers.find(turn.tx, "calls_digest", about)
    if waiting is not None and waiting.fired_at is None:
        return
    zone = ZoneInfo(turn.world.company.hours.timezone)
    moment = datetime.combine(turn.now.astimezone(zone).date(), DIGEST_AT, zone)
    turn.set_timer(SetTimer("calls_digest", about, at=moment if moment > turn.now else moment + timedelta(days=1)))
