"""Who left the company: what they were, when, and who let them go. Their cases, visits and words keep their name."""

from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime
from storage.database import Tx
from storage.people import Person
from storage.statement import Statement, core


class Departure(SQLModel, table=True):
    """`role` and `branch_id` are those they had. Whoever came back and left again has two."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(index=True)
    role: str
    branch_id: int | None = None
    by_id: int
    at: datetime = Field(sa_type=UtcDateTime)


_T = core(Departure)
_OF = Statement(select(_T).where(_T.c.person_id == bindparam("person_id")).order_by(_T.c.id.desc()).limit(1))
_P = core(Person)
_CALLED = Statement(
    select(_P)
    .join(_T, _T.c.person_id == _P.c.id)
    .where(_P.c.name == bindparam("name"), _P.c.role == text("'customer'"))
    .order_by(_T.c.id.desc())
)
_LATEST = Statement(select(_T).order_by(_T.c.id.desc()).limit(bindparam("limit", type_=_T.c.id.type)))


def of_person(tx: Tx, person_id: int) -> Departure | None:
    """The last one."""
    return tx.one(_OF, person_id=person_id)


def called(tx: Tx, name: str) -> list[Person]:
    """Those of this name who left and did not come back, the latest first."""
    return tx.all(_CALLED, name=name)


def latest(tx: Tx, limit: int) -> list[Departure]:
    return tx.all(_LATEST, limit=limit)
