"""Not sure what somebody wants: one short question with the likeliest wishes on buttons, rather than a guess.

Unsure a second time, it is a person's turn; and so it is when nothing more is said, for it may have been a complaint.
"""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Choice, Do, OpenRequest, Say
from domain.events import Attachment
from domain.labels import Intent
from flows.flow import TEXT, Answer, Flow, Move, Step, done, one_of

QUIET = timedelta(minutes=15)


@dataclass(frozen=True)
class Clarify:
    """What was said, as `ref` names it; the likeliest intents, and `wishes`, the same as words of the question.

    From a chance of `least` on, a reading is sure enough to be followed.
    """

    text: str
    likely: tuple[str, ...]
    wishes: str
    least: float
    files: tuple[Attachment, ...] = ()
    ref: str = ""


def took_wish(asked: Clarify, answer: Answer) -> Move[Clarify]:
    """A tap names the wish; more words are read together with the first ones."""
    if answer.choice == "person":
        return done(asked, Do("want_person", {"text": asked.text}))
    if answer.choice:
        return done(asked, _meant(asked, asked.text, answer.choice))
    return _said_again(asked, answer)


def _said_again(asked: Clarify, answer: Answer) -> Move[Clarify]:
    whole = f"{asked.text}\n{answer.text}"
    intents = answer.reading.intents() if answer.reading else ()
    if not intents or intents[0][1] < asked.least:
        return done(asked, Say("clarify.to_person"), Do("want_person", {"text": whole}))
    intent = intents[0][0]
    return done(asked, _meant(asked, answer.text if intent is Intent.CHITCHAT else whole, intent))


def _meant(asked: Clarify, text: str, intent: str) -> Do:
    return Do("meant", {"text": text, "intent": intent, "files": asked.files, "ref": asked.ref})


def fell_silent(asked: Clarify) -> Move[Clarify]:
    """Somebody looks at it and answers; the customer hears so."""
    return done(asked, OpenRequest("question", asked.text))


def wishes(asked: Clarify) -> tuple[Choice, ...]:
    return tuple(Choice(intent) for intent in asked.likely)


CLARIFY = Flow("clarify", Clarify, (
    #    step    says           accepts                  then       silent for  then         offers
    Step("wish", "clarify.ask", TEXT | one_of("person"), took_wish, QUIET,      fell_silent, wishes),
), light=True)  # fmt: skip
