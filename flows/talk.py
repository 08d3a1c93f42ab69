"""Talking with a person 转人工: whatever the customer writes is passed on until either side ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.effects import Do, Say
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, one_of, stay


@dataclass(frozen=True)
class Talk:
    """`hours`: whether somebody is at work, `open` or `closed`, or `alone` when nobody could be called.

    `opens_at` is when somebody is next.
    """

    request: int
    hours: str
    opens_at: datetime | None = None


def took_words(talk: Talk, answer: Answer) -> Move[Talk]:
    if answer.choice == "end":
        return done(talk, Do("end_talk", {"request": talk.request}), Say("talk.ended"))
    return stay(talk, Do("tell_staff", {"request": talk.request, "text": answer.text, "files": answer.files}))


def fell_silent(talk: Talk) -> Move[Talk]:
    """What staff answered stands; what nobody answered stays open."""
    return done(talk, Do("end_talk", {"request": talk.request, "silent": True}))


TALK = Flow("talk", Talk, (
    #    step   says                accepts                        then        silent for           then
    Step("say", "talk.ask_{hours}", TEXT | FILES | one_of("end"),  took_words, timedelta(hours=24), fell_silent),
))  # fmt: skip
