"""All about one case: its timeline with names, its tasks, its visit, and what the customer lived through before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from domain.roles import LEADS, Role
from storage import cases, departures, files, orders, people
from storage.cases import Approval, Case, Task
from storage.database import Tx
from storage.orders import Order
from storage.people import Person, number_of

CLIMB, MANY = "escalated", 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `actor` is a name, `role` theirs; both empty when it happened by itself."""

    at: datetime
    kind: str
    audience: str
    text: str
    data: dict[str, Any]
    actor: str
    role: str

    @property
    def files(self) -> list[dict[str, Any]]:
        """The attachments that came with it, as they were stored."""
        found = self.data.get("files") or []
        return [one for one in found if isinstance(one, dict)]


@dataclass(frozen=True, slots=True)
class Dossier:
    """`names` maps ids of people to names; `others` are this customer's other cases, newest first.

    `missing` says of files that cannot be shown whether they are `pending` still, `failed` or `erased`.
    """

    case: Case
    entries: list[Entry]
    tasks: list[Task]
    approvals: list[Approval]
    customer: Person | None
    reporter: Person | None
    order: Order | None
    names: dict[int, str]
    others: list[Case]
    missing: dict[str, str]

    @property
    def timeline(self) -> list[tuple[Entry, list[Entry]]]:
        """Each line with those folded behind it: the climb of a case that nobody takes says the same all night."""
        lines: list[tuple[Entry, list[Entry]]] = []
        for kind, run in groupby(self.entries, attrgetter("kind")):
            first, *more = run
            if kind == CLIMB and len(more) >= MANY:
                lines.append((first, more))
            else:
                lines += [(one, []) for one in (first, *more)]
        return lines

    @property
    def hints(self) -> list[str]:
        return [entry.text for entry in self.entries if entry.kind == "hint"]

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """All files of the case, each once, in the order they came."""
        found = {one.get("file"): one for entry in self.entries for one in entry.files}
        return list(found.values())

    @property
    def confirmed(self) -> bool:
        """Whether the customer said so, and did not just let it stand."""
        return any(entry.kind == "confirmed" for entry in self.entries)

    @property
    def phone(self) -> str:
        """The number of whom to call first, while the case is urgent."""
        partner = self.reporter if self.case.origin == cases.BY_CLEANER else self.customer
        return partner.phone if partner is not None and cases.calls_first(self.case) else ""

    @property
    def unconfirmed(self) -> str:
        """The number the customer gave to be called at once, while none of theirs is confirmed."""
        return number_of(self.customer) if self.customer is not None and not self.customer.phone else ""

    def name(self, person_id: int | None) -> str:
        return self.names.get(person_id or 0, "")


def of_number(tx: Tx, number: str) -> Dossier | None:
    case = cases.by_number(tx, number)
    if case is None:
        return None
    entries = cases.entries(tx, case.id or 0)
    tasks, approvals = cases.tasks(tx, case.id or 0), cases.approvals(tx, case.id or 0)
    ids = {case.customer_id, case.owner_id, case.cleaner_id, case.reporter_id}
    ids |= {entry.actor_id for entry in entries} | {entry.data.get("to") for entry in entries}
    ids |= {task.owner_id for task in tasks} | {approval.asked_by for approval in approvals}
    known = {person_id: found for person_id in ids if person_id and (found := tx.find(Person, person_id))}
    roles = {person_id: _role(tx, case, person) for person_id, person in known.items()}
    told = [_entry(entry, known, roles) for entry in entries]
    return Dossier(
        case=case,
        entries=told,
        tasks=tasks,
        approvals=approvals,
        customer=known.get(case.customer_id or 0),
        reporter=known.get(case.reporter_id or 0),
        order=tx.find(Order, case.order_id),
        names={person_id: person.name for person_id, person in known.items()},
        others=[other for other in _of_customer(tx, case) if other.id != case.id],
        missing=dict(_missing(tx, {str(file.get("file", "")) for entry in told for file in entry.files})),
    )


def leads(tx: Tx) -> list[Person]:
    """Those on duty who can be given a case."""
    return [person for role in sorted(LEADS) for person in people.on_duty(tx, role, None)]


def order_id(tx: Tx, number: str) -> int | None:
    order = orders.by_number(tx, number)
    return order.id if order is not None else None


def _of_customer(tx: Tx, case: Case) -> list[Case]:
    return cases.of_customer(tx, case.customer_id) if case.customer_id is not None else []


def _missing(tx: Tx, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    for one in ids:
        row = files.find(tx, int(one)) if one.isdecimal() else None
        if row is not None and row.state != "ready":
            yield one, row.state


def _role(tx: Tx, case: Case, person: Person) -> str:
    """For who left since, what they were: only in a case of their own are they the customer."""
    left = departures.of_person(tx, person.id or 0) if person.role == Role.CUSTOMER else None
    return left.role if left is not None and person.id != case.customer_id else person.role


def _entry(row: Any, known: dict[int, Person], roles: dict[int, str]) -> Entry:
    who = row.actor_id or 0
    name = known[who].name if who in known else ""
    return Entry(row.at, row.kind, row.audience, row.text, row.data or {}, name, roles.get(who, ""))
