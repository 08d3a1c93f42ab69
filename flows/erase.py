"""Deleting what we know of somebody 删除个人信息: said plainly what goes and what stays, then done at once."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import EraseMe, Say
from flows.flow import Answer, Flow, Move, Step, done, ends, one_of


@dataclass(frozen=True)
class Erase:
    """`open_cases` are told of: they are worked on to their end, without the name. `kind` is how to ask."""

    open_cases: int = 0
    visits: int = 0
    kind: str = ""


def took_decision(erase: Erase, answer: Answer) -> Move[Erase]:
    if answer.choice == "erase":
        return done(erase, EraseMe())
    return done(erase, Say("erase.kept"))


ERASE = Flow("erase", Erase, (
    #    step    says               accepts                  then           silent for          then
    Step("sure", "erase.ask{kind}", one_of("erase", "keep"), took_decision, timedelta(hours=1), ends),
))  # fmt: skip
