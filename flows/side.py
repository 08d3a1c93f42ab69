"""The cleaner's side of a case: asked once, in their own words, and never as an accusation."""

from dataclasses import dataclass

from domain.effects import AddToCase, Say
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, hours, one_of


@dataclass(frozen=True)
class Side:
    case: int
    service: str = ""
    visit: str = ""
    matter: str = ""


def took_side(side: Side, answer: Answer) -> Move[Side]:
    if answer.choice == "skip":
        return done(side, AddToCase(side.case, "", question="side_skipped"), Say("side.thanks"))
    return done(side, AddToCase(side.case, answer.text, answer.files, question="side"), Say("side.thanks"))


SIDE = Flow("side", Side, (
    #    step    says        accepts                         then       silent for           then
    Step("tell", "side.ask", TEXT | FILES | one_of("skip"),  took_side, hours(12)           , ends),
))  # fmt: skip
