"""Plays a story in a whole company: each step is done by hand, and what everybody hears after it is written down."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.events import ChatStarted, Sender
from tests.harness import Guest, Heard, House

ZONE = ZoneInfo("Asia/Shanghai")
HALF_A_YEAR = timedelta(days=180)
WEEKDAYS = "一二三四五六日"
UNITS = {"分钟": "minutes", "小时": "hours", "天": "days"}
FILES = {"照片": "photo", "语音": "voice", "视频": "video", "贴纸": "sticker"}
MOMENT = r"(\d+)月(\d+)日 (\d+):(\d+)"
WHO = r"(?:客户|保洁师|主管|经理|老板) (\S+?)"


class Player:
    """`play` does one step and returns what was heard, line by line."""

    def __init__(self, folder: Path, on: str = "") -> None:
        made: Counter[int] = Counter()
        self.house = House(folder, on=on, code=lambda size: _code(made, size))
        self.guests: dict[str, Guest] = {}
        self.links: dict[str, str] = {}
        self.last: dict[str, str] = {}
        self.seen: set[int] = set()
        self.hour = ""

    def play(self, step: str) -> list[str]:
        for pattern, act in STEPS:
            found = re.fullmatch(pattern, step)
            if found:
                act(self, *found.groups())
                return self._news()
        raise ValueError(f"not a step: {step}")

    def people(self, listed: str) -> None:
        make = {
            "客户": self.house.customer, "保洁师": self.house.cleaner, "主管": self.house.supervisor,
            "经理": self.house.manager, "老板": self.house.owner,
        }  # fmt: skip
        for one in listed.split("、"):
            role, _, name = one.partition(" ")
            self.guests[name] = make[role](name)

    def comes(self, name: str, language: str | None, via: str | None) -> None:
        """Somebody we never met opens the chat, plainly or by a link."""
        guest = self.house.stranger()
        guest.name = name
        self.guests[name] = guest
        code = self._code_from(via) if via else ""
        guest.does(ChatStarted(guest.address, code, Sender(name, language or "")))

    def opens(self, name: str, via: str) -> None:
        self.guests[name].opens(self._code_from(via))

    def says(self, name: str, text: str) -> None:
        self.last[name] = f"m{next(self.house.numbers)}"
        self.guests[name].says(text, ref=self.last[name])

    def edits(self, name: str, text: str) -> None:
        self.guests[name].edits(self.last[name], text)

    def taps(self, name: str, label: str) -> None:
        """The newest button that reads so."""
        guest = self.guests[name]
        fitting = [data for heard in guest.heard for text, data in heard.buttons if text == label]
        assert fitting, f"{name} has no button {label!r}: {[heard.labels for heard in guest.heard[-3:]]}"
        guest.presses(fitting[-1])

    def sends(self, name: str, kind: str, count: str | None, text: str | None) -> None:
        self.guests[name].sends(*[FILES[kind]] * int(count or 1), text=text or "")

    def replies(self, name: str, part: str, text: str) -> None:
        """A reply to the newest message that has these words."""
        guest = self.guests[name]
        fitting = [heard for heard in guest.heard if part in heard.text]
        assert fitting, f"{name} never heard {part!r}"
        guest.says(text, reply_to=f"out-{fitting[-1].row.id}")

    def order(self, number: str, customer: str, cleaner: str, *when_and_what: str) -> None:
        *when, service = when_and_what
        worker = None if cleaner == "未派" else self.guests[cleaner]
        answer = self.house.order(
            self._with_phone(customer), worker, number=number, starts_at=self._moment(*when), service=service,
            address=f"上海市浦东新区锦绣路{list(self.guests).index(customer) + 1}00弄8号301",
        )  # fmt: skip
        self.links[number] = answer["links"]["web"]

    def redeems(self, name: str, owner: str, number: str) -> None:
        """On the desk: the newest code that the customer was given."""
        codes = [code for heard in self.guests[owner].heard for code in re.findall(r"券码 (\S+)", heard.text)]
        ended = self.house.act(self.guests[name], "redeem_coupon", code=codes[-1], order=number)
        assert ended.error is None, ended.error

    def later(self, number: str, unit: str) -> None:
        self.house.advance(**{UNITS[unit]: float(number)})

    def until(self, *when: str) -> None:
        self.house.until(self._moment(*when))

    def outage(self, number: str, unit: str) -> None:
        """The machine was off: everything that fell due meanwhile is found at once."""
        self.house.clock.time += timedelta(**{UNITS[unit]: float(number)})
        self.house.run()

    def _with_phone(self, name: str) -> Guest:
        """Orders name their customer by phone; a newcomer's is the one they told us, or one of their own."""
        guest = self.guests[name]
        guest.phone = guest.phone or guest.person.phone or f"139{next(self.house.numbers):08d}"
        return guest

    def _code_from(self, via: str) -> str:
        """The code in the newest link that a person was sent, or in the link of an order."""
        if via in self.links:
            return self.links[via].partition("c=")[2]
        links = [found[1] for heard in self.guests[via].heard for found in re.finditer(r"[?&]c=(\S+)", heard.text)]
        return links[-1]

    def _moment(self, *when: str) -> datetime:
        month, day, hour, minute = map(int, when)
        now = self.house.clock.now()
        moment = datetime(now.year, month, day, hour, minute, tzinfo=ZONE)
        return moment if now - moment < HALF_A_YEAR else moment.replace(year=now.year + 1)

    def _news(self) -> list[str]:
        """What anybody heard since the last step, in order, with the hour wherever it is another one."""
        fresh = [
            (max(heard.at, heard.row.not_before), heard.row.id or 0, name, heard)
            for name, guest in self.guests.items()
            for heard in guest.heard
            if heard.row.id not in self.seen
        ]
        lines: list[str] = []
        for at, row_id, name, heard in sorted(fresh, key=lambda one: one[:2]):
            self.seen.add(row_id)
            lines += [*self._hour(at), *_written(name, heard)]
        return lines

    def _hour(self, at: datetime) -> list[str]:
        local = at.astimezone(ZONE)
        hour = f"—— {local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]} {local:%H:%M} ——"
        if hour == self.hour:
            return []
        self.hour = hour
        return [hour]


def _code(made: Counter[int], size: int) -> str:
    """Counted apart by size: what is drawn for a button does not change a coupon's code."""
    made[size] += 1
    return f"{size:02d}demo{made[size]:04d}"


def _written(name: str, heard: Heard) -> list[str]:
    """One message as it is read on a page."""
    first, *more = heard.text.splitlines() or [""]
    files = f"（{len(heard.row.attachments)} 个文件）" if heard.row.attachments else ""
    buttons = [f"  [{' | '.join(heard.labels)}]"] if heard.labels else []
    return [f"回响 → {name}: {files}{first}", *(f"  {line}".rstrip() for line in more), *buttons]


Act = Callable[..., Any]
STEPS: tuple[tuple[str, Act], ...] = (
    (r"人物: (.+)", Player.people),
    (rf"订单: (\S+) (\S+) (\S+) {MOMENT} (\S+)", Player.order),
    (r"（(\d+) (分钟|小时|天)后）", Player.later),
    (rf"（到 {MOMENT}）", Player.until),
    (r"（停机 (\d+) (分钟|小时|天)）", Player.outage),
    (r"新客户 (\S+?)(?:（(\w+)）)? 打开聊天(?: 用 (\S+) 的链接)?", Player.comes),
    (rf"{WHO} 打开 (\S+) 的链接", Player.opens),
    (rf"{WHO} 点 \[(.+)\]", Player.taps),
    (rf"{WHO} 发(照片|语音|视频|贴纸)(?: (\d+) 个)?(?:: (.+))?", Player.sends),
    (rf"{WHO} 改上一条: (.+)", Player.edits),
    (rf"{WHO} 回复“(.+?)”: (.+)", Player.replies),
    (rf"{WHO} 在工作台核销 (\S+) 的券，用在订单 (\S+)", Player.redeems),
    (rf"{WHO}: (.+)", Player.says),
)
