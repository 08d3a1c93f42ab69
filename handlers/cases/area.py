"""What cases add to a turn."""

from collections.abc import Mapping
from typing import Any

from domain.effects import AddToCase, ConfirmCase, CustomerSaysSolved, OpenCase
from domain.events import Address
from domain.labels import Grade
from domain.roles import Role, require
from flows.complaint import Complaint
from flows.follow_up import FollowUp
from flows.showing import Showing
from flows.side import Side
from flows.write_staff import WriteStaff
from handlers import running
from handlers.area import Area
from handlers.cases import amending, ending, intervening, opening, pictures
from handlers.cases.asking import quick_answers, worth_asking
from handlers.cases.reached import is_known
from handlers.cases.records import find, note, quote
from handlers.cases.summary import summary
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.turn import Turn
from storage import cases
from storage.cases import Case, partner_id
from storage.orders import Order
from storage.people import Person


def start_complaint(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Complaint:
    case = find(turn, args["case"])
    asks = worth_asking(turn, case, args.get("asked", 0))
    offers = tuple(quick_answers(turn, case, field, dialog.person.locale) for field in asks)
    return Complaint(case.id or 0, asks, offers=offers, alone=not is_known(turn, f"case:{case.id}"))


def start_side(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Side:
    case = find(turn, args["case"])
    order = turn.tx.find(Order, case.order_id)
    locale = dialog.person.locale
    visit = turn.world.texts.render("labels.day", {"day": order.starts_at}, locale) if order is not None else ""
    matter = turn.world.texts.render(f"labels.type_{case.type}", {}, locale)
    return Side(case.id or 0, order.service if order is not None else "", visit, matter)


def start_showing(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Showing:
    order = opening.recent_order(turn, dialog.person.id or 0)
    return Showing(args["files"], order.id if order is not None else None)


def start_writing(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> WriteStaff:
    case = find(turn, args["case"])
    return WriteStaff(case.id or 0, case.number)


def start_follow_up(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> FollowUp | None:
    case = find(turn, args["case"])
    return None if case.status == "closed" else FollowUp(case.id or 0)


def grade(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Grade a closed case for the library; C goes to the owners."""
    require(Role(actor.role), "close_case")
    case, graded = find(turn, args["case"]), Grade(args["grade"])
    turn.tx.change(Case, case.id or 0, grade=graded.value)
    note(turn, case.id or 0, "graded", graded.value, actor=actor.id)
    if args.get("dialog"):
        turn.say("staff.graded", args["dialog"], number=case.number, grade=graded.value)
    if graded is Grade.C:
        owners = turn.world.registry.actions["tell_owners"]
        owners(turn, actor, {"case": case.id})
    return {"case": case.number, "grade": graded.value}


def task_done(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """A task is finished; said to whoever pressed."""
    require(Role(actor.role), "take_case")
    case = intervening.done_task(turn, args["task"], actor.id or 0)
    if args.get("dialog"):
        turn.say("staff.task_done", args["dialog"], number=case.number, what=args.get("what", ""))
    return {"case": case.number}


def answer_staff(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The customer wants to write to the person who has the case: the next words go there."""
    case = find(turn, args["case"])
    if partner_id(case) != actor.id:
        turn.say("chat.stale_button", args["dialog"])
    else:
        running.begin(turn, args["dialog"], "write_staff", {"case": case.id})


def open_by_staff(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """A phone call, a paper slip, another system: a case without a chat. `order` is our id or None."""
    require(Role(actor.role), "open_case")
    effect = OpenCase(args["text"], args.get("origin", "staff"), args.get("order"), least=args.get("priority", ""))
    case = opening.opened_by(turn, actor, effect)
    intervening.intervene(turn, case)
    opening.tell_customer(turn, case)
    return {"case": case.number, "id": case.id, "type": case.type, "priority": case.priority, "said": quote(case.text)}


def file_came(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A file that was still on its way when its words were passed on goes after them. `from` is the sender's chat."""
    sender = turn.dialog_at(Address(*args["from"].split(":", 1)))
    for case in cases.open_about(turn.tx, sender.person.id or 0) if sender is not None else ():
        if pictures.has(turn, case.id or 0, args["file"]):
            for person_id in escalation.who_knows(turn, f"case:{case.id}"):
                pictures.bring(turn, case.id or 0, person_id)


def case_facts(turn: Turn, case_id: int, locale: str) -> dict[str, Any]:
    """What any text about a case may be filled with."""
    case = find(turn, case_id)
    return {"case_number": case.number, "number": case.number, "summary": summary(turn, case, locale)}


AREA = Area(
    effects={
        OpenCase: opening.opened,
        AddToCase: amending.added,
        ConfirmCase: intervening.confirmed,
        CustomerSaysSolved: ending.verdict,
    },
    actions={
        "case_solved": ending.said_solved,
        "case_unsolved": ending.said_unsolved,
        "grade_case": grade,
        "task_done": task_done,
        "answer_staff": answer_staff,
        "open_case": open_by_staff,
        "case_file_came": file_came,
    },
    timers={"case_follow_up": ending.follow_up_due, "side_ask": intervening.side_due},
    starts={
        "complaint": start_complaint,
        "showing": start_showing,
        "side": start_side,
        "follow_up": start_follow_up,
        "write_staff": start_writing,
    },
    facts={"case": case_facts},
)
