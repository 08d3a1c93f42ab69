"""Closing a case: its grade for the case library 案例库, and what should be learned from it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.effects import Do
from domain.labels import Grade
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of

QUIET = timedelta(minutes=30)


@dataclass(frozen=True)
class Closing:
    case: int
    number: str
    grade: str = ""


def took_grade(closing: Closing, answer: Answer) -> Move[Closing]:
    """Best practice may stand for itself; what should change must be said."""
    graded = replace(closing, grade=answer.choice)
    return go("praise" if answer.choice == Grade.A else "lesson", graded)


def took_note(closing: Closing, answer: Answer) -> Move[Closing]:
    return done(closing, Do("close_case", {"case": closing.case, "grade": closing.grade, "note": answer.text}))


GRADES = one_of(*(grade.value for grade in Grade))
CLOSE_CASE = Flow("close_case", Closing, (
    #    step      says                          accepts                 then        silent for  then
    Step("grade",  "close_case.grade",           GRADES,                 took_grade, QUIET,      ends),
    Step("praise", "close_case.praise",          TEXT | one_of("skip"),  took_note,  QUIET,      ends),
    Step("lesson", "close_case.lesson_{grade}",  TEXT,                   took_note,  QUIET,      ends),
))  # fmt: skip
