"""A customer writes to the person who has the case."""

from dataclasses import dataclass

from domain.effects import AddToCase
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, minutes


@dataclass(frozen=True)
class WriteStaff:
    case: int
    number: str = ""


def took_words(write: WriteStaff, answer: Answer) -> Move[WriteStaff]:
    return done(write, AddToCase(write.case, answer.text, answer.files, question="to_staff"))


WRITE_STAFF = Flow("write_staff", WriteStaff, (
    #    step     says                  accepts       then        silent for   then
    Step("words", "complaint.write_to", TEXT | FILES, took_words, minutes(30), ends),
))  # fmt: skip
