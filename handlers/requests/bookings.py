"""Booking, moving and cancelling 预约/改约/取消: what the customer already said is filled in, the rest is asked."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.events import MessageCame
from domain.labels import Stage
from domain.understanding import Understanding, When
from flows.change import Change
from flows.sizes import area_in
from flows.times import ahead, is_moment, is_only_time, no_such_day, planned
from flows.visiting import Visiting
from flows.wish import Booking, address_in, phone_in
from handlers import running
from handlers.answers import catalogue
from handlers.answers.stages import reached
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.requests import adding, slots, wishes
from handlers.requests.cards import visit
from handlers.turn import Turn
from storage import orders
from storage.orders import Order
from storage.people import Person

CANCELS = (
    "取消", "不用来", "别来", "不要来了", "退单", "撤单", "不做了", "不约了", "不要了", "先不来", "不需要了",
    "cancel",
)  # fmt: skip
MOVES = (
    "改约", "改期", "改签", "改到", "改时间", "改个时间", "换时间", "换个时间", "挪到", "推迟", "延后", "延期",
    "提前到", "往后", "调到", "换到", "改一下时间", "reschedule",
)  # fmt: skip
INSTEAD = ("改成", "换成", "改为", "换为", "改做", "instead")
EDITS = (
    "地址", "门牌", "填错", "写错", "加一", "多加", "加个", "单元", "房号",
    "早点来", "早一点来", "早点到", "晚点来", "晚一点来", "晚点到", "直接进", "钥匙", "门禁",
    "come earlier", "come later",
)  # fmt: skip
TO = re.compile(r"到|[改换](?:成|为)")
NO_COMING = re.compile(r"(?:别|不用|不要|先不)(?:再|过)?来|don'?t come")
THAT_VISIT = re.compile(
    r"[那这](?:一)?[单次趟]|约好的|订好的|已经约|我的(?:预约|订单)|之前约|约的那|that (?:visit|booking)|my booking"
)
SOMEBODY = re.compile(r"[\u4e00-\u9fff](?:姐|嫂|师傅)|(?:上次|老|原来|之前)(?:那|的|那个|那位)?(?:阿姨|师傅|人)")


def wanted(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """A new visit, or something about one that is booked."""
    instead = any(word in message.text for word in INSTEAD)
    change = change_in(message.text) or ("edit" if THAT_VISIT.search(message.text) else "")
    again = change or instead or is_only_time(message.text, reading, turn.now)
    waits = adding.undecided(turn, dialog)
    if day := no_such_day(message.text):
        turn.say("booking.no_such_day", dialog, day=day)
    if again and waits is not None and waits.kind == "change":
        adding.added(turn, dialog, message.text, reading)
    elif change and _ahead(turn, dialog, change):
        running.begin(turn, dialog, "change", {"change": change, "text": message.text})
    elif again and adding.added(turn, dialog, message.text, reading):
        return
    elif instead and _coming(turn, dialog):
        other_time = _new_time(turn, message.text) is not None
        running.begin(turn, dialog, "change", {"change": "move" if other_time else "edit", "text": message.text})
    elif change in ("cancel", "move"):
        turn.say("booking.nothing_booked", dialog)
    else:
        reached(turn, dialog.person, Stage.DECIDING)
        running.begin(turn, dialog, "booking", {"text": message.text, "reading": reading})


def change_in(text: str) -> str:
    """`cancel`, `move` or `edit` when the words are about a visit that is booked, else ""."""
    for change, words in (("cancel", CANCELS), ("move", MOVES), ("edit", EDITS)):
        if any(word in text.casefold() for word in words):
            return change
    return ""


def about_booked(turn: Turn, dialog: Dialog, text: str) -> bool:
    """In the middle of a new booking: words that change a visit that is booked already are about that one."""
    change = change_in(text)
    if not change or not (THAT_VISIT.search(text) or NO_COMING.search(text)) or not _ahead(turn, dialog, change):
        return False
    return running.begin(turn, dialog, "change", {"change": change, "text": text})


def _ahead(turn: Turn, dialog: Dialog, change: str) -> list[Order]:
    """The visits that may be changed so: what is to be done may still be said while the cleaner is there."""
    if change != "edit":
        return _coming(turn, dialog)
    mine = orders.of_customer(turn.tx, dialog.person.id or 0)
    return [one for one in reversed(mine) if one.status == "started"] or _coming(turn, dialog)


def _coming(turn: Turn, dialog: Dialog) -> list[Order]:
    mine = orders.of_customer(turn.tx, dialog.person.id or 0)
    return [one for one in reversed(mine) if one.status == "booked" and one.starts_at > turn.now]


def _start_booking(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Booking:
    """`text` and `reading` are what was said, `service` a service that was meant, `before` an earlier request."""
    before = args.get("before", {})
    content, text, person = turn.world.company.catalogue, args.get("text", ""), dialog.person
    reading: Understanding | None = args.get("reading")
    found = catalogue.named(content, text)
    service = catalogue.service(content, args.get("service", "")) or (found[0] if found else None)
    visiting = slots.visiting(turn, person)
    when = _by_day(visiting, ahead(reading, turn.now))
    when_said, starts_at = slots.shown(turn, when, person.locale) if when else ("", None)
    return Booking(
        services=wishes.services(turn, person.locale),
        slots=slots.upcoming(turn, person),
        begun_at=turn.now,
        unsaid=turn.world.texts.render("booking.unsaid", {}, person.locale),
        service=service["id"] if service else "",
        service_name=catalogue.word(service, "name", person.locale) if service else "",
        price=catalogue.word(service, "price", person.locale) if service else "",
        when=when_said,
        starts_at=starts_at,
        known_address=_last_address(turn, dialog),
        address=address_in(text, reading) or before.get("address", ""),
        area=area_in(reading) or before.get("area", ""),
        phone=phone_in(text) or person.phone or before.get("phone", ""),
        notes=before.get("notes", "") or (text if SOMEBODY.search(text) else ""),
        notes_asked=bool(before),
        words=text,
        also=wishes.also(turn),
        visiting=visiting,
        nearest=_nearest(turn, visiting, when),
    )


def _by_day(visiting: Visiting, when: When | None) -> When | None:
    """A bare hour is the one of the day when we come."""
    if when is None or not is_moment(when):
        return when
    start = visiting.by_day(when.start, when.words.text)
    return replace(when, start=start, end=when.end + (start - when.start))


def _nearest(turn: Turn, visiting: Visiting, when: When | None) -> datetime | None:
    """What we offer instead of a time when nobody comes."""
    moment = (planned(when) or when.start) if when is not None else None
    if when is None or moment is None:
        return None
    return visiting.nearest(moment, turn.now, exact=is_moment(when))


def _start_change(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Change | None:
    """With one visit ahead there is nothing to choose."""
    coming = _ahead(turn, dialog, args["change"])
    if not coming:
        return None
    locale, visiting = dialog.person.locale, slots.visiting(turn, dialog.person)
    when = _by_day(visiting, _new_time(turn, args.get("text", "")))
    when_said, starts_at = slots.shown(turn, when, locale) if when and args["change"] == "move" else ("", None)
    only = coming[0] if len(coming) == 1 else None
    return Change(
        change=args["change"],
        orders=tuple(f"{one.id}|{visit(turn, one, locale)}" for one in coming),
        slots=slots.upcoming(turn, dialog.person),
        begun_at=turn.now,
        order=only.id or 0 if only else 0,
        visit=visit(turn, only, locale) if only else "",
        when=when_said,
        starts_at=starts_at,
        words=args.get("text", ""),
        visiting=visiting,
        nearest=_nearest(turn, visiting, when) if args["change"] == "move" else None,
    )


def _new_time(turn: Turn, text: str) -> When | None:
    """The time after "改到" or "改成": the one before it says which visit is meant."""
    return ahead(turn.read(TO.split(text)[-1] or text), turn.now)


def _last_address(turn: Turn, dialog: Dialog) -> str:
    mine = orders.of_customer(turn.tx, dialog.person.id or 0)
    recent = (one for one in mine if one.address and one.starts_at > turn.now - timedelta(days=365))
    return next((one.address for one in recent), "")


def _want_booking(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button: somebody wants a visit."""
    reached(turn, actor, Stage.DECIDING)
    running.begin(turn, args["dialog"], "booking", {"service": args.get("service", "")})


AREA = Area(actions={"want_booking": _want_booking}, starts={"booking": _start_booking, "change": _start_change})
