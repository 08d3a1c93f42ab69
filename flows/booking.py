"""A booking request 预约: only what is still unknown is asked, then the customer confirms, and staff decide."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import Choice, OpenRequest, Say
from domain.labels import Intent
from domain.understanding import Amount, Understanding
from flows.flow import TEXT, Answer, Flow, Move, Step, done, go, one_of, stay
from flows.times import ahead, is_moment, is_only_time, is_over, no_such_day, planned, same_day

PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
ADDRESS = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{2,20}(?:路|街|大道|弄|巷|胡同|小区|花园|家园|公寓|苑|新村|大厦|广场)"
    r"[^，,。；;！!？?\n]*\d+(?:号楼?|弄|室|栋|幢|单元|层|座|楼)?"
)
BEFORE_ADDRESS = re.compile(
    r"^(?:(?:不对|不是|错了|改成|换成|应该是|[，,])*地址(?:是|改成|换成|改到)?|我家在|我家|我住在?|住在|我在|就在|在|来|到)+"
)
CORRECTION = re.compile(r"不对|不是|错|改|换|应该是|地址是|wrong|change|instead|should be", re.IGNORECASE)
AREA_UNITS = frozenset({"平米", "平方米", "平方", "平", "㎡", "m2"})
LONGEST = 300
LONGEST_NAME = 8
LONGEST_LABEL = 32
NOT_NAMES = ("手机号", "手机", "电话", "号码", "称呼", "我是", "我叫", "免贵姓", "我姓", "姓", "叫我", "是")


@dataclass(frozen=True)
class Booking:
    """`services` are `id|name|price` of the catalogue, `slots` are `moment|label|time`; both become buttons.

    `begun_at` stands in for the clock. `when` is what the customer said, `starts_at` what it was read as, if at all;
    `exact` when they named a moment, `day` the one they named where no hour was said. `unsaid` is how the summary
    shows what was not given. `doubted`: we said once that the time cannot be; said again it is kept as it is.
    """

    services: tuple[str, ...]
    slots: tuple[str, ...]
    begun_at: datetime
    unsaid: str
    service: str = ""
    service_name: str = ""
    price: str = ""
    when: str = ""
    starts_at: datetime | None = None
    exact: bool = False
    day: datetime | None = None
    known_address: str = ""
    address: str = ""
    area: str = ""
    phone: str = ""
    called: str = ""
    phone_asked: bool = False
    notes: str = ""
    notes_asked: bool = False
    words: str = ""
    doubted: bool = False

    @property
    def time(self) -> datetime | str:
        """How the summary shows it: the moment that was understood, or else the words."""
        return self.starts_at if self.exact and self.starts_at else self.when


def next_step(booking: Booking) -> str:
    """The first question whose answer is still unknown."""
    if not booking.service_name:
        return "service"
    if not booking.when:
        return "when"
    if not booking.address:
        return "place"
    if not (booking.phone or booking.phone_asked):
        return "phone"
    return "confirm" if booking.notes_asked else "notes"


def took_service(booking: Booking, answer: Answer) -> Move[Booking]:
    for service_id, name, price in map(three, booking.services):
        if answer.choice == service_id or (answer.text and name.casefold() in answer.text.casefold()):
            return _on(replace(booking, service=service_id, service_name=name, price=price))
    return _on(replace(booking, service="", service_name=answer.text[:LONGEST], price=booking.unsaid))


def took_time(booking: Booking, answer: Answer) -> Move[Booking]:
    """A slot, or words: those are kept as they are, with the moment read from them when it lies ahead."""
    if day := no_such_day(answer.text):
        return go("when", booking, Say("booking.no_such_day", {"day": day}))
    if is_over(answer.reading, booking.begun_at) and not booking.doubted:
        return go("when", replace(booking, doubted=True), Say("booking.time_over"))
    when, starts_at, exact = time_in(booking.slots, answer, booking.begun_at)
    address = address_in(answer.text, answer.reading)
    read = answer.reading.matrix.occurred_at if answer.reading else None
    if read is not None and address and when == answer.text:
        when = read.words.text
    named = read.start if read is not None else None
    asked = replace(booking, when=when[:LONGEST], starts_at=starts_at, exact=exact, day=named)
    area = area_in(answer.reading) or booking.area
    return _on(replace(asked, address=booking.address or address, area=area))


def took_place(booking: Booking, answer: Answer) -> Move[Booking]:
    if day := no_such_day(answer.text):
        return go("place", booking, Say("booking.no_such_day", {"day": day}))
    changed = _other_time(booking, answer)
    if changed is not None:
        return go("place", changed, Say("booking.time_changed", {"time": changed.time}))
    if answer.choice == "same":
        return _on(replace(booking, address=booking.known_address))
    return _on(replace(booking, address=answer.text[:LONGEST], area=area_in(answer.reading) or booking.area))


def took_phone(booking: Booking, answer: Answer) -> Move[Booking]:
    if answer.choice == "skip":
        return _on(replace(booking, phone_asked=True))
    phone = phone_in(answer.text)
    if not phone:
        return stay(booking, Say("booking.bad_phone"))
    return _on(replace(booking, phone=phone, phone_asked=True, called=name_in(answer.text)))


def took_notes(booking: Booking, answer: Answer) -> Move[Booking]:
    changed = _other_time(booking, answer)
    if changed is not None:
        return go("notes", changed, Say("booking.time_changed", {"time": changed.time}))
    return _on(replace(booking, notes=_and(booking.notes, answer.text), notes_asked=True))


def took_confirmation(booking: Booking, answer: Answer) -> Move[Booking]:
    """Right: staff decide. Wrong: from the beginning, the notes kept. Words: put right, or one more note."""
    if answer.choice == "right":
        return done(booking, OpenRequest("booking", booking.words, asked_for(booking)))
    if answer.choice == "drop":
        return done(booking, Say("booking.dropped"))
    if answer.choice == "change":
        again = replace(booking, service="", service_name="", when="", starts_at=None, exact=False, address="")
        return go("service", again)
    changed = _other_time(booking, answer) or _put_right(booking, answer)
    return _on(changed or replace(booking, notes=_and(_said(booking, booking.notes), answer.text)))


def _other_time(booking: Booking, answer: Answer) -> Booking | None:
    """Another time, when the words name one and nothing else, whatever was asked."""
    if not is_only_time(answer.text, answer.reading, booking.begun_at):
        return None
    when, starts_at, exact = time_in(booking.slots, answer, booking.begun_at)
    read = ahead(answer.reading, booking.begun_at)
    if starts_at is not None and exact:
        starts_at = same_day(starts_at, booking.starts_at or booking.day, answer.text)
    return replace(booking, when=when, starts_at=starts_at, exact=exact, day=read.start if read else None)


def _put_right(booking: Booking, answer: Answer) -> Booking | None:
    """Another address or another service, said as a correction."""
    if not CORRECTION.search(answer.text):
        return None
    for service_id, name, price in map(three, booking.services):
        if name.casefold() in answer.text.casefold() and service_id != booking.service:
            return replace(booking, service=service_id, service_name=name, price=price)
    address = address_in(answer.text, answer.reading)
    return replace(booking, address=address) if address else None


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


def time_in(slots: tuple[str, ...], answer: Answer, now: datetime) -> tuple[str, datetime | None, bool]:
    """What a slot or words say: as people say it, the moment to plan for, and whether they named that moment.

    "周六上午" is no moment; where it is one of the slots, it reads as that one.
    """
    read = ahead(answer.reading, now)
    wanted = planned(read) if read is not None else None
    exact = read is not None and is_moment(read)
    chosen = answer.choice or (wanted.isoformat() if wanted and not exact else "")
    for moment, _, shown in map(three, slots):
        if moment == chosen:
            return shown, datetime.fromisoformat(moment), False
    bare = read is not None and is_only_time(answer.text, answer.reading, now)
    return read.words.text if read is not None and bare else answer.text, wanted, exact


def phone_in(text: str) -> str:
    """A mainland mobile number in the text, digits only, or ""."""
    found = PHONE.search(text)
    return re.sub(r"\D", "", found.group(1)) if found else ""


def name_in(text: str) -> str:
    """What somebody is called, when it stands beside the number and looks like a name."""
    rest = PHONE.sub("", text)
    for word in NOT_NAMES:
        rest = rest.replace(word, "")
    name = re.sub(r"[^\w\u4e00-\u9fff ]|\d", "", rest).strip()
    return name if len(name) <= LONGEST_NAME else ""


def area_in(reading: Understanding | None) -> str:
    """The size of the home in square metres, when it was said."""
    return next((f"{amount.value:g}㎡" for amount in _areas(reading)), "")


def address_in(text: str, reading: Understanding | None) -> str:
    """A street or an estate with its number, or ""; the time and the size that were said beside it are left out."""
    when = reading.matrix.occurred_at if reading is not None else None
    for words in (*((when.words,) if when is not None else ()), *(amount.words for amount in _areas(reading))):
        text = text.replace(words.text, "，")
    found = ADDRESS.search(text)
    return BEFORE_ADDRESS.sub("", found.group(0)) if found else ""


def _areas(reading: Understanding | None) -> list[Amount]:
    return [amount for amount in reading.matrix.amounts if amount.unit in AREA_UNITS] if reading is not None else []


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


def _on(booking: Booking) -> Move[Booking]:
    """To the next question; what was not given gets its words for the summary."""
    step = next_step(booking)
    if step != "confirm":
        return go(step, booking)
    return go(step, replace(booking, area=booking.area or booking.unsaid, notes=booking.notes or booking.unsaid,
                            phone=booking.phone or booking.unsaid))  # fmt: skip


def _and(before: str, more: str) -> str:
    return "；".join(one for one in (before, more) if one)[:LONGEST]


def _said(booking: Booking, value: str) -> str:
    return "" if value == booking.unsaid else value


def three(packed: str) -> tuple[str, str, str]:
    """What a service or a slot was packed from."""
    first, second, third = packed.split("|", 2)
    return first, second, third


HOURS = timedelta(hours=3)
SURE = one_of("right", "change", "drop")
BOOKING = Flow("booking", Booking, (
    #    step       says                   accepts                then               silent then    offers
    Step("service", "booking.ask_service", TEXT,                  took_service,      HOURS, lapsed, services),
    Step("when",    "booking.ask_when",    TEXT,                  took_time,         HOURS, lapsed, slots),
    Step("place",   "booking.ask_place",   TEXT,                  took_place,        HOURS, lapsed, known_place),
    Step("phone",   "booking.ask_phone",   TEXT | one_of("skip"), took_phone,        HOURS, lapsed),
    Step("notes",   "booking.ask_notes",   TEXT | one_of("none"), took_notes,        HOURS, lapsed, needs=True),
    Step("confirm", "booking.confirm",     TEXT | SURE,           took_confirmation, HOURS, lapsed, needs=True),
), enter=next_step, yields=(Intent.COMPLAINT,))  # fmt: skip
