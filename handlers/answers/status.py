"""查进度: open cases, visits ahead and what was asked for, all in one message."""

import re

from domain.effects import Action, Say
from domain.events import MessageCame
from domain.understanding import Understanding
from handlers.answers import catalogue
from handlers.area import Area
from handlers.cases.reached import is_known
from handlers.dialog import Dialog
from handlers.requests import phones
from handlers.turn import Turn
from storage import cases, orders, requests
from storage.cases import Case
from storage.orders import Order
from storage.people import Person
from storage.requests import Request

SHOWN = frozenset({"booking", "change", "question", "handoff", "phone", "data"})
BOOK = Action("want_booking", "feedback.booking_label")
_WHO_OR_WHEN = r"谁|哪位|哪个|几位|几个人|几点|几时|什么时候|啥时候|多久|邊個|边个|邊位|边位|who|when|what time"
_COMES = r"来(?!处理|解决|跟进|负责)|上门|出发|到(?!账|帐|哪一?步)|嚟|com(e|ing)|arriv"
OF_A_VISIT = re.compile(rf"({_WHO_OR_WHEN}).{{0,12}}({_COMES})|({_COMES}).{{0,8}}({_WHO_OR_WHEN})", re.IGNORECASE)
"""Who comes, or when they do: a question about a visit, whatever else is going on."""


def asked(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """What is open, the newest case first; when nothing is, so it is said."""
    if phones.offered(turn, dialog, message.text):
        return
    person_id = dialog.person.id or 0
    mine = orders.of_customer(turn.tx, person_id)
    visits = [_visit(turn, dialog, one) for one in _ahead(turn, mine)]
    open_cases = [_case(turn, dialog, one) for one in cases.open_of_customer(turn.tx, person_id)]
    asked_for = [one for one in requests.open_of_customer(turn.tx, person_id) if one.kind in SHOWN]
    lines = [*open_cases, *visits, *(_request(turn, dialog, one) for one in asked_for)]
    if lines and not visits and OF_A_VISIT.search(message.text):
        booking = any(one.kind == "booking" for one in asked_for)
        no_visit = Say("status.no_visit", {"lines": "\n\n".join(lines)}, buttons=() if booking else (BOOK,))
        turn.perform((no_visit,), dialog)
    elif lines:
        turn.say("status.open", dialog, lines="\n\n".join(lines))
    else:
        _say_nothing(turn, dialog, mine, of_a_visit=OF_A_VISIT.search(message.text) is not None)


def _say_nothing(turn: Turn, dialog: Dialog, mine: list[Order], *, of_a_visit: bool) -> None:
    """Whoever asks for the cleaner after today's visit is told that it is done."""
    done = next((one for one in mine if one.status == "finished" and one.starts_at.date() == turn.now.date()), None)
    if of_a_visit and done is not None:
        service = catalogue.called(turn.world.company.catalogue, done.service, dialog.person.locale)
        turn.perform((Say("status.visit_over", {"service": service}, buttons=(BOOK,)),), dialog)
    else:
        turn.say("status.nothing" if mine else "status.unknown", dialog)


def _ahead(turn: Turn, mine: list[Order]) -> list[Order]:
    """Visits that are on or still to come, the next one first."""
    live = [one for one in mine if one.status in ("booked", "started") and one.ends_at > turn.now]
    return sorted(live, key=lambda one: one.starts_at)[:3]


def _case(turn: Turn, dialog: Dialog, case: Case) -> str:
    texts, locale = turn.world.texts, dialog.person.locale
    due = case.resolve_by if case.responded_at or case.owner_id else case.respond_by
    args = {
        "number": case.number,
        "type": texts.render(f"labels.type_{case.type}", {}, locale),
        "owner": _title(turn, dialog, case.owner_id),
        "due": due,
    }
    if case.status == "open" and not is_known(turn, f"case:{case.id}"):
        return texts.render("status.case_alone", args, locale)
    late = "_late" if due <= turn.now and case.status != "resolved" else ""
    return texts.render(f"status.case_{case.status}{late}", args, locale)


def _visit(turn: Turn, dialog: Dialog, order: Order) -> str:
    locale = dialog.person.locale
    args = {
        "service": catalogue.called(turn.world.company.catalogue, order.service, locale),
        "starts_at": order.starts_at,
        "cleaner": _title(turn, dialog, order.cleaner_id),
    }
    kind = order.status if order.status == "started" or order.cleaner_id else "unassigned"
    return turn.world.texts.render(f"status.visit_{kind}", args, locale)


def _request(turn: Turn, dialog: Dialog, request: Request) -> str:
    args = {"what": turn.world.texts.render(f"status.what_{request.kind}", {}, dialog.person.locale),
            "owner": _title(turn, dialog, request.owner_id), "at": request.created_at}  # fmt: skip
    return turn.world.texts.render(f"status.request_{request.state}", args, dialog.person.locale)


def _title(turn: Turn, dialog: Dialog, person_id: int | None) -> str:
    """陈主管, 李师傅: a surname with what they are; whoever has a title in the name keeps it."""
    person = turn.tx.find(Person, person_id)
    if person is None or not person.name:
        return turn.world.texts.render("status.nobody", {}, dialog.person.locale)
    key = f"status.title_{person.role}"
    if dialog.person.locale != "zh-CN" or any(title in person.name for title in ("主管", "经理", "总", "师傅", "阿姨")):
        return person.name
    return turn.world.texts.render(key, {"surname": person.name[0]}, dialog.person.locale)


AREA = Area()
