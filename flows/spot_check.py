"""A supervisor's spot check 抽查: a verdict, a word or a picture, and the cleaner hears it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import CheckIn, Say
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, go, one_of


@dataclass(frozen=True)
class SpotCheck:
    """`result` is `ok` or `fix`."""

    order: int
    number: str
    service: str
    cleaner: str
    starts_at: datetime
    result: str = ""


def took_result(check: SpotCheck, answer: Answer) -> Move[SpotCheck]:
    return go("note", replace(check, result=answer.choice))


def took_note(check: SpotCheck, answer: Answer) -> Move[SpotCheck]:
    """Kept with the visit and told to the cleaner."""
    checked = CheckIn(check.order, "spot_check", answer.text, answer.files, result=check.result)
    return done(check, checked, Say("spot_check.saved", {"cleaner": check.cleaner, "number": check.number}))


def kept_result(check: SpotCheck) -> Move[SpotCheck]:
    return took_note(check, Answer())


def unchecked(check: SpotCheck) -> Move[SpotCheck]:
    return done(check)


SKIP = one_of("skip")

SPOT_CHECK = Flow("spot_check", SpotCheck, (
    #    step      says                        accepts              then         silent for             then
    Step("result", "spot_check.ask",           one_of("ok", "fix"), took_result, timedelta(hours=2),    unchecked),
    Step("note",   "spot_check.note_{result}", TEXT | FILES | SKIP, took_note,   timedelta(minutes=30), kept_result),
))  # fmt: skip
