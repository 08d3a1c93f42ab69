"""A supervisor's eye on the visits of the day, and the spot check 抽查."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.effects import Action, CheckIn, Say
from domain.roles import Role, require
from flows.spot_check import SpotCheck
from handlers.dialog import Dialog
from handlers.orders.telling import cleaner as tell_cleaner
from handlers.orders.telling import words
from handlers.running import begin
from handlers.turn import Turn
from handlers.visits import jobs, records
from storage import orders, people
from storage.orders import Order
from storage.people import Person

MOST = 12


def today(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Today's visits of the supervisor's branch, each with a button for a spot check."""
    require(Role(actor.role), "spot_check")
    since = jobs.midnight(turn, 0)
    visits = [
        order for order in orders.between(turn.tx, since, since + timedelta(days=1))
        if order.status != "cancelled" and actor.branch_id in (None, order.branch_id)
    ]  # fmt: skip
    dialog: Dialog | None = args.get("dialog")
    if dialog is not None:
        _say_visits(turn, dialog, visits)
    return {"orders": [order.number for order in visits]}


def spot_check(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """In a chat the questions begin; from the desk `result` (ok or fix) and `note` come along."""
    require(Role(actor.role), "spot_check")
    order = turn.tx.get(Order, args["order"])
    if args.get("result"):
        effect = CheckIn(order.id or 0, "spot_check", args.get("note", ""), result=args["result"])
        checked(turn, order, actor.id or 0, effect)
    else:
        begin(turn, args["dialog"], "spot_check", {"order": order.id})
    return {"order": order.number}


def start_spot_check(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> SpotCheck:
    order = turn.tx.get(Order, args["order"])
    cleaner = words(turn, order, dialog.person.locale)["cleaner"]
    return SpotCheck(order.id or 0, order.number, order.service, cleaner, order.starts_at)


def checked(turn: Turn, order: Order, person: int, effect: CheckIn) -> None:
    """Kept with the visit under its verdict; the cleaner hears it from us, with the words and pictures."""
    result = "ok" if effect.result == "ok" else "fix"
    verdict = turn.world.texts.render(f"spot_check.verdict_{result}", {}, "zh-CN")
    records.write(turn, order, person, effect, f"{verdict}：{effect.note}" if effect.note else verdict)
    tell_cleaner(turn, order, f"spot_check.told_{result}", note=effect.note)
    cleaner = people.still(turn.tx, order.cleaner_id, {Role.CLEANER})
    if effect.files and cleaner is not None:
        turn.perform((Say("spot_check.pictures", to=cleaner.id, attachments=effect.files),), None)


def _say_visits(turn: Turn, dialog: Dialog, visits: list[Order]) -> None:
    if not visits:
        turn.say("staff_visits.none_today", dialog)
    for order in visits[:MOST]:
        state = turn.world.texts.render(f"staff_visits.is_{order.status}", {}, dialog.person.locale)
        button = Action("spot_check", "staff_visits.spot_check_label", {"order": order.id})
        turn.perform((Say("staff_visits.row", {**words(turn, order), "state": state}, buttons=(button,)),), dialog)
