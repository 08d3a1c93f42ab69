"""Half-way through a visit: one light question, early enough to put things right while the cleaner is there."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import OpenCase, RaiseCase, SaveNeeds, Say
from domain.labels import CaseType, Intent, Priority
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, go, one_of

ASKING = ("让", "请", "帮", "别", "麻烦", "再", "顺便", "please", "could")


@dataclass(frozen=True)
class MidVisit:
    order: int
    cleaner: str


def took_mood(visit: MidVisit, answer: Answer) -> Move[MidVisit]:
    if answer.choice == "fine":
        return done(visit, Say("mid_visit.good"))
    if answer.choice == "problem":
        return go("what", visit)
    return took_words(visit, answer)


def took_words(visit: MidVisit, answer: Answer) -> Move[MidVisit]:
    """A complaint begins its walk, praise is thanked for, anything else is a wish the cleaner can still fulfil."""
    intent = answer.reading.intent if answer.reading else None
    if intent is Intent.COMPLAINT or answer.files:
        return took_problem(visit, answer)
    if intent in (Intent.PRAISE, Intent.CHITCHAT) and not any(word in answer.text for word in ASKING):
        return done(visit, Say("mid_visit.good"))
    return done(visit, SaveNeeds(visit.order, answer.text), Say("mid_visit.told_cleaner"))


def took_problem(visit: MidVisit, answer: Answer) -> Move[MidVisit]:
    """What the cleaner can still put right goes to them at once, a plain request to them alone."""
    if not _can_be_put_right(answer):
        return done(visit, _problem(visit, answer))
    told = (SaveNeeds(visit.order, answer.text), Say("mid_visit.told_cleaner"))
    asked = any(word in answer.text for word in ASKING)
    return done(visit, *told) if asked else done(visit, *told, _problem(visit, answer))


def kept_problem(visit: MidVisit) -> Move[MidVisit]:
    """Said that something is wrong and nothing more: somebody should look."""
    return done(visit, _problem(visit, Answer()))


def _can_be_put_right(answer: Answer) -> bool:
    """Something left undone, said calmly: not what somebody did, broke or took."""
    reading = answer.reading
    if reading is None or answer.files or not answer.text or reading.anger > 1:
        return False
    return reading.primary is CaseType.QUALITY and reading.priority in (Priority.NORMAL, Priority.LOW)


def _problem(visit: MidVisit, answer: Answer) -> OpenCase | RaiseCase:
    if answer.text:
        return OpenCase(answer.text, "chat", visit.order, answer.files)
    return RaiseCase("mid_visit.case", "chat", visit.order, files=answer.files)


MOOD = one_of("fine", "problem")

MID_VISIT = Flow("mid_visit", MidVisit, (
    #    step    says              accepts              then          silent for             then
    Step("ask",  "mid_visit.ask",  MOOD | TEXT | FILES, took_mood,    timedelta(hours=2),    ends),
    Step("what", "mid_visit.what", TEXT | FILES,        took_problem, timedelta(minutes=10), kept_problem),
), proactive=True, yields=(Intent.BOOKING, Intent.HANDOFF, Intent.STATUS))  # fmt: skip
