"""Everybody who works here: where, how they can be reached, and what is in their hands; and who has left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select, text

from domain.roles import Role
from storage import departures, people
from storage.cases import OPEN, Case
from storage.conversations import Conversation
from storage.database import Tx
from storage.departures import Departure
from storage.desk import Login
from storage.orders import Order
from storage.people import Person, is_system
from storage.requests import Request
from storage.statement import Statement, core

ORDER = (Role.OWNER, Role.MANAGER, Role.SUPERVISOR, Role.CLEANER)
LONGEST_VISIT = timedelta(days=2)
_C, _R, _O, _T, _L, _P = core(Case), core(Request), core(Order), core(Conversation), core(Login), core(Person)


def _count_by(column: Any) -> Select[Any]:
    """So many rows for each person named there, as `who` and `n`; 0 for nobody.

    Not by the bare column: SQLite would go through the column's index, and all that ever was.
    """
    who = func.coalesce(column, 0)
    return select(who.label("who"), func.count().label("n")).group_by(who)


_CASES = Statement(_count_by(_C.c.owner_id).where(OPEN))
_REQUESTS = Statement(_count_by(_R.c.owner_id).where(text("state IN ('open', 'taken')")))
_VISITS = Statement(
    _count_by(_O.c.cleaner_id).where(
        _O.c.starts_at > bindparam("since"), _O.c.ends_at > bindparam("now"), text("status IN ('booked', 'started')")
    )
)
_CHATS = Statement(
    select(_T.c.person_id, _T.c.channel)
    .join(_P, _P.c.id == _T.c.person_id)
    .where(_T.c.alive.is_(True), text("person.role IN ('owner', 'manager', 'supervisor', 'cleaner')"))
    .order_by(_T.c.last_in_at.desc())
)
_LOGINS = Statement(select(_L.c.person_id, _L.c.username))


@dataclass(frozen=True, slots=True)
class Colleague:
    """`channels` are those on which they can be reached, the one used last first; `login` is their user name, or ""."""

    person: Person
    role: Role
    branch: str
    channels: tuple[str, ...]
    login: str
    cases: int
    requests: int
    visits: int


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who left, and the name of who let them go."""

    departure: Departure
    name: str
    by: str


def listed(tx: Tx, now: datetime) -> dict[Role, list[Colleague]]:
    """By role, those above first; roles that nobody has are left out."""
    held, asked = (_counts(tx, what) for what in (_CASES, _REQUESTS))
    coming = {row.who: row.n for row in tx.all(_VISITS, since=now - LONGEST_VISIT, now=now)}
    logins = {row.person_id: row.username for row in tx.all(_LOGINS)}
    branches = {branch.id: branch.name for branch in people.branches(tx)}
    chats = _channels(tx)

    def colleague(person: Person, role: Role) -> Colleague:
        who = person.id or 0
        return Colleague(
            person=person,
            role=role,
            branch=branches.get(person.branch_id, ""),
            channels=chats.get(who, ()),
            login=logins.get(who, ""),
            cases=held.get(who, 0),
            requests=asked.get(who, 0),
            visits=coming.get(who, 0),
        )

    crew = {role: [one for one in people.with_role(tx, role) if not is_system(one)] for role in ORDER}
    return {role: [colleague(one, role) for one in found] for role, found in crew.items() if found}


def left(tx: Tx, most: int) -> list[Left]:
    """The latest to leave, without those who came back."""
    found = [(row, tx.find(Person, row.person_id)) for row in departures.latest(tx, most)]
    gone = [(row, person) for row, person in found if person is None or person.role == Role.CUSTOMER]
    return [Left(row, _name(person), _name(tx.find(Person, row.by_id))) for row, person in gone]


def _name(person: Person | None) -> str:
    return person.name if person is not None else ""


def _counts(tx: Tx, what: Statement) -> Mapping[int, int]:
    return {row.who: row.n for row in tx.all(what)}


def _channels(tx: Tx) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in tx.all(_CHATS):
        found[row.person_id] = tuple(dict.fromkeys((*found.get(row.person_id, ()), row.channel)))
    return found
