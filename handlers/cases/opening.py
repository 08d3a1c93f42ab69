"""Opening a case, or joining what was said to one that is open: from any free text, rating, report or call."""

import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal

from domain.effects import OpenCase, Say
from domain.events import Attachment, MessageCame
from domain.labels import CaseType, Priority
from domain.roles import Role
from domain.understanding import Understanding
from handlers import running
from handlers.cases import amending, calling, ending, intervening, kinds
from handlers.cases.clocks import deadlines, promise
from handlers.cases.hints import hint
from handlers.cases.reached import call_us, is_known
from handlers.cases.records import as_data, find, note, quote, reasons
from handlers.cases.soothing import soothe
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.orders.standing import drop
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases, orders
from storage.cases import Case
from storage.orders import Order
from storage.people import Person

RECENT_ORDER = timedelta(days=30)
FIRST_NUMBER = 1000
WISHES = re.compile("退|赔|道歉|重做|重新|返工|派人|换人|refund|redo|apolog|compensat", re.IGNORECASE)
"""What is asked for is read as a fact as well."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case starts from."""

    text: str
    origin: str
    reading: Understanding
    customer: int | None
    reporter: int | None
    order: Order | None
    files: tuple[Attachment, ...] = ()
    ref: str = ""
    least: str = ""


def complained(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """A customer's own words. They join an open case about the same, reopen a fresh closed one, or begin a new one."""
    customer = dialog.person.id or 0
    known = matching(turn, customer, reading)
    if known is not None and known.status == "closed":
        ending.reopen(turn, known, dialog, message.text)
        amending.join(turn, dialog, find(turn, known.id or 0), message, reading, key="complaint.reopened")
        return
    if known is not None:
        amending.join(turn, dialog, known, message, reading)
        return
    order = recent_order(turn, customer)
    opening = Opening(message.text, "chat", reading, customer, customer, order, message.attachments, message.ref)
    walk(turn, dialog, open_new(turn, opening))


def keep(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """A complaint said to a person: it joins its case or becomes one, and the person goes on talking."""
    customer = dialog.person.id or 0
    known = matching(turn, customer, reading)
    if known is not None and known.status != "closed":
        amending.record(turn, dialog, known, message, reading)
        return
    order = recent_order(turn, customer)
    open_new(turn, Opening(message.text, "chat", reading, customer, customer, order, message.attachments, message.ref))


def opened(turn: Turn, dialog: Dialog | None, effect: OpenCase) -> None:
    """A case from a flow: a rating, a cleaner's report. The customer's walk begins when it is their own chat."""
    if dialog is None:
        return
    case = opened_by(turn, dialog.person, effect)
    if case.customer_id == dialog.person.id:
        walk(turn, dialog, case)
        return
    if case.hazard:
        turn.say(f"safety.{case.hazard}", dialog)
    by_lead = Role(dialog.person.role).is_lead
    heard = "registered" if by_lead else "reported" if is_known(turn, f"case:{case.id}") else "reported_alone"
    turn.say(f"complaint.{heard}", dialog, number=case.number, call_us=call_us(turn, dialog.person.locale))
    intervening.intervene(turn, case)
    if by_lead:
        tell_customer(turn, case)


def tell_customer(turn: Turn, case: Case) -> None:
    """Whoever complained on the phone or on paper learns the number too, where they can be reached."""
    dialog = turn.dialog_of(case.customer_id)
    if dialog is None:
        return
    if case.hazard:
        turn.perform((Say(f"safety.{case.hazard}", urgent=True, to=case.customer_id),), None)
    told = {"matter": quote(case.text), "number": case.number, "promise": promise(turn, case, dialog.person.locale)}
    turn.perform((Say("complaint.phoned", told, to=case.customer_id, case=case.id),), None)


def opened_by(turn: Turn, reporter: Person, effect: OpenCase) -> Case:
    """A case that a person reports; the customer is the order's, or the reporter."""
    order = turn.tx.find(Order, effect.order)
    by_customer = reporter.role == Role.CUSTOMER
    customer = order.customer_id if order is not None else reporter.id if by_customer else None
    sender: Literal["customer", "cleaner"] = "cleaner" if effect.origin == "cleaner" else "customer"
    reading = turn.read(effect.text, sender)
    least = effect.least or (Priority.HIGH.value if sender == "cleaner" and _is_on(turn, order) else "")
    opening = Opening(effect.text, effect.origin, reading, customer, reporter.id, order, effect.files, least=least)
    return open_new(turn, opening)


def _is_on(turn: Turn, order: Order | None) -> bool:
    """Whether the visit goes on or should: a cleaner who stands there cannot wait until the afternoon."""
    if order is None or order.status not in ("booked", "started"):
        return False
    return order.starts_at - timedelta(hours=1) <= turn.now <= order.ends_at


def open_new(turn: Turn, opening: Opening) -> Case:
    """Write the case, start its clocks, and let the people on duty know."""
    reading = opening.reading
    priority = reading.priority or Priority.NORMAL
    if opening.least:
        priority = priority.at_least(Priority(opening.least))
    kind = reading.primary or CaseType.OTHER
    order = opening.order
    branch = order.branch_id if order is not None else None
    turn.tx.touch(Person, opening.customer or opening.reporter)
    respond_by, resolve_by = deadlines(turn, branch, priority)
    case_id = turn.tx.next_id(Case)
    turn.tx.add(
        Case,
        id=case_id,
        number=f"HX{FIRST_NUMBER + case_id}",
        customer_id=opening.customer,
        reporter_id=opening.reporter,
        order_id=order.id if order else None,
        cleaner_id=order.cleaner_id if order else None,
        branch_id=branch,
        origin=opening.origin,
        type=kind.value,
        secondary=[second.value for second in reading.secondary],
        doubts=kinds.doubtful(turn, reading),
        priority=priority.value,
        anger=reading.anger,
        hazard=reading.hazard.value if reading.hazard and priority is Priority.URGENT else "",
        text=opening.text,
        matrix=_matrix(opening),
        why=reasons(reading),
        policy=intervening.frozen(turn.world.company, kind, priority),
        opened_at=turn.now,
        respond_by=respond_by,
        resolve_by=resolve_by,
    )
    _announce(turn, case_id, opening, priority)
    return find(turn, case_id)


def walk(turn: Turn, dialog: Dialog, case: Case) -> None:
    """Soothe within this turn; then ask. Work on what is urgent begins at once, and a trifle needs no questions."""
    order = turn.tx.find(Order, case.order_id)
    if order is not None:
        drop(turn, case.customer_id, order, ("before_visit", "mid_visit"))
    soothe(turn, dialog, case, case.text)
    if case.priority == Priority.URGENT:
        calling.keep(turn, case, case.text)
    if case.priority in (Priority.URGENT, Priority.LOW):
        intervening.intervene(turn, find(turn, case.id or 0))
    if case.priority != Priority.LOW:
        running.begin(turn, dialog, "complaint", {"case": case.id})


def matching(turn: Turn, customer: int, reading: Understanding) -> Case | None:
    """An open case about the same matter, or one closed so recently that it may be reopened."""
    limit = turn.now - timedelta(days=turn.world.company.visits.reopen_days)
    for case in cases.of_customer(turn.tx, customer):
        fresh = case.status != "closed" or (case.closed_at is not None and case.closed_at >= limit)
        if fresh and (_same_matter(case, reading) or (case.status != "closed" and _only_wishes(reading))):
            return case
    return None


def is_walking(turn: Turn, dialog: Dialog, reading: Understanding) -> bool:
    """Whether this danger is the one whose case is being walked right now."""
    standing = dialog.current
    if standing is None or standing.flow != "complaint":
        return False
    return find(turn, standing.state.case).hazard == (reading.hazard or "")


def recent_order(turn: Turn, customer: int) -> Order | None:
    """The visit a complaint is most likely about: the latest that has begun, not too long ago."""
    for order in orders.of_customer(turn.tx, customer):
        if order.starts_at <= turn.now + timedelta(hours=1) and order.status != "cancelled":
            return order if turn.now - order.starts_at <= RECENT_ORDER else None
    return None


def _same_matter(case: Case, reading: Understanding) -> bool:
    """The same type, or one of the two says too little to tell."""
    kind = (reading.primary or CaseType.OTHER).value
    return kind in (case.type, CaseType.OTHER.value) or case.type == CaseType.OTHER or kind in case.secondary


def _only_wishes(reading: Understanding) -> bool:
    """ "我要退款，还要道歉" says what is wanted and of nothing new: it is about what is open already."""
    matrix = reading.matrix
    told = (matrix.occurred_at, *matrix.place, *matrix.objects, *matrix.actors, *matrix.impact)
    facts = (fact for fact in matrix.facts if not WISHES.search(fact.text))
    return bool(matrix.demands) and reading.hazard is None and not any(told) and not any(facts)


def _matrix(opening: Opening) -> dict[str, object]:
    matrix = as_data(opening.reading.matrix)
    if opening.files:
        matrix["evidence"] = [file.file for file in opening.files]
    return matrix


def _announce(turn: Turn, case_id: int, opening: Opening, priority: Priority) -> None:
    files = [asdict(file) for file in opening.files]
    note(turn, case_id, "opened", opening.text, actor=opening.reporter, audience="all", ref=opening.ref, files=files)
    case = find(turn, case_id)
    hint(turn, case)
    webhooks.emit(turn, "case.opened", {"case": case.number, "type": case.type, "priority": case.priority})
    escalation.start(turn, f"case:{case_id}", case.branch_id, urgent=priority is Priority.URGENT, priority=priority)
