"""The cleaner's day: the list of jobs, the card of one with the button that comes next, and reporting a problem."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.effects import OpenCase, Say
from domain.labels import OrderStatus
from domain.roles import Role, require
from flows.report import Report
from handlers.dialog import Dialog
from handlers.orders.cards import buttons
from handlers.orders.telling import words
from handlers.running import begin
from handlers.turn import Turn
from storage import orders
from storage.orders import Order
from storage.people import Person

NEAR = timedelta(hours=12)
DAYS_AHEAD = 7


def my_day(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Say the jobs of today, or of `days` ahead, each with its buttons; an empty day names the next job."""
    require(Role(actor.role), "report_job")
    dialog: Dialog | None = args.get("dialog")
    since = midnight(turn, int(args.get("days", 0)))
    jobs = orders.of_cleaner(turn.tx, actor.id or 0, since, since + timedelta(days=1))
    if dialog is not None:
        _say_day(turn, dialog, since, jobs)
    return {"jobs": [order.number for order in jobs]}


def say_card(turn: Turn, dialog: Dialog, order: Order, key: str = "visits.card") -> None:
    """One job; what was done is not offered again."""
    args = words(turn, order, dialog.person.locale)
    turn.perform((Say(key, args, buttons=buttons(turn, order)),), dialog)


def current(turn: Turn, cleaner: int) -> Order | None:
    """The job at hand: one that has begun, else the one whose time is nearest."""
    around = orders.of_cleaner(turn.tx, cleaner, turn.now - NEAR, turn.now + NEAR)
    open_jobs = [order for order in around if order.status in (OrderStatus.STARTED, OrderStatus.BOOKED)]
    near = sorted(open_jobs, key=lambda order: (order.status != OrderStatus.STARTED, abs(order.starts_at - turn.now)))
    return near[0] if near else None


def last_job(turn: Turn, cleaner: int) -> Order | None:
    """What a report is most likely about: the job at hand, or the one that ended last."""
    around = orders.of_cleaner(turn.tx, cleaner, turn.now - 2 * NEAR, turn.now)
    return current(turn, cleaner) or (around[-1] if around else None)


def report(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """Begin a report about a job; with `text` it is complete already."""
    require(Role(actor.role), "report_problem")
    dialog: Dialog = args["dialog"]
    if args.get("text"):
        turn.perform((OpenCase(args["text"], "cleaner", args.get("order") or None),), dialog)
    else:
        begin(turn, dialog, "report", {"order": args.get("order", 0)})


def start_report(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Report:
    """About the order named, if it is the cleaner's own; else about the job at hand."""
    named = turn.tx.find(Order, args.get("order") or None)
    if named is not None and named.cleaner_id == dialog.person.id:
        return Report(named.id or 0)
    job = last_job(turn, dialog.person.id or 0)
    return Report(job.id or 0 if job is not None else 0)


def _say_day(turn: Turn, dialog: Dialog, day: datetime, jobs: list[Order]) -> None:
    if jobs:
        turn.say("visits.day", dialog, day=day, count=len(jobs))
        for order in jobs:
            say_card(turn, dialog, order)
        return
    ahead = orders.of_cleaner(turn.tx, dialog.person.id or 0, turn.now, turn.now + timedelta(days=DAYS_AHEAD))
    turn.say("visits.day_empty", dialog, day=day)
    if ahead:
        say_card(turn, dialog, ahead[0], "visits.next_card")


def midnight(turn: Turn, days: int) -> datetime:
    """The start of a day in the company's zone."""
    local = turn.now.astimezone(ZoneInfo(turn.world.company.hours.timezone)) + timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
