"""Moving or cancelling a visit that is booked 改约/取消: which one, to when, sure? Staff then carry it out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import Choice, OpenRequest, Say
from domain.labels import Intent
from flows.booking import three, time_in
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of


@dataclass(frozen=True)
class Change:
    """`change` is `move`, `cancel` or `edit`. `orders` are `id|label`; `slots` are `moment|label|time`.

    `exact` when the customer named a moment.
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
    words: str = ""

    @property
    def time(self) -> datetime | str:
        """As it is said back: the moment that was understood, or else the words."""
        return self.starts_at if self.exact and self.starts_at else self.when


def next_step(change: Change) -> str:
    if not change.order:
        return "order"
    if change.change == "move" and not change.when:
        return "when"
    return "confirm"


def took_order(change: Change, answer: Answer) -> Move[Change]:
    for order, label in (one.split("|", 1) for one in change.orders):
        if answer.choice == order:
            return _on(replace(change, order=int(order), visit=label))
    return done(change, Say("booking.kept"))


def took_time(change: Change, answer: Answer) -> Move[Change]:
    when, starts_at, exact = time_in(change.slots, answer, change.begun_at)
    return _on(replace(change, when=when[:300], starts_at=starts_at, exact=exact))


def took_confirmation(change: Change, answer: Answer) -> Move[Change]:
    if answer.choice == "keep":
        return done(change, Say("booking.kept"))
    if answer.choice == "move":
        return go("when", replace(change, change="move"))
    return done(change, OpenRequest("change", change.words, asked_for(change)))


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


def _on(change: Change) -> Move[Change]:
    return go(next_step(change), change)


SILENT = timedelta(hours=3)
CHANGE = Flow("change", Change, (
    #    step       says                       accepts                then               silent  then  offers
    Step("order",   "booking.which_visit",     one_of("keep"),        took_order,        SILENT, ends, orders),
    Step("when",    "booking.ask_new_time",    TEXT,                  took_time,         SILENT, ends, slots),
    Step("confirm", "booking.sure_{change}",   one_of(),              took_confirmation, SILENT, ends, ways),
), enter=next_step, yields=(Intent.COMPLAINT,))  # fmt: skip
