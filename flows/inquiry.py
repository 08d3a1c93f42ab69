"""An inquiry 咨询: the answer is said, and then the asker may book, ask on, or talk with a person.

The answer itself is composed from the company's catalogue before the flow begins.
"""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Do, Say, Start
from flows.flow import Answer, Flow, Move, Step, done, ends, one_of


@dataclass(frozen=True)
class Inquiry:
    """`service` is the id of the one service asked about, empty when none or several."""

    answer: str
    question: str = ""
    service: str = ""


def took_wish(inquiry: Inquiry, answer: Answer) -> Move[Inquiry]:
    """What the asker wants now that the answer is known."""
    if answer.choice == "book":
        return done(inquiry, Start("booking", {"service": inquiry.service}))
    if answer.choice == "person":
        return done(inquiry, Do("want_person", {"text": inquiry.question}))
    return done(inquiry, Say("inquiry.more"))


INQUIRY = Flow("inquiry", Inquiry, (
    #    step      says                accepts                           then       silent for          then
    Step("answer", "inquiry.answered", one_of("book", "more", "person"), took_wish, timedelta(hours=2), ends),
), light=True)  # fmt: skip
