"""A phone call-back 电话回访: a supervisor reads prepared questions and notes the answers, one tap or word each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import OpenCase, RaiseCase, SaveCall, SaveRating, Say
from domain.labels import Intent
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of

LOW = 2


@dataclass(frozen=True)
class CallBack:
    """`phone` is for the caller's eyes only; `unhappy` are words that complain, `wish` the last words said."""

    call: int
    order: int
    number: str
    service: str
    starts_at: datetime
    customer: str
    cleaner: str
    phone: str
    stars: int = 0
    unhappy: str = ""
    wish: str = ""


def took_reached(call: CallBack, answer: Answer) -> Move[CallBack]:
    """Nobody answered: it stays on the list. Not wanted: it is over."""
    if answer.choice == "no_answer":
        return done(call, SaveCall(call.call, {"reached": "no_answer"}), Say("call_back.stays"))
    if answer.choice == "refused":
        return done(call, SaveCall(call.call, {"reached": "refused"}, ended=True), Say("call_back.let_be"))
    return go("stars", call, SaveCall(call.call, {"reached": "yes"}))


def took_stars(call: CallBack, answer: Answer) -> Move[CallBack]:
    if answer.choice == "skip":
        return go("good", call)
    stars = int(answer.choice)
    kept = SaveCall(call.call, {"stars": answer.choice})
    return go("good", replace(call, stars=stars), kept, SaveRating(call.order, stars))


def took_words(question: str, following: str) -> Callable[[CallBack, Answer], Move[CallBack]]:
    """Keep an answer in the customer's words; remember it when it complains."""

    def took(call: CallBack, answer: Answer) -> Move[CallBack]:
        if answer.choice == "skip":
            return go(following, call)
        complains = answer.reading is not None and answer.reading.intent is Intent.COMPLAINT
        heard = replace(call, wish=answer.text, unhappy=answer.text if complains else call.unhappy)
        return go(following, heard, SaveCall(call.call, {question: answer.text}))

    return took


def took_again(call: CallBack, answer: Answer) -> Move[CallBack]:
    """The last question; what was bad becomes a case."""
    kept = SaveCall(call.call, {} if answer.choice == "skip" else {"again": answer.choice}, ended=True)
    if call.unhappy:
        return done(call, kept, OpenCase(call.unhappy, "staff", call.order))
    if 0 < call.stars <= LOW:
        return done(call, kept, RaiseCase("call_back.case", "staff", call.order, {"stars": call.stars}, call.wish))
    return done(call, kept, Say("call_back.saved"))


STARS = one_of("1", "2", "3", "4", "5", "skip")
REACHED = one_of("reached", "no_answer", "refused")
AGAIN = one_of("again_yes", "again_maybe", "again_no", "skip")
WHILE = timedelta(hours=4)

CALL_BACK = Flow("call_back", CallBack, (
    #    step      says                accepts                then                           silent then
    Step("call",   "call_back.card",   REACHED,               took_reached,                  WHILE, ends),
    Step("stars",  "call_back.stars",  STARS,                 took_stars,                    WHILE, ends),
    Step("good",   "call_back.good",   TEXT | one_of("skip"), took_words("good", "better"),  WHILE, ends),
    Step("better", "call_back.better", TEXT | one_of("skip"), took_words("better", "again"), WHILE, ends),
    Step("again",  "call_back.again",  AGAIN,                 took_again,                    WHILE, ends),
))  # fmt: skip
