"""A supervisor names a time for a booking request: one question, one answer."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Choice, Do
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends
from flows.wish import three


@dataclass(frozen=True)
class OfferTime:
    """`action` is what follows with the time: `accept_booking` or `offer_time`. `slots` are `moment|label|time`."""

    request: int
    action: str
    who: str
    when: str
    slots: tuple[str, ...] = ()


def took_time(offer: OfferTime, answer: Answer) -> Move[OfferTime]:
    return done(offer, Do(offer.action, {"request": offer.request, "time": answer.choice or answer.text}))


def slots(offer: OfferTime) -> tuple[Choice, ...]:
    return tuple(Choice(moment, label) for moment, label, _ in map(three, offer.slots))


OFFER_TIME = Flow("offer_time", OfferTime, (
    #    step   says                accepts then       silent for          then  offers
    Step("when", "booking.lead_time", TEXT, took_time, timedelta(hours=2), ends, slots),
))  # fmt: skip
