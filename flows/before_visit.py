"""The day before a visit: what will happen, who comes, and whether there is anything the cleaner should know."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import OpenCase, SaveNeeds, Say
from domain.labels import Intent
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of


@dataclass(frozen=True)
class BeforeVisit:
    """`knowing` is `known` when the customer told us of lasting needs before (`known`), else `new`.

    `where` is the whole line with the address and its end, "" when the order names none.
    """

    order: int
    service: str
    starts_at: datetime
    ends_at: datetime
    cleaner: str
    address: str
    knowing: str = "new"
    known: str = ""
    kind: str = ""
    where: str = ""


def took_needs(visit: BeforeVisit, answer: Answer) -> Move[BeforeVisit]:
    """A button says what kind of need it is; words are the need itself."""
    match answer.choice:
        case "none":
            return done(visit, Say("before_visit.see_you"))
        case "write":
            return go("words", visit)
        case "":
            return took_words(visit, answer)
        case kind:
            return go("details", replace(visit, kind=kind))


def took_details(visit: BeforeVisit, answer: Answer) -> Move[BeforeVisit]:
    """Words for a kind of need; without them the kind alone is worth knowing."""
    return go("more", visit, SaveNeeds(visit.order, answer.text, visit.kind))


def took_words(visit: BeforeVisit, answer: Answer) -> Move[BeforeVisit]:
    """Usually a need; a complaint is never lost in a profile."""
    need = SaveNeeds(visit.order, answer.text)
    if answer.reading and answer.reading.intent is Intent.COMPLAINT:
        return done(visit, need, OpenCase(answer.text, "chat", visit.order))
    return go("more", visit, need)


def took_more(visit: BeforeVisit, answer: Answer) -> Move[BeforeVisit]:
    if answer.choice == "none":
        return done(visit, Say("before_visit.see_you"))
    kept = took_words(visit, answer)
    return kept if kept.to is None else done(visit, *kept.effects, Say("before_visit.noted"))


def kept_kind(visit: BeforeVisit) -> Move[BeforeVisit]:
    """Said "pets" and nothing more: the cleaner should still know."""
    return done(visit, SaveNeeds(visit.order, "", visit.kind))


NEEDS = one_of("none", "pets", "family", "material", "write")

BEFORE_VISIT = Flow("before_visit", BeforeVisit, (
    #    step       says                          accepts                 then          silent for           then
    Step("needs",   "before_visit.ask_{knowing}", NEEDS | TEXT,           took_needs,   timedelta(hours=14), ends),
    Step("details", "before_visit.ask_{kind}",    TEXT | one_of("skip"),  took_details, timedelta(hours=2),  kept_kind),
    Step("words",   "before_visit.words",         TEXT,                   took_words,   timedelta(hours=2),  ends),
    Step("more",    "before_visit.more",          TEXT | one_of("none"),  took_more,    timedelta(hours=2),  ends),
), proactive=True, yields=(Intent.BOOKING, Intent.HANDOFF, Intent.STATUS))  # fmt: skip
