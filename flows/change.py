"""Moving or cancelling a visit that is booked 改约/取消: which one, to when, sure? Staff then carry it out."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import Choice, OpenRequest, Say
from domain.labels import Intent
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of
from flows.sizes import is_only_size
from flows.times import ahead, is_only_time, is_over, no_such_day, same_day
from flows.visiting import Timed, at
from flows.wish import three, time_in

CALLS_OFF = re.compile(r"(?<!不)(?:取消|退单|撤单|不做了|不约了|别来|不用来)|cancel", re.IGNORECASE)
MOST_WORDS = 600


@dataclass(frozen=True)
class Change(Timed):
    """`change` is `move`, `cancel` or `edit`. `orders` are `id|label`; `slots` are `moment|label|time`."""

    change: str
    orders: tuple[str, ...]
    slots: tuple[str, ...]
    order: int = 0
    visit: str = ""
    words: str = ""


def next_step(change: Change) -> str:
    if not change.order:
        return "order"
    if change.change == "move" and change.nearest is not None:
        return "hours"
    if change.change == "move" and not (change.when or change.starts_at):
        return "when"
    return "confirm"


def took_order(change: Change, answer: Answer) -> Move[Change]:
    for order, label in (one.split("|", 1) for one in change.orders):
        if answer.choice == order:
            return _on(replace(change, order=int(order), visit=label))
    return done(change, Say("booking.kept"))


def took_time(change: Change, answer: Answer) -> Move[Change]:
    """A day that no calendar has, one that is over, or what is no time at all, is asked again."""
    if day := no_such_day(answer.text):
        return go("when", change, Say("booking.no_such_day", {"day": day}))
    if is_over(answer.reading, change.begun_at):
        return go("when", change, Say("booking.time_over"))
    if is_only_size(answer.text, answer.reading):
        return go("when", change, Say("booking.no_time"))
    when, starts_at, exact = time_in(change.slots, answer, change.begun_at)
    return _on(at(change, when, starts_at, _day(answer), exact=exact))


def took_hours(change: Change, answer: Answer) -> Move[Change]:
    """Nobody comes at that time: the nearest, another one, or said again, and staff decide."""
    kept = replace(change, nearest=None, doubted=True)
    if answer.choice == "near":
        return _on(replace(kept, when="", starts_at=change.nearest, exact=True))
    if answer.choice == "other":
        return go("when", replace(change, nearest=None, when="", starts_at=None, exact=False))
    if ahead(answer.reading, change.begun_at) is None and not no_such_day(answer.text):
        return _on(_with_words(kept, answer.text))
    return took_time(kept, answer)


def took_confirmation(change: Change, answer: Answer) -> Move[Change]:
    if answer.choice == "keep":
        return done(change, Say("booking.kept"))
    if answer.choice == "move":
        return go("when", replace(change, change="move"))
    if answer.text:
        return _thought_again(change, answer)
    return done(change, OpenRequest("change", change.words, asked_for(change)))


def _thought_again(change: Change, answer: Answer) -> Move[Change]:
    """Another time instead, or no visit at all; everything else is read by staff with the rest."""
    if CALLS_OFF.search(answer.text):
        return go("confirm", replace(change, change="cancel"))
    over = is_over(answer.reading, change.begun_at)
    if change.change != "edit" and (over or no_such_day(answer.text)):
        return took_time(replace(change, change="move"), answer)
    if change.change != "edit" and is_only_time(answer.text, answer.reading, change.begun_at):
        when, starts_at, exact = time_in(change.slots, answer, change.begun_at)
        if starts_at is not None and exact:
            starts_at = same_day(starts_at, change.starts_at or change.day, answer.text)
        return _on(at(replace(change, change="move"), when, starts_at, _day(answer), exact=exact))
    return go("confirm", _with_words(change, answer.text))


def _with_words(change: Change, text: str) -> Change:
    return replace(change, words=f"{change.words}；{text}"[:MOST_WORDS])


def asked_for(change: Change) -> dict[str, str | int]:
    """The request as staff get it, JSON-ready."""
    return {
        "change": change.change,
        "order": change.order,
        "visit": change.visit,
        "when": change.when,
        "starts_at": change.starts_at.isoformat() if change.starts_at else "",
    }


def orders(change: Change) -> tuple[Choice, ...]:
    return tuple(Choice(order, label) for order, label in (one.split("|", 1) for one in change.orders))


def slots(change: Change) -> tuple[Choice, ...]:
    return tuple(Choice(moment, label) for moment, label, _ in map(three, change.slots))


def ways(change: Change) -> tuple[Choice, ...]:
    """Somebody who cancels may rather move."""
    sure = ("yes", "move", "keep") if change.change == "cancel" else ("yes", "keep")
    return tuple(map(Choice, sure))


def _day(answer: Answer) -> datetime | None:
    read = answer.reading.matrix.occurred_at if answer.reading else None
    return read.start if read is not None else None


def _on(change: Change) -> Move[Change]:
    return go(next_step(change), change)


SILENT = timedelta(hours=3)
HOURS = TEXT | one_of("near", "other")
CHANGE = Flow("change", Change, (
    #    step       says                       accepts                then               silent  then  offers
    Step("order",   "booking.which_visit",     one_of("keep"),        took_order,        SILENT, ends, orders),
    Step("when",    "booking.ask_new_time",    TEXT,                  took_time,         SILENT, ends, slots),
    Step("hours",   "booking.out_of_hours",    HOURS,                 took_hours,        SILENT, ends),
    Step("confirm", "booking.sure_{change}",   TEXT,                  took_confirmation, SILENT, ends, ways),
), enter=next_step, yields=(Intent.COMPLAINT,))  # fmt: skip
