"""A booking request 预约: only what is still unknown is asked, then the customer confirms, and staff decide."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from domain.effects import Choice, OpenRequest, Say
from domain.labels import Intent
from flows.flow import TEXT, Answer, Flow, Move, Step, done, go, one_of, stay
from flows.putting_right import PutRight, put_right, with_service
from flows.sizes import area_in, is_only_size, is_size, says_more, without_size
from flows.times import ahead, is_over, no_such_day, same_day, says_when
from flows.visiting import LONGEST, at
from flows.wish import SOMEWHERE, Booking, address_in, name_in, phone_in, service_in, three, time_in

LONGEST_LABEL = 32
DROPS = re.compile(
    r"(?:那|还是|我们?|先|就|算了|不好意思|抱歉|\W)*(?:不想?(?:预)?[约订]|不用(?:预)?[约订]|取消(?:预约|订单)?|别约)"
    r"(?:了|吧|掉|谢谢|\W)*"
)
"""Words that say nothing but that no visit is wanted after all."""
NOTED = Say("booking.noted")
Took = Callable[[Booking, Answer], Move[Booking]]


def next_step(booking: Booking) -> str:
    """The first question whose answer is still unknown."""
    if not booking.service_name:
        return "service"
    if booking.nearest is not None:
        return "hours"
    if not (booking.when or booking.starts_at):
        return "when"
    if not booking.address:
        return "place"
    if not (booking.phone or booking.phone_asked):
        return "phone"
    return "confirm" if booking.notes_asked else "notes"


def hears(step: str, took: Took) -> Took:
    """Words that put something right which was said before do so, whatever is asked now; the rest is the answer.

    So do words that call it all off, and the size of the home is kept whenever it is said.
    """

    def heard(booking: Booking, answer: Answer) -> Move[Booking]:
        if DROPS.fullmatch(answer.text):
            return done(booking, Say("booking.dropped"))
        right = put_right(booking, answer, step)
        if right is not None:
            return _went_on(right, answer, step, took)
        if not answer.choice and is_only_size(answer.text, answer.reading):
            return _on(_sized(replace(booking, notes_asked=booking.notes_asked or step == "notes"), answer), NOTED)
        return took(booking, answer)

    return heard


def _sized(booking: Booking, answer: Answer) -> Booking:
    """With the size that was said; what was said beside it is kept in words."""
    if not is_size(answer.text, answer.reading):
        return booking
    sized = replace(booking, area=area_in(answer.reading) or booking.area)
    if not says_more(answer.text, answer.reading):
        return sized
    return replace(sized, notes=_and(_said(booking, booking.notes), answer.text))


def _went_on(right: PutRight, answer: Answer, step: str, took: Took) -> Move[Booking]:
    """Told what changed, unless the summary that follows tells it."""
    booking, rest = right.booking, replace(answer, text=right.rest)
    if not right.rest or step == "service":
        move = _on(booking)
    elif _answers(step, rest, right):
        move = took(booking, rest)
    else:
        move = _on(replace(booking, notes=_and(_said(booking, booking.notes), right.rest)))
    told = {"service_name": booking.service_name, "time": booking.time, "address": booking.address,
            "area": booking.area, "phone": booking.phone}  # fmt: skip
    fields = (field for field in right.fields if (field, move.to) != ("time", "hours"))
    changes = tuple(Say(f"booking.{field}_changed", told) for field in fields)
    return move if move.to == "confirm" else replace(move, effects=changes + move.effects)


def _answers(step: str, rest: Answer, right: PutRight) -> bool:
    """Whether what is left of the words is what was asked for."""
    match step:
        case "when" | "hours":
            return "time" not in right.fields and rest.reading is not None
        case "place":
            return bool(address_in(rest.text, rest.reading))
        case "phone":
            return bool(phone_in(rest.text))
        case _:
            return True


def took_service(booking: Booking, answer: Answer) -> Move[Booking]:
    chosen = answer.choice or service_in(booking, answer.text)
    if chosen:
        return _on(with_service(booking, chosen))
    if not booking.service_asked:
        return go("service", replace(booking, service_asked=True), Say("booking.no_service"))
    return _on(replace(booking, service="", service_name=answer.text[:LONGEST], price=booking.unsaid))


def took_time(booking: Booking, answer: Answer) -> Move[Booking]:
    """A slot, or words: those are kept as they are, with the moment read from them when it lies ahead."""
    if missing := no_such_day(answer.text):
        return go("when", booking, Say("booking.no_such_day", {"day": missing}))
    if is_over(answer.reading, booking.begun_at) and not booking.doubted:
        return go("when", replace(booking, doubted=True), Say("booking.time_over"))
    address = address_in(answer.text, answer.reading)
    named = says_when(answer.text.replace(address, "") if address else answer.text, answer.reading)
    if not (answer.choice or booking.when_asked or named):
        return _no_time(booking, answer, address)
    when, starts_at, exact = time_in(booking.slots, answer, booking.begun_at)
    read = answer.reading.matrix.occurred_at if answer.reading else None
    if read is not None and address and when == answer.text:
        when = read.words.text
    day = read.start if read is not None else None
    area = area_in(answer.reading) or booking.area
    known = replace(booking, address=booking.address or address, area=area, doubted=False)
    return _on(at(known, when, starts_at, day, exact=exact))


def _no_time(booking: Booking, answer: Answer, address: str) -> Move[Booking]:
    """What was said instead is kept, and when is asked again."""
    if address and not booking.address:
        known = replace(_sized(booking, answer), notes=booking.notes, address=address)
        return go("when", known, NOTED)
    return go("when", replace(_sized(booking, answer), when_asked=True), Say("booking.no_time"))


def took_hours(booking: Booking, answer: Answer) -> Move[Booking]:
    """Nobody comes at that time: the nearest, another one, or said again, and staff decide."""
    kept = replace(booking, nearest=None, doubted=True)
    if answer.choice == "near":
        return _on(replace(booking, nearest=None, when="", starts_at=booking.nearest, exact=True))
    if answer.choice == "other":
        return go("when", replace(booking, nearest=None, when="", starts_at=None, exact=False))
    if ahead(answer.reading, booking.begun_at) is None and not no_such_day(answer.text):
        return _on(replace(kept, notes=_and(_said(booking, booking.notes), answer.text)))
    when, starts_at, exact = time_in(booking.slots, answer, booking.begun_at)
    if starts_at is not None and exact:
        starts_at = same_day(starts_at, booking.starts_at or booking.day, answer.text)
    insists = starts_at == booking.starts_at
    return _on(at(kept if insists else replace(kept, doubted=False), when, starts_at, booking.day, exact=exact))


def took_place(booking: Booking, answer: Answer) -> Move[Booking]:
    if day := no_such_day(answer.text):
        return go("place", booking, Say("booking.no_such_day", {"day": day}))
    if answer.choice == "same":
        return _on(replace(booking, address=booking.known_address))
    if not SOMEWHERE.search(without_size(answer.text, answer.reading)) and not booking.place_asked:
        return stay(replace(_sized(booking, answer), place_asked=True), Say("booking.no_place"))
    return _on(replace(booking, address=answer.text[:LONGEST], area=area_in(answer.reading) or booking.area))


def took_phone(booking: Booking, answer: Answer) -> Move[Booking]:
    if answer.choice == "skip":
        return _on(replace(booking, phone_asked=True))
    phone = phone_in(answer.text)
    if not phone:
        return stay(booking, Say("booking.bad_phone"))
    return _on(replace(booking, phone=phone, phone_asked=True, called=name_in(answer.text)))


def took_notes(booking: Booking, answer: Answer) -> Move[Booking]:
    return _on(replace(booking, notes=_and(booking.notes, answer.text), notes_asked=True))


def took_confirmation(booking: Booking, answer: Answer) -> Move[Booking]:
    """Right: staff decide. Wrong: from the beginning, the notes kept. Words: one more note."""
    if answer.choice == "right":
        return done(booking, OpenRequest("booking", booking.words, asked_for(booking)))
    if answer.choice == "drop":
        return done(booking, Say("booking.dropped"))
    if answer.choice == "change":
        again = replace(booking, service="", service_name="", when="", starts_at=None, exact=False, address="")
        return go("service", again)
    return _on(replace(booking, notes=_and(_said(booking, booking.notes), answer.text)))


def corrects(booking: Booking, answer: Answer) -> bool:
    """Words that put right what was chosen, or a bare size, are an answer here, also where they read as a question."""
    return put_right(booking, answer, "") is not None or is_only_size(answer.text, answer.reading)


def asked_for(booking: Booking) -> dict[str, str]:
    """The request as staff get it, JSON-ready."""
    return {
        "service": booking.service,
        "service_name": booking.service_name,
        "when": booking.when,
        "starts_at": booking.starts_at.isoformat() if booking.starts_at else "",
        "exact": "yes" if booking.exact else "",
        "address": booking.address,
        "area": _said(booking, booking.area),
        "phone": _said(booking, booking.phone),
        "called": booking.called,
        "notes": _said(booking, booking.notes),
    }


def lapsed(booking: Booking) -> Move[Booking]:
    return done(booking, Say("booking.lapsed", proactive=True))


def services(booking: Booking) -> tuple[Choice, ...]:
    return tuple(Choice(service_id, name) for service_id, name, _ in map(three, booking.services))


def slots(booking: Booking) -> tuple[Choice, ...]:
    return tuple(Choice(moment, label) for moment, label, _ in map(three, booking.slots))


def known_place(booking: Booking) -> tuple[Choice, ...]:
    """The end of an address tells more than its beginning, where there is no room for both."""
    known = booking.known_address
    label = known if len(known) <= LONGEST_LABEL else f"…{known[-LONGEST_LABEL:]}"
    return (Choice("same", label),) if known else ()


def _on(booking: Booking, lead: Say | None = None) -> Move[Booking]:
    """To the next question, after a `lead`; what was not given gets its words for the summary, which needs no lead."""
    step = next_step(booking)
    if step != "confirm":
        return go(step, booking, *((lead,) if lead else ()))
    return go(step, replace(booking, area=booking.area or booking.unsaid, notes=booking.notes or booking.unsaid,
                            phone=booking.phone or booking.unsaid))  # fmt: skip


def _and(before: str, more: str) -> str:
    return "；".join(one for one in (before, more) if one)[:LONGEST]


def _said(booking: Booking, value: str) -> str:
    return "" if value == booking.unsaid else value


SILENT = timedelta(hours=3)
SURE = TEXT | one_of("right", "change", "drop")
PHONE, NOTES, HOURS = TEXT | one_of("skip"), TEXT | one_of("none"), TEXT | one_of("near", "other")
BOOKING = Flow("booking", Booking, (
    #    step       says                    accepts then                                  silent  then    offers
    Step("service", "booking.ask_service",  TEXT,   hears("service", took_service),       SILENT, lapsed, services),
    Step("when",    "booking.ask_when",     TEXT,   hears("when", took_time),             SILENT, lapsed, slots),
    Step("hours",   "booking.out_of_hours", HOURS,  hears("hours", took_hours),           SILENT, lapsed),
    Step("place",   "booking.ask_place",    TEXT,   hears("place", took_place),           SILENT, lapsed, known_place),
    Step("phone",   "booking.ask_phone",    PHONE,  hears("phone", took_phone),           SILENT, lapsed),
    Step("notes",   "booking.ask_notes",    NOTES,  hears("notes", took_notes),           SILENT, lapsed, needs=True),
    Step("confirm", "booking.confirm",      SURE,   hears("confirm", took_confirmation),  SILENT, lapsed, needs=True),
), enter=next_step, yields=(Intent.COMPLAINT,), corrects=corrects)  # fmt: skip
