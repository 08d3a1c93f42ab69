"""Checkpoints 出发/到达/中途自查/完成: stored once whoever taps twice, and what each one leads to."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from domain.effects import CheckIn
from domain.labels import Checkpoint, OrderStatus
from domain.roles import Role, require
from flows.job import Job
from handlers.dialog import Dialog
from handlers.orders import progress, telling
from handlers.quiet import first_moment
from handlers.running import begin
from handlers.turn import Turn
from handlers.visits import checking, jobs, lateness, records
from storage import orders
from storage.orders import Checkin, Order
from storage.people import Person

TOO_EARLY = timedelta(hours=6)
NOT_BEGUN = "visits.not_begun"
WITH_PROOF = (Checkpoint.CHECKED, Checkpoint.FINISHED)


def check_in(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaner of the order reports a point; anything that does not fit is answered kindly and changes nothing."""
    require(Role(actor.role), "report_job")
    order, point = records.own_order(turn, actor, args["order"]), Checkpoint(args["point"])
    dialog: Dialog | None = args.get("dialog")
    refusal = _refusal(turn, order, point)
    if refusal:
        if dialog is not None and refusal == NOT_BEGUN:
            jobs.say_card(turn, dialog, order, refusal)
        elif dialog is not None:
            turn.say(refusal, dialog, **telling.words(turn, order))
        return {"order": order.number, "stored": False}
    turn.perform((CheckIn(order.id or 0, point.value),), dialog)
    if dialog is not None:
        _go_on(turn, dialog, turn.tx.get(Order, order.id or 0), point)
    return {"order": order.number, "stored": True}


def reported(turn: Turn, dialog: Dialog | None, effect: CheckIn) -> None:
    """Write a checkpoint, delay or spot check, and let follow what follows."""
    order = turn.tx.get(Order, effect.order)
    person = dialog.person.id if dialog is not None else order.cleaner_id
    if effect.point == "spot_check":
        checking.checked(turn, order, person or 0, effect)
    elif effect.point == "late":
        lateness.reported(turn, dialog, order, person or 0, effect)
    elif not _add_to_known(turn, order, effect):
        records.write(turn, order, person or 0, effect, effect.note)
        _follow(turn, order, Checkpoint(effect.point))


def start_job(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Job:
    return Job(args["order"], args["point"])


def _refusal(turn: Turn, order: Order, point: Checkpoint) -> str:
    """Why this report changes nothing, as a text key; "" when it counts."""
    done = {row.point for row in orders.checkins(turn.tx, order.id or 0)}
    if order.status == OrderStatus.CANCELLED:
        return "visits.is_cancelled"
    if point in done:
        return "visits.already"
    if order.status == OrderStatus.FINISHED:
        return "visits.is_finished"
    if point in WITH_PROOF and order.status == OrderStatus.BOOKED and turn.now < order.starts_at:
        return NOT_BEGUN
    return "visits.too_early" if order.starts_at - turn.now > TOO_EARLY else ""


def _add_to_known(turn: Turn, order: Order, effect: CheckIn) -> bool:
    """A second report of the same point only brings its note and pictures."""
    for row in orders.checkins(turn.tx, order.id or 0):
        if row.point == effect.point:
            note = "；".join(filter(None, (row.note, effect.note)))
            files = [*row.attachments, *(asdict(file) for file in effect.files)]
            turn.tx.change(Checkin, row.id or 0, note=note, attachments=files)
            return True
    return False


def _follow(turn: Turn, order: Order, point: Checkpoint) -> None:
    if point is Checkpoint.LEFT:
        _told_on_the_way(turn, order)
    elif point in (Checkpoint.ARRIVED, Checkpoint.CHECKED) and order.status == OrderStatus.BOOKED:
        progress.set_status(turn, order, OrderStatus.STARTED)
    elif point is Checkpoint.FINISHED:
        progress.set_status(turn, order, OrderStatus.FINISHED)


def _told_on_the_way(turn: Turn, order: Order) -> None:
    """Good to know, not worth waking anybody for."""
    if first_moment(turn, turn.person(order.customer_id)) == turn.now:
        expected = lateness.expected_at(turn, order)
        telling.customer(turn, order, "visits.on_the_way", at_once=True, expected=expected)


def _go_on(turn: Turn, dialog: Dialog, order: Order, point: Checkpoint) -> None:
    """The next button, or the question for pictures."""
    if point in WITH_PROOF:
        begin(turn, dialog, "job", {"order": order.id, "point": point.value})
    else:
        jobs.say_card(turn, dialog, order, f"visits.did_{point.value}")
