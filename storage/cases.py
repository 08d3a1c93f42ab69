"""Cases 案件: a complaint being handled, its timeline, its tasks, and decisions about money."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, or_, select, text, update
from sqlmodel import Field, SQLModel

from domain.labels import Priority
from storage.columns import Json, Long, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

BY_CLEANER = "cleaner"
"""The origin of what a cleaner reported: the customer of the visit does not hear of it from us."""


class Case(SQLModel, table=True):
    """`number` is what the customer knows. `policy` is the rule it started with, frozen.

    `origin` is chat, rating, cleaner, staff or api. Clocks: a person must answer by `respond_by`, all be done by
    `resolve_by`; `waiting_since` is set while we wait for the customer, and the clocks stand still. `doubts` are the
    types it may be while nobody has said which; `mistaken` is the intent of what became a case and was no complaint.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("cases_status", "status", "id"),
        Index(
            "cases_open", "id", "owner_id",
            sqlite_where=text("status != 'closed'"), postgresql_where=text("status != 'closed'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    customer_id: int | None = Field(default=None, index=True)
    reporter_id: int | None = Field(default=None, index=True)
    order_id: int | None = Field(default=None, index=True)
    cleaner_id: int | None = Field(default=None, index=True)
    branch_id: int | None = None
    origin: str = "chat"
    type: str = "other"
    secondary: list[str] = Field(default_factory=list, sa_type=Json)
    priority: str = "normal"
    anger: int = 0
    hazard: str = ""
    status: str = "open"
    text: str = ""
    version: int = 1
    matrix: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    why: list[Any] = Field(default_factory=list, sa_type=Json)
    said: list[str] = Field(default_factory=list, sa_type=Json)
    policy: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owner_id: int | None = Field(default=None, index=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    respond_by: datetime = Field(sa_type=UtcDateTime)
    responded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolve_by: datetime = Field(sa_type=UtcDateTime)
    waiting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    grade: str = ""
    grade_note: str = ""
    cost_fen: int = 0
    reopened: int = 0
    doubts: list[str] = Field(default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"})
    mistaken: str = Field(default="", sa_column_kwargs={"server_default": ""})


class CaseEntry(SQLModel, table=True):
    """One line of the timeline. `audience` is `all` or `staff`; `data` belongs to `kind`."""

    __tablename__ = "case_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=Long)
    case_id: int = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    actor_id: int | None = None
    audience: str = "staff"
    text: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Task(SQLModel, table=True):
    """A piece of work that an intervention asks for, with an owner and a deadline."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True)
    kind: str
    owner_id: int | None = None
    state: str = "open"
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Approval(SQLModel, table=True):
    """Money that needs a second person. `kind` is coupon or cash.

    `state` is `pending`, `approved`, `refused`, or `withdrawn` when the case was closed before anybody decided.
    """

    __table_args__ = (
        Index(
            "approval_pending", "id",
            sqlite_where=text("state = 'pending'"), postgresql_where=text("state = 'pending'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True)
    amount_fen: int
    kind: str = "coupon"
    asked_by: int
    asked_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "pending"
    decided_by: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_C, _E = core(Case), core(CaseEntry)
_T, _A = core(Task), core(Approval)
OPEN, CLOSED = _C.c.status != text("'closed'"), _C.c.status == text("'closed'")
"""In the words of the index of those that are open: most were closed long ago."""
_BY_NUMBER = Statement(select(_C).where(_C.c.number == bindparam("number")))
_OF = Statement(
    select(_C)
    .where(_C.c.customer_id == bindparam("customer_id"), _C.c.origin != text(f"'{BY_CLEANER}'"))
    .order_by(_C.c.id.desc())
)
_REPORTED = Statement(
    select(_C)
    .where(_C.c.reporter_id == bindparam("reporter_id"), _C.c.origin == text(f"'{BY_CLEANER}'"), OPEN)
    .order_by(_C.c.id.desc())
)
_ABOUT = Statement(
    select(_C)
    .where(
        or_(*(column == bindparam("person_id") for column in (_C.c.customer_id, _C.c.reporter_id, _C.c.cleaner_id))),
        OPEN,
    )
    .order_by(_C.c.id)
)
_OF_OWNER = Statement(select(_C).where(_C.c.owner_id == bindparam("owner_id"), OPEN).order_by(_C.c.id))
_ALL_OPEN = Statement(select(_C).where(OPEN).order_by(_C.c.respond_by))
_ENTRIES = Statement(select(_E).where(_E.c.case_id == bindparam("case_id")).order_by(_E.c.id))
_TOLD = Statement(
    select(_E)
    .where(_E.c.case_id == bindparam("case_id"), text("kind IN ('opened', 'said', 'answer', 'side')"))
    .order_by(_E.c.id)
)
_TASKS = Statement(select(_T).where(_T.c.case_id == bindparam("case_id")).order_by(_T.c.id))
_APPROVALS = Statement(select(_A).where(_A.c.case_id == bindparam("case_id")).order_by(_A.c.id))
_TASKS_DONE = Statement(
    update(_T)
    .where(_T.c.case_id == bindparam("of_case"), _T.c.state == "open", _T.c.kind != bindparam("keep"))
    .values(state=bindparam("end"), done_at=bindparam("now"))
)
_TASKS_OWNER = Statement(
    update(_T).where(_T.c.case_id == bindparam("of_case"), _T.c.state == "open").values(owner_id=bindparam("new_owner"))
)
_TASKS_LEFT = Statement(
    update(_T)
    .where(_T.c.owner_id == bindparam("who"), _T.c.state == "open")
    .values(owner_id=select(_C.c.owner_id).where(_C.c.id == _T.c.case_id).scalar_subquery())
)
_DECIDE = Statement(
    update(_A)
    .where(_A.c.id == bindparam("row_id"), _A.c.state == "pending")
    .values(state=bindparam("end"), decided_by=bindparam("who"), decided_at=bindparam("now"))
)
_WITHDRAW = Statement(
    update(_A)
    .where(_A.c.case_id == bindparam("of_case"), _A.c.state == "pending")
    .values(state="withdrawn", decided_at=bindparam("now"))
)
_PENDING = Statement(select(_A).where(_A.c.state == text("'pending'")).order_by(_A.c.id))


def partner_id(case: Case) -> int | None:
    """With whom we talk about it: what a cleaner reported stays between the cleaner and us."""
    return case.reporter_id if case.origin == BY_CLEANER else case.customer_id


def calls_first(case: Case) -> bool:
    """Whether a person calls before anything else: who works on it must then see the number, hidden otherwise."""
    return case.priority == Priority.URGENT and case.status != "closed"


def by_number(tx: Tx, number: str) -> Case | None:
    return tx.one(_BY_NUMBER, number=number)


def open_of_customer(tx: Tx, customer_id: int) -> list[Case]:
    """The newest first."""
    return [case for case in of_customer(tx, customer_id) if case.status != "closed"]


def of_customer(tx: Tx, customer_id: int) -> list[Case]:
    """Open and closed, the newest first; without what a cleaner reported about a visit to them."""
    return tx.all(_OF, customer_id=customer_id)


def open_with(tx: Tx, person_id: int) -> list[Case]:
    """Those we talk with this person about: a customer's own, or what a cleaner reported; the newest first."""
    return tx.all(_REPORTED, reporter_id=person_id) or open_of_customer(tx, person_id)


def open_about(tx: Tx, person_id: int) -> list[Case]:
    """Those this person has a part in, as customer, reporter or cleaner."""
    return tx.all(_ABOUT, person_id=person_id)


def of_owner(tx: Tx, owner_id: int) -> list[Case]:
    return tx.all(_OF_OWNER, owner_id=owner_id)


def all_open(tx: Tx) -> list[Case]:
    return tx.all(_ALL_OPEN)


def entries(tx: Tx, case_id: int) -> list[CaseEntry]:
    """The timeline, oldest first."""
    return tx.all(_ENTRIES, case_id=case_id)


def told(tx: Tx, case_id: int) -> list[CaseEntry]:
    """What customers and cleaners told, oldest first: few lines, however long the ladder has been climbing."""
    return tx.all(_TOLD, case_id=case_id)


def note(tx: Tx, case_id: int, at: datetime, kind: str, **more: Any) -> None:
    """Add a line to the timeline; `more` are columns of `CaseEntry`."""
    tx.touch(Case, case_id)
    tx.put(CaseEntry, case_id=case_id, at=at, kind=kind, **more)


def numbered_note(tx: Tx, case_id: int, at: datetime, kind: str, **more: Any) -> int:
    """As `note`; the id of the line."""
    tx.touch(Case, case_id)
    return tx.add(CaseEntry, case_id=case_id, at=at, kind=kind, **more)


def tasks(tx: Tx, case_id: int) -> list[Task]:
    return tx.all(_TASKS, case_id=case_id)


def end_tasks(tx: Tx, case_id: int, now: datetime, end: str = "done", keep: str = "") -> None:
    """Every open task of the case is `done` or `cancelled`, but for those of the kind to keep."""
    tx.do(_TASKS_DONE, of_case=case_id, now=now, end=end, keep=keep)


def own_tasks(tx: Tx, case_id: int, owner_id: int) -> None:
    tx.do(_TASKS_OWNER, of_case=case_id, new_owner=owner_id)


def hand_back_tasks(tx: Tx, owner_id: int) -> None:
    """What this person was to do is for whoever has the case, if anybody."""
    tx.do(_TASKS_LEFT, who=owner_id)


def approvals(tx: Tx, case_id: int) -> list[Approval]:
    return tx.all(_APPROVALS, case_id=case_id)


def pending_approvals(tx: Tx) -> list[Approval]:
    """Sums of all cases that nobody has decided about."""
    return tx.all(_PENDING)


def withdraw(tx: Tx, case_id: int, now: datetime) -> list[Approval]:
    """The sums of this case that were still to be decided, and are not any more."""
    pending = [one for one in approvals(tx, case_id) if one.state == "pending"]
    tx.do(_WITHDRAW, of_case=case_id, now=now)
    return pending


def decide(tx: Tx, approval_id: int, *, approved: bool, who: int, now: datetime) -> bool:
    """False when somebody decided before."""
    end = "approved" if approved else "refused"
    return tx.run(_DECIDE, row_id=approval_id, end=end, who=who, now=now) == 1
