"""What somebody wants to book, as far as it is known, and what their words say of it: time, place, number, size."""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.understanding import Understanding
from flows.flow import Answer
from flows.sizes import areas
from flows.times import ahead, is_moment, is_only_time, planned
from flows.visiting import Timed

PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
ADDRESS = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{2,20}(?:路|街|大道|弄|巷|胡同|小区|花园|家园|公寓|苑|新村|大厦|广场)"
    r"[^，,。；;！!？?\n]*\d+(?:号楼?|弄|室|栋|幢|单元|层|座|楼)?"
)
BEFORE_ADDRESS = re.compile(
    r"^(?:(?:不对|不是|错了|改成|换成|应该是|[，,])*地址(?:是|改成|换成|改到)?"
    r"|应该是|改成|换成|改到|换到|搬到|我家在|我家|我住在?|住在|我在|就在|在|来|到|是)+"
)
SOMEWHERE = re.compile(
    r"[\dA-Za-z]{2}|\d|[路街道弄巷里村区镇县城湾坊府庭苑园寓厦场号栋幢楼室店家]|胡同|公司|学校|医院|单位|对面|旁边|附近"
)
"""What there is in any words that name a place."""
LONGEST_NAME = 8
NOT_NAMES = ("手机号", "手机", "电话", "号码", "称呼", "我是", "我叫", "免贵姓", "我姓", "姓", "叫我", "是")
NOT_WANTED = re.compile(r"(?:不要|不是|不用|不做|不想要?|不约|别)(?:做|约|的是)?$")


@dataclass(frozen=True)
class Booking(Timed):
    """`services` are `id|name|price` of the catalogue, `slots` are `moment|label|time`; both become buttons.

    `also` are other names of the services, `name|id`. `unsaid` is how the summary shows what was not given.
    `service_asked`, `when_asked`, `place_asked`: words that named none of them were asked about once.
    """

    services: tuple[str, ...]
    slots: tuple[str, ...]
    unsaid: str
    also: tuple[str, ...] = ()
    service: str = ""
    service_name: str = ""
    service_asked: bool = False
    price: str = ""
    when_asked: bool = False
    known_address: str = ""
    address: str = ""
    place_asked: bool = False
    area: str = ""
    phone: str = ""
    called: str = ""
    phone_asked: bool = False
    notes: str = ""
    notes_asked: bool = False
    words: str = ""


def service_in(booking: Booking, text: str) -> str:
    """The id of the service that words name, by any of its names or how one begins; one that is refused is not meant. Or ""."""
    left = text.casefold()
    for name, service_id in names_of(booking):
        place = left.find(name)
        if place >= 0 and not NOT_WANTED.search(left[:place]):
            return service_id
        left = left.replace(name, "，" * len(name))
    short = text.strip().casefold()
    found = {service_id for name, service_id in names_of(booking) if len(short) > 1 and name.startswith(short)}
    return found.pop() if len(found) == 1 else ""


def names_of(booking: Booking) -> list[tuple[str, str]]:
    """(name, id) of every service, the longest name first."""
    names = [(name.casefold(), service_id) for service_id, name, _ in map(three, booking.services)]
    more = [(name.casefold(), service_id) for name, _, service_id in (one.rpartition("|") for one in booking.also)]
    return sorted([*names, *more], key=lambda pair: -len(pair[0]))


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


def address_in(text: str, reading: Understanding | None) -> str:
    """A street or an estate with its number, or ""; the time and the size that were said beside it are left out."""
    when = reading.matrix.occurred_at if reading is not None else None
    for words in (*((when.words,) if when is not None else ()), *(amount.words for amount in areas(reading))):
        text = text.replace(words.text, "，")
    found = ADDRESS.search(text)
    return BEFORE_ADDRESS.sub("", found.group(0)) if found else ""


def three(packed: str) -> tuple[str, str, str]:
    """What a service or a slot was packed from."""
    first, second, third = packed.split("|", 2)
    return first, second, third
