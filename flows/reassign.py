"""Handing a case to another person on duty."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Choice, Do
from flows.flow import Answer, Flow, Move, Step, done, ends, one_of


@dataclass(frozen=True)
class Reassignment:
    """`people` are `id|name`; they become buttons."""

    case: int
    number: str
    people: tuple[str, ...]


def took_person(moving: Reassignment, answer: Answer) -> Move[Reassignment]:
    if answer.choice == "drop":
        return done(moving)
    return done(moving, Do("reassign_case", {"case": moving.case, "to": int(answer.choice)}))


def others(moving: Reassignment) -> tuple[Choice, ...]:
    return tuple(Choice(*person.split("|", 1)) for person in moving.people)


REASSIGN = Flow("reassign", Reassignment, (
    #    step      says            accepts         then         silent for             then
    Step("person", "reassign.ask", one_of("drop"), took_person, timedelta(minutes=30), ends, offers=others),
))  # fmt: skip
