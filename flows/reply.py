"""Somebody of the company answers the customer of a case: the next words and pictures are passed on."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Do
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends


@dataclass(frozen=True)
class Reply:
    case: int
    number: str
    customer: str


def took_words(reply: Reply, answer: Answer) -> Move[Reply]:
    return done(reply, Do("reply_customer", {"case": reply.case, "text": answer.text, "files": answer.files}))


REPLY = Flow("reply", Reply, (
    #    step     says         accepts       then        silent for             then
    Step("words", "reply.ask", TEXT | FILES, took_words, timedelta(minutes=30), ends),
))  # fmt: skip
