"""Following up on a case: is it solved? No answer counts as yes after a week, since the customer can still reopen."""

from dataclasses import dataclass

from domain.effects import CustomerSaysSolved
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, days, done, go, hours, one_of


@dataclass(frozen=True)
class FollowUp:
    case: int


def took_verdict(follow_up: FollowUp, answer: Answer) -> Move[FollowUp]:
    if answer.choice == "solved":
        return done(follow_up, CustomerSaysSolved(follow_up.case, solved=True))
    if answer.choice == "unsolved":
        return go("reason", follow_up)
    return took_reason(follow_up, answer)


def took_reason(follow_up: FollowUp, answer: Answer) -> Move[FollowUp]:
    return done(follow_up, CustomerSaysSolved(follow_up.case, solved=False, text=answer.text))


def took_silence(follow_up: FollowUp) -> Move[FollowUp]:
    return done(follow_up, CustomerSaysSolved(follow_up.case, solved=True, silent=True))


def unsaid(follow_up: FollowUp) -> Move[FollowUp]:
    """Said "not solved" and nothing more: that is enough to go on."""
    return done(follow_up, CustomerSaysSolved(follow_up.case, solved=False))


FOLLOW_UP = Flow("follow_up", FollowUp, (
    #    step      says                accepts                             then          silent for then
    Step("solved", "follow_up.ask",    one_of("solved", "unsolved"),       took_verdict, days(7), took_silence),
    Step("reason", "follow_up.reason", TEXT | FILES,                       took_reason,  hours(2), unsaid),
), proactive=True)  # fmt: skip
