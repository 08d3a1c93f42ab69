"""Moving or cancelling a visit that is booked 改约/取消: which one, to when, sure? Staff then carry it out."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import Choice, OpenRequest, Say
from domain.labels import Intent
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of
from flows.sizes import is_only_size
from flows.times import ahead, is_only_time, is_over, no_such_day, same_day
from flows.visiting import Visiting
from flows.wish import three, time_in

CALLS_OFF = re.compile(r"(?<!不)(?:取消|退单|撤单|不做了|不约了|别来|不用来)|cancel", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """`change` is `move`, `cancel` or `edit`. `orders` are `id|label`; `slots` are `moment|label|time`.

    `exact` when the customer named a moment, `day` the one they named where no hour was said. `nearest` is what we
    offer for a time when nobody comes; `doubted`: we did, and said again the time is kept as it is.
    """

    change: str
    orders: tuple[str, ...]
    slots: tuple[str, ...]
    begun_at: datetime
    order: int = 0
    visit: str = ""
    when: str = ""
    starts_at: datetime | None = None
    exact: bool = False
    day: datetime | None = None
    words: str = ""
    visiting: Visiting | None = None
    nearest: datetime | None = None
    doubted: bool = False

    @property
    def opens(self) -> str:
        return f"{self.visiting.opens:%H:%M}" if self.visiting else ""

    @property
    def closes(self) -> str:
        return f"{self.visiting.closes:%H:%M}" if self.visiting else ""

    @property
    def time(self) -> datetime | str:
        """As it is said back: the moment that was understood, or else the words."""
        return self.starts_at if self.exact and self.starts_at else self.when


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
    return _on(_at(change, when, starts_at, _day(answer), exact=exact))


def took_hours(change: Change, answer: Answer) -> Move[Change]:
    """Nobody comes at that time: the nearest, another one, or said again, and staff decide."""
    kept = replace(change, nearest=None, doubted=True)
    if answer.choice == "near":
        return _on(replace(kept, when="", starts_at=change.nearest, exact=True))
    if answer.choice == "other":
        return go("when", replace(change, nearest=None, when="", starts_at=None, exact=False))
    if ahead(answer.reading, change.begun_at) is None and not no_such_day(answer.text):
        return _on(replace(kept, words=f"{change.words}；{answer.text}"[:600]))
    return took_time(kept, answer)


def _at(change: Change, when: str, starts_at: datetime | None, day: datetime | None, *, exact: bool) -> Change:
    there, nearest = change.visiting, None
    if there is not None and starts_at is not None and exact and not change.doubted:
        starts_at = there.by_day(starts_at, when)
    moment = starts_at or day
    if there is not None and moment is not None and not change.doubted:
        nearest = there.nearest(moment, change.begun_at, exact=exact)
    return replace(change, when=when[:300], starts_at=starts_at, exact=exact, day=day, nearest=nearest)


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
        return _on(_at(replace(change, change="move"), when, starts_at, _day(answer), exact=exact))
    return go("confirm", replace(change, words=f"{change.words}；{answer.text}"[:600]))


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
