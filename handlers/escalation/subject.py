"""What an escalation is about, a case or a request: its deadline, whom it waits for, and what a climb does to it."""

from datetime import datetime, timedelta

from domain.effects import Say
from handlers.calendar import at_work
from handlers.escalation.pings import split
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases
from storage.cases import Case
from storage.escalations import Escalation
from storage.people import Person
from storage.requests import Request


def resolve_by(turn: Turn, escalation: Escalation) -> datetime:
    """By when all should be done: a case knows it, for a request the policy says it."""
    kind, row_id = split(escalation.about)
    if kind == "case":
        return turn.tx.get(Case, row_id).resolve_by
    over = escalation.created_at + timedelta(minutes=escalation.ladder["resolve"])
    return at_work(turn, escalation.branch_id, over, urgent=escalation.ladder["urgent"])


def waits_for_customer(turn: Turn, about: str) -> bool:
    """For an answer, or for a word that it is solved."""
    kind, row_id = split(about)
    case = turn.tx.find(Case, row_id) if kind == "case" else None
    return case is not None and (case.waiting_since is not None or case.status == "resolved")


def owner(turn: Turn, about: str) -> int | None:
    """Who has it, or let it lie."""
    kind, row_id = split(about)
    return (turn.tx.get(Case, row_id) if kind == "case" else turn.tx.get(Request, row_id)).owner_id


def reopen(turn: Turn, about: str) -> None:
    """What its taker did nothing about waits for somebody again; the customer's words still reach the taker."""
    kind, row_id = split(about)
    if kind == "case":
        turn.tx.change(Case, row_id, status="open")
        cases.note(turn.tx, row_id, turn.now, "idle")
    else:
        turn.tx.change(Request, row_id, state="open")


def note_call(turn: Turn, about: str, person: Person) -> None:
    """Who was told that nobody was there hears that somebody is."""
    kind, row_id = split(about)
    if kind == "case":
        case = turn.tx.get(Case, row_id)
        said = {"number": case.number, "staff": person.name}
        turn.perform((Say("complaint.called", said, to=cases.partner_id(case), case=row_id),), None)


def note_climb(turn: Turn, about: str, level: int, people: list[Person]) -> None:
    kind, row_id = split(about)
    if kind == "case":
        names = "、".join(person.name for person in people)
        cases.note(turn.tx, row_id, turn.now, "escalated", text=names, data={"level": level})
        number = turn.tx.get(Case, row_id).number
        webhooks.emit(turn, "case.escalated", {"case": number, "level": level})
