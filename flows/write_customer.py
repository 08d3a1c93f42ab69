"""Somebody of the company writes to a customer about a request: the next words and pictures are sent."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Do
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends


@dataclass(frozen=True)
class WriteCustomer:
    request: int
    who: str


def took_words(write: WriteCustomer, answer: Answer) -> Move[WriteCustomer]:
    args = {"request": write.request, "text": answer.text, "files": answer.files}
    return done(write, Do("answer_request", args))


WRITE_CUSTOMER = Flow("write_customer", WriteCustomer, (
    #    step     says              accepts       then        silent for           then
    Step("write", "requests.write", TEXT | FILES, took_words, timedelta(hours=2), ends),
))  # fmt: skip
