"""Sums that a second person decides about: who that may be, and what becomes of them when their case ends before."""

from domain.effects import Say
from domain.roles import BOSSES
from handlers.cases.records import note
from handlers.turn import Turn
from storage import cases, conversations, people
from storage.cases import Case
from storage.people import Person


def deciders(turn: Turn, asker: int) -> list[Person]:
    """Who may say yes: on duty if somebody is, otherwise anybody who can be reached; never the one who asks."""
    bosses = [person for role in sorted(BOSSES) for person in people.with_role(turn.tx, role)]
    able = [person for person in bosses if person.id != asker and conversations.of_person(turn.tx, person.id or 0)]
    return [person for person in able if person.on_duty] or able


def withdraw(turn: Turn, case: Case) -> None:
    """The case is over: nothing more is given. Whoever asked and whoever should have decided hear so."""
    for approval in cases.withdraw(turn.tx, case.id or 0, turn.now):
        turn.clear_timer("approval_waits", f"approval:{approval.id}")
        note(
            turn, approval.case_id, "withdrawn", actor=approval.asked_by,
            amount_fen=approval.amount_fen, means=approval.kind,
        )  # fmt: skip
        asker = turn.person(approval.asked_by)
        told = {"number": case.number, "by": asker.name, "amount_fen": approval.amount_fen}
        for person in (asker, *deciders(turn, approval.asked_by)):
            turn.perform((Say("money.withdrawn", told, to=person.id, case=case.id),), None)
