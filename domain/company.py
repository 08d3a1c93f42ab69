"""The company as data: its policies, hours and catalogue. Loaded from files that a company edits, checked at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from domain.labels import CaseType, Priority
from domain.roles import Role


@dataclass(frozen=True)
class Hours:
    """When the company works. `weekdays` 0 = Monday; public holidays and 调休 come from the calendar."""

    timezone: str = "Asia/Shanghai"
    opens: time = time(9)
    closes: time = time(20)
    lunch_from: time = time(12)
    lunch_until: time = time(13)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    holidays: bool = True


@dataclass(frozen=True)
class Quiet:
    """Nothing unasked goes out from `from_` to `until`, nor more than so many messages to a person."""

    from_: time = time(21)
    until: time = time(9)
    per_day: int = 2
    per_week: int = 5


@dataclass(frozen=True)
class Clocks:
    """Minutes for a priority: the first answer by a person, all resolved, then act again after taking it.

    Business minutes but for `urgent`; only all resolved is counted by the wall clock, as customers count days.
    """

    respond_minutes: int
    resolve_minutes: int
    idle_minutes: int = 120


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: who is pinged, and how many minutes they have."""

    role: Role
    minutes: Mapping[Priority, int]
    backup: bool = False


@dataclass(frozen=True)
class TaskRule:
    """A task of an intervention: its kind, and which role owns it until somebody takes the case."""

    kind: str
    role: Role = Role.SUPERVISOR
    minutes: int = 24 * 60


@dataclass(frozen=True)
class Intervention:
    """What a type of case (at these priorities, all when empty) triggers. `offer` is a text key for the customer."""

    type: CaseType
    tasks: tuple[TaskRule, ...]
    offer: str
    webhook: str
    priorities: tuple[Priority, ...] = ()


@dataclass(frozen=True)
class CouponRule:
    amount_fen: int
    days: int
    min_order_fen: int = 0
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Rewards:
    """`budget_fen` is for a calendar month. `max_share` caps a coupon to so many percent of an order's price.

    Feedback is useful from `useful_characters` on, and a copy when `copy_percent` of it was said before.
    """

    coupons: Mapping[str, CouponRule]
    budget_fen: int = 500_000
    max_share: int = 50
    useful_characters: int = 12
    copy_percent: int = 80
    remind_days: int = 3


@dataclass(frozen=True)
class Money:
    """Above `alone_fen` a second person decides; `choices_fen` are the amounts offered on buttons."""

    alone_fen: int = 20_000
    choices_fen: tuple[int, ...] = (2_000, 5_000, 10_000, 30_000)


@dataclass(frozen=True)
class Visits:
    """When what is asked around a visit. Hours before and after; `late_minutes` without 到达 counts as late.

    A delay above `late_tell_minutes` is told to supervisors. Needs that name one of `lasting` stay in the profile.
    """

    day_before_hour: time = time(18)
    rating_after_minutes: int = 30
    remind_after_hours: int = 24
    call_after_hours: int = 48
    follow_up_days: int = 3
    reopen_days: int = 7
    late_minutes: int = 10
    late_tell_minutes: int = 20
    lasting: tuple[str, ...] = (
        "猫", "狗", "宠物", "过敏", "老人", "孕", "宝宝", "婴儿", "小孩", "孩子", "钥匙", "门禁", "大理石", "实木",
    )  # fmt: skip


@dataclass(frozen=True)
class Doubts:
    """Less sure than this (0 to 1) we ask instead of guessing: what is wanted, and of which type a complaint is."""

    intent: float = 0.55
    type: float = 0.45


@dataclass(frozen=True)
class Soothing:
    """One way to soothe. Empty conditions fit everything; the one that fits most closely and was not said wins."""

    id: str
    types: tuple[CaseType, ...] = ()
    priorities: tuple[Priority, ...] = ()
    anger: tuple[int, ...] = ()
    off_hours: bool | None = None
    returning: bool | None = None


@dataclass(frozen=True)
class Branch:
    """门店. `code` is how orders and invitations name it and stays for good; without a `timezone` the company's."""

    code: str
    name: str
    timezone: str = ""


@dataclass(frozen=True)
class Company:
    """Everything a company decides. `catalogue` holds what inquiries are answered from, by topic."""

    name: str
    hours: Hours
    quiet: Quiet
    clocks: Mapping[Priority, Clocks]
    ladder: tuple[Rung, ...]
    interventions: tuple[Intervention, ...]
    rewards: Rewards
    money: Money
    visits: Visits
    soothing: tuple[Soothing, ...] = ()
    safety: Mapping[str, str] = field(default_factory=dict)
    catalogue: Mapping[str, Any] = field(default_factory=dict)
    phone: str = ""
    escalation_rounds: int = 0
    branches: tuple[Branch, ...] = ()
    doubts: Doubts = field(default_factory=Doubts)
