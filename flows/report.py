"""A cleaner reports a problem: one tap says what it is about, one message says the rest, and a person sees it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.effects import OpenCase, RaiseCase
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, go, one_of


@dataclass(frozen=True)
class Report:
    """`order` is the job at hand, 0 when there is none."""

    order: int
    kind: str = ""


def took_what(report: Report, answer: Answer) -> Move[Report]:
    if answer.choice:
        return go("details", replace(report, kind=answer.choice))
    return took_details(report, answer)


def took_details(report: Report, answer: Answer) -> Move[Report]:
    """With a kind the words for it come from the texts, and what was written is added to them."""
    if report.kind:
        key = f"report.case_{report.kind}"
        return done(report, RaiseCase(key, "cleaner", report.order, text=answer.text, files=answer.files))
    if answer.text:
        return done(report, OpenCase(answer.text, "cleaner", report.order or None, answer.files))
    return done(report, RaiseCase("report.case_photo", "cleaner", report.order, files=answer.files))


def kept_kind(report: Report) -> Move[Report]:
    """A danger reported with one tap must not wait for words."""
    return took_details(report, Answer())


KINDS = one_of("locked", "absent", "broken_tool", "accident", "danger")
SEND = one_of("send")

REPORT = Flow("report", Report, (
    #    step       says                     accepts               then          silent for             then
    Step("what",    "report.ask",            KINDS | TEXT | FILES, took_what,    timedelta(minutes=30), ends),
    Step("details", "report.details_{kind}", SEND | TEXT | FILES,  took_details, timedelta(minutes=3),  kept_kind),
))  # fmt: skip
