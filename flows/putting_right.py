"""Words that put right what was chosen before: 换成深度保洁, 改成周六吧, "地址错了，是…", whatever is being asked.

Only what is said as a correction counts; the rest of the words is left for the question at hand.
"""

import re
from dataclasses import dataclass, replace

from flows.flow import Answer
from flows.sizes import area_in
from flows.times import ahead, is_only_time, same_day
from flows.visiting import at
from flows.wish import SOMEWHERE, Booking, address_in, names_of, phone_in, three, time_in

INSTEAD = (
    r"(?:改成|改为|改到|改在|改做|改约|换成|换为|换到|换做|挪到|推到|推迟到|提前到|应该是|应该约|还是|其实是?要?|要的是|改|换"
    r"|(?:错了?|不对|不是)[，,。\s]*(?:应该)?是|instead|change (?:it )?to|make it|should be)"
    r"[，,\s]*(?:一个|个|做|约|要|在|到|下|这|on |a |the )*"
)
WRONG = re.compile(
    r"不对|错|有误|应该是|改(?:到|成|为|一下)|换(?:到|成)|不是|搬|wrong|should be|change|mistake", re.IGNORECASE
)
HOUSE = re.compile(
    r"\W*(?:门牌|房号|地址)?(?:不对|错了?|写错了?|打错了?|不是\d+)\W*(?:应该)?是?\W*(\d{1,4})(?:室|号)?\W*"
)
LAST_NUMBER = re.compile(r"\d+(?=\D*$)")
FIELDS = {
    "time": r"时间|日子|日期|哪天|那天|几点|time|date",
    "address": r"地址|门牌|地方|address",
    "phone": r"电话|手机|号码|phone|number",
    "service": r"服务|项目|service",
}
FILLER = re.compile(
    r"我|刚才|刚刚|前面|上面|这个|那个|个|说|写|填|报|打|选|给|搞|弄|不对|错|有误|不是|应该|是|改|换|一下|想|要|能不能|可不可以|能|可以|行"
    r"|好|重新|的|了|吧|吗|呢|啊|哦|嗯|算|等等|等|对不起|不好意思|抱歉|麻烦|您|你|帮|请|就|那|还|再|时候|跟|和|也|\W"
    r"|sorry|wrong|change|the|is|a|can|i|please|my|wait|it|to|different|another",
    re.IGNORECASE,
)
MISTAKEN = re.compile(r"错|不对|有误|改|换|重新|wrong|change|different|another", re.IGNORECASE)
CLAUSE = re.compile(r"[，,。；;!！?？\n]+")
SHORT = 16
NO_NOTES = frozenset({"when", "hours", "place", "phone"})
"""Steps whose answer is no service: whoever names one here wants that one."""


@dataclass(frozen=True, slots=True)
class PutRight:
    """`fields` are what is other than before, or was emptied to be asked again; `rest` is what else was said."""

    booking: Booking
    fields: tuple[str, ...] = ()
    rest: str = ""


def put_right(booking: Booking, answer: Answer, asked: str) -> PutRight | None:
    """What words put right besides the answer to the step that is `asked`; None when they do not."""
    if not answer.text or answer.choice:
        return None
    fields, spans, right = [], [], booking
    for field, change in CHANGES:
        changed = change(right, answer, asked) if asked not in OWN[field] else None
        if changed is not None:
            right, span = changed
            fields.append(field)
            spans.append(span)
    if fields:
        return PutRight(right, tuple(fields), _rest(answer.text, spans))
    return _mistaken(booking, answer.text)


def with_service(booking: Booking, service: str) -> Booking:
    for service_id, name, price in map(three, booking.services):
        if service_id == service:
            return replace(booking, service=service_id, service_name=name, price=price)
    return booking


Changed = tuple[Booking, str] | None


def _service(booking: Booking, answer: Answer, asked: str) -> Changed:
    """Another service, named as what it is changed to; or named alone, where notes are not yet asked for."""
    names = dict(names_of(booking))
    if not names:
        return None
    listed = f"({'|'.join(map(re.escape, names))})"
    found = re.search(INSTEAD + listed, answer.text, re.IGNORECASE)
    if found is None and asked in NO_NOTES:
        found = re.search(listed, answer.text, re.IGNORECASE)
        if found is not None and FILLER.sub("", answer.text.replace(found.group(1), "", 1)):
            return None
    named = names[found.group(1).casefold()] if found is not None else booking.service
    if found is None or named == booking.service:
        return None
    return with_service(booking, named), found.group(1)


def _time(booking: Booking, answer: Answer, _asked: str) -> Changed:
    """Another time, when the words name one and nothing else, or name it as what it is changed to."""
    read = ahead(answer.reading, booking.begun_at)
    if read is None:
        return None
    words = read.words.text
    if not (
        is_only_time(answer.text, answer.reading, booking.begun_at)
        or re.search(INSTEAD + re.escape(words), answer.text, re.IGNORECASE)
    ):
        return None
    when, starts_at, exact = time_in(booking.slots, replace(answer, text=words), booking.begun_at)
    if starts_at is not None and exact:
        starts_at = same_day(starts_at, booking.starts_at or booking.day, answer.text)
    return at(replace(booking, doubted=False), when, starts_at, read.start, exact=exact), words


def _address(booking: Booking, answer: Answer, _asked: str) -> Changed:
    """Another street, or only another number of the house."""
    text = answer.text
    number = HOUSE.fullmatch(text)
    if number is not None and LAST_NUMBER.search(booking.address):
        return replace(booking, address=LAST_NUMBER.sub(number.group(1), booking.address)), number.group(1)
    address = address_in(text, answer.reading)
    before = text[: text.find(address)] if address in text else text
    known = not booking.address or bool(SOMEWHERE.search(booking.address))
    if not address or address == booking.address or (known and not (WRONG.search(before) or "地址" in before)):
        return None
    return replace(booking, address=address), address


def _area(booking: Booking, answer: Answer, _asked: str) -> Changed:
    area = area_in(answer.reading)
    if not area or area == booking.area or not WRONG.search(answer.text):
        return None
    return replace(booking, area=area), area.rstrip("㎡")


def _phone(booking: Booking, answer: Answer, _asked: str) -> Changed:
    phone = phone_in(answer.text)
    if not phone or phone == booking.phone or not WRONG.search(answer.text):
        return None
    return replace(booking, phone=phone), phone[-4:]


CHANGES = (("service", _service), ("time", _time), ("address", _address), ("area", _area), ("phone", _phone))
OWN = {
    "service": ("service",), "time": ("when", "hours"), "address": ("place",), "area": ("place",), "phone": ("phone",),
}  # fmt: skip
"""At these steps it is the answer itself."""


def _mistaken(booking: Booking, text: str) -> PutRight | None:
    """ "地址错了", "能不能换个时间": what it should be is asked."""
    if len(text) > SHORT or not MISTAKEN.search(text):
        return None
    for field, words in FIELDS.items():
        if re.search(words, text, re.IGNORECASE) and not FILLER.sub("", re.sub(words, "", text, flags=re.IGNORECASE)):
            return PutRight(_emptied(booking, field))
    return None


def _emptied(booking: Booking, field: str) -> Booking:
    match field:
        case "time":
            return replace(booking, when="", starts_at=None, exact=False, nearest=None)
        case "address":
            return replace(booking, address="")
        case "phone":
            return replace(booking, phone="", phone_asked=False)
        case _:
            return replace(booking, service="", service_name="")


def _rest(text: str, spans: list[str]) -> str:
    """The clauses that say something else than what was put right."""
    left = [
        clause.strip() for clause in CLAUSE.split(text)
        if not any(span in clause for span in spans) and FILLER.sub("", _unnamed(clause))
    ]  # fmt: skip
    return "，".join(left)


def _unnamed(clause: str) -> str:
    return re.sub("|".join(FIELDS.values()) + "|面积", "", clause, flags=re.IGNORECASE)
