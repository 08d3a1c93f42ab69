"""The board of cases: which there are, how urgent each is, and which clock of it is running."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, case, func, select

from domain.labels import CaseStatus, Priority
from storage.cases import CLOSED, OPEN, Case
from storage.database import Tx
from storage.orders import Order
from storage.people import Person
from storage.statement import Statement, core

Which = Literal["open", "mine", "closed"]
Clock = Literal["respond", "resolve", "paused", "stopped"]
MOST = 300
WORDS = 3
ESCAPE = "!"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as a line of the board. `customer`, `owner` and `service` are empty when there is none."""

    id: int
    number: str
    type: str
    priority: str
    status: str
    anger: int
    text: str
    customer: str
    owner_id: int | None
    owner: str
    service: str
    opened_at: datetime
    respond_by: datetime
    responded_at: datetime | None
    resolve_by: datetime
    waiting_since: datetime | None
    closed_at: datetime | None
    grade: str
    reopened: int

    @property
    def clock(self) -> Clock:
        """Which clock runs. Only the company's answer stops the first; both stand still while we wait."""
        return running_clock(self)

    @property
    def due_at(self) -> datetime:
        return self.respond_by if self.responded_at is None else self.resolve_by

    def is_late(self, now: datetime) -> bool:
        return self.clock in ("respond", "resolve") and self.due_at <= now


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each list holds."""

    open: int
    mine: int
    closed: int


def running_clock(one: CaseLine | Case) -> Clock:
    if one.status == CaseStatus.CLOSED:
        return "stopped"
    if one.waiting_since is not None:
        return "paused"
    return "respond" if one.responded_at is None else "resolve"


_C, _P, _O = core(Case), core(Person), core(Order)
_OWNER = _P.alias("owner")
_MINE = _C.c.owner_id == bindparam("me")
_HAYSTACK = (
    _C.c.number + " " + _C.c.text
    + " " + func.coalesce(_P.c.name, "") + " " + func.coalesce(_OWNER.c.name, "")
    + " " + func.coalesce(_O.c.number, "") + " " + func.coalesce(_O.c.service, "")
    + " " + func.coalesce(_O.c.address, "")
)  # fmt: skip
_LINES = (
    select(
        _C.c.id, _C.c.number, _C.c.type, _C.c.priority, _C.c.status, _C.c.anger, _C.c.text,
        func.coalesce(_P.c.name, "").label("customer"), _C.c.owner_id, func.coalesce(_OWNER.c.name, "").label("owner"),
        func.coalesce(_O.c.service, "").label("service"), _C.c.opened_at, _C.c.respond_by, _C.c.responded_at,
        _C.c.resolve_by, _C.c.waiting_since, _C.c.closed_at, _C.c.grade, _C.c.reopened,
    )
    .select_from(
        _C.outerjoin(_P, _P.c.id == _C.c.customer_id)
        .outerjoin(_OWNER, _OWNER.c.id == _C.c.owner_id)
        .outerjoin(_O, _O.c.id == _C.c.order_id)
    )
    .where(*(_HAYSTACK.ilike(bindparam(f"like{n}"), escape=ESCAPE) for n in range(WORDS)))
    .order_by(_C.c.id.desc())
    .limit(MOST)
)  # fmt: skip
_LISTS: dict[Which, Statement] = {
    "open": Statement(_LINES.where(OPEN)),
    "mine": Statement(_LINES.where(OPEN, _MINE)),
    "closed": Statement(_LINES.where(CLOSED)),
}
_ANY = Statement(_LINES)
_OPEN_COUNTS = Statement(
    select(
        func.count().label("open"), func.coalesce(func.sum(case((_MINE, 1), else_=0)), 0).label("mine")
    ).where(OPEN)
)  # fmt: skip
_CLOSED_COUNT = Statement(select(func.count().label("n")).where(CLOSED))


def listed(tx: Tx, which: Which, me: int, now: datetime) -> list[CaseLine]:
    """The open ones: danger first, then what is late, then by priority and by what falls due. Closed: newest first."""
    params = {"me": me} if which == "mine" else {}
    lines = _lines(tx.all(_LISTS[which], **params, **_likes("")))
    return lines if which == "closed" else sorted(lines, key=lambda line: _urgency(line, now))


def found(tx: Tx, words: str, now: datetime) -> list[CaseLine]:
    """Open and closed cases that hold every word: number, text, name, order, service or address."""
    lines = _lines(tx.all(_ANY, **_likes(words)))
    return sorted(lines, key=lambda line: (line.status == CaseStatus.CLOSED, *_urgency(line, now)))


def counts(tx: Tx, me: int) -> Counts:
    row = tx.all(_OPEN_COUNTS, me=me)[0]
    return Counts(row.open, row.mine, int(tx.value(_CLOSED_COUNT)))


def _lines(rows: Sequence[tuple[object, ...]]) -> list[CaseLine]:
    return [CaseLine(*row) for row in rows]  # type: ignore[arg-type]  # the columns in the order of the fields


def _urgency(line: CaseLine, now: datetime) -> tuple[bool, bool, bool, int, datetime]:
    """Somebody in danger comes before anything that is merely late."""
    priority = Priority(line.priority)
    return line.clock == "paused", priority is not Priority.URGENT, not line.is_late(now), priority.rank, line.due_at


def _likes(words: str) -> dict[str, str]:
    """What was typed is text, never a pattern. Only the first few words count."""
    typed = (words.split() + [""] * WORDS)[:WORDS]
    plain = (word.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_") for word in typed)
    return {f"like{number}": f"%{word}%" for number, word in enumerate(plain)}
