"""A complaint, step two: reconstruct 还原. At most two questions, then the customer sees what was understood.

Soothing has been said before this begins; silence lets what is known stand, and the intervention goes ahead.
"""

import re
from dataclasses import dataclass, replace

from domain.effects import AddToCase, Choice, ConfirmCase, Say, Start
from domain.labels import Demand
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, go, hours, minutes, one_of

MOST_QUESTIONS = 2
SAFE = "safe"
"""The last question to somebody in danger; nobody reads a summary while the house smells of gas."""
CALL = "phone"
"""Asked before it when nobody knows where to call them."""
EVIDENCE = "evidence"
TYPE = "type"
"""Asked first when we are not sure what it is about: what else is worth asking depends on it."""
TOLD_BESIDE = frozenset({"place", "objects", "occurred_at", "amounts", "demands"})
"""What an answer to another question may tell as well."""
MOBILE = r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
NUMBER = re.compile(rf"(?<![\d-])(?:{MOBILE}|0\d{{2,3}}[- ]?\d{{7,8}}|\+\d[\d -]{{6,16}}\d)(?![\d-])")


@dataclass(frozen=True)
class Complaint:
    """`asks` are the fields still worth a question, the most useful first; `offers` quick answers for each.

    `alone`: nobody of ours knows of it yet.
    """

    case: int
    asks: tuple[str, ...] = ()
    asked: int = 0
    offers: tuple[tuple[str, ...], ...] = ()
    alone: bool = False

    @property
    def asking(self) -> str:
        return self.asks[self.asked] if self.asked < len(self.asks) else ""


def first_step(complaint: Complaint) -> str:
    """Where to begin: with a question, or at once with the summary."""
    return "question" if complaint.asking else "confirm"


def took_detail(complaint: Complaint, answer: Answer) -> Move[Complaint]:
    """A detail, a picture, or a skip: keep it, and ask on while it is worth it."""
    field = complaint.asking
    after = _without_told(replace(complaint, asked=complaint.asked + 1), answer)
    step = "question" if after.asking and after.asked < MOST_QUESTIONS else "confirm"
    if field == TYPE:
        return _took_type(after, _quick(complaint, answer.choice) or answer.text, answer)
    if answer.choice == "skip":
        return let_stand(after) if field == SAFE else go(step, after)
    text = _quick(complaint, answer.choice) or answer.text
    added = AddToCase(complaint.case, text, answer.files, question=field)
    if field == SAFE:
        return done(after, added, ConfirmCase(complaint.case, by_customer=False))
    got = Say("complaint.kept_phone" if complaint.alone else "complaint.got_phone")
    thanks = (got,) if field == CALL and number_in(text) else ()
    return go(step, after, added, *thanks)


def _without_told(complaint: Complaint, answer: Answer) -> Complaint:
    """What was told together with this answer is not asked for any more."""
    asks, offers = complaint.asks, complaint.offers
    kept = [place for place, ask in enumerate(asks) if place < complaint.asked or not _tells(answer, ask)]
    return replace(
        complaint,
        asks=tuple(asks[place] for place in kept),
        offers=tuple(offers[place] for place in kept if place < len(offers)),
    )


def _tells(answer: Answer, field: str) -> bool:
    if field == EVIDENCE:
        return bool(answer.files)
    if field not in TOLD_BESIDE or answer.reading is None:
        return False
    told = getattr(answer.reading.matrix, field)
    return any(one is not Demand.NONE for one in told) if field == "demands" else bool(told)


def _took_type(after: Complaint, text: str, answer: Answer) -> Move[Complaint]:
    """Begin again with what matters for this type; skipped, it stays the type that was read."""
    said = () if answer.choice == "skip" else (AddToCase(after.case, text, answer.files, question=TYPE),)
    return done(after, *said, Start("complaint", {"case": after.case, "asked": after.asked}))


def number_in(text: str) -> str:
    """A phone number as it was written: mobile, with its area code, or from abroad; "" when there is none."""
    found = NUMBER.search(text)
    return found.group(0) if found else ""


def took_verdict(complaint: Complaint, answer: Answer) -> Move[Complaint]:
    """Right: go ahead. Wrong: ask what to put right. Words: they are the correction."""
    if answer.choice == "right":
        return done(complaint, ConfirmCase(complaint.case, by_customer=True))
    if answer.choice == "wrong":
        return go("correct", complaint)
    return took_correction(complaint, answer)


def took_correction(complaint: Complaint, answer: Answer) -> Move[Complaint]:
    """The customer's own words are the last ones."""
    return done(
        complaint,
        AddToCase(complaint.case, answer.text, answer.files, question="correction"),
        ConfirmCase(complaint.case, by_customer=True),
    )


def let_stand(complaint: Complaint) -> Move[Complaint]:
    """A silent customer is still a case: work goes on with what is known."""
    return done(complaint, ConfirmCase(complaint.case, by_customer=False))


def quick_answers(complaint: Complaint) -> tuple[Choice, ...]:
    """Answers that need one tap, for the question at hand."""
    labels = complaint.offers[complaint.asked] if complaint.asked < len(complaint.offers) else ()
    return tuple(Choice(f"quick{number}", label) for number, label in enumerate(labels))


def _quick(complaint: Complaint, choice: str) -> str:
    return next((offer.label for offer in quick_answers(complaint) if offer.id == choice), "")


COMPLAINT = Flow("complaint", Complaint, (
    #    step        says                      accepts                          then             silent for   then
    Step("question", "complaint.ask_{asking}", TEXT | FILES | one_of("skip"),   took_detail,     minutes(30), let_stand,
         offers=quick_answers),
    Step("confirm",  "complaint.confirm",      TEXT | one_of("right", "wrong"), took_verdict,    hours(2),    let_stand),
    Step("correct",  "complaint.correct",      TEXT | FILES,                    took_correction, hours(2),    let_stand),
), enter=first_step, leaves=let_stand)  # fmt: skip
