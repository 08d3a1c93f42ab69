"""People: customers, cleaners and those who lead them, and the branches they belong to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Field, SQLModel

from domain.roles import Role
from storage import facts
from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

UNCONFIRMED = "unconfirmed_phone"
SYSTEM = "系统"
"""The name of whoever acts when the company's own systems do: an owner with no chat who is never on duty."""


class Branch(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    timezone: str = "Asia/Shanghai"


class Person(SQLModel, table=True):
    """`profile` keeps what a customer told us once and need not repeat: special needs, pets, habits.

    A number they gave to be called at once is there as well, until somebody confirms that it is theirs: `phone` finds
    people and their orders, so nothing that was only typed may stand in it.
    """

    id: int | None = Field(default=None, primary_key=True)
    role: str = Field(default=Role.CUSTOMER.value, index=True)
    name: str = ""
    phone: str = Field(default="", index=True)
    branch_id: int | None = None
    locale: str = "zh-CN"
    on_duty: bool = True
    muted: bool = False
    stage: str = "aware"
    profile: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    referral_code: str = Field(default="", index=True)
    referred_by: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_P, _B = core(Person), core(Branch)
_BY_ROLE = Statement(select(_P).where(_P.c.role == bindparam("role"), _P.c.erased_at.is_(None)).order_by(_P.c.id))
_BY_PHONE = Statement(
    select(_P).where(_P.c.phone == bindparam("phone"), _P.c.role == "customer", _P.c.erased_at.is_(None))
)
_BY_STAFF_PHONE = Statement(select(_P).where(_P.c.phone == bindparam("phone"), _P.c.role != "customer"))
_BY_REFERRAL = Statement(select(_P).where(_P.c.referral_code == bindparam("code")))
_BRANCH = Statement(select(_B).where(_B.c.code == bindparam("code")))
_BRANCHES = Statement(select(_B).order_by(_B.c.id))
_FIRST_BRANCH = Statement(select(_B).order_by(_B.c.id).limit(1))


def get(tx: Tx, person_id: int) -> Person:
    return tx.get(Person, person_id)


def number_of(person: Person) -> str:
    """Where they can be called, confirmed or not, or ""."""
    return person.phone or str(person.profile.get(UNCONFIRMED, ""))


def with_role(tx: Tx, role: Role) -> list[Person]:
    return tx.all(_BY_ROLE, role=role.value)


def is_system(person: Person) -> bool:
    return person.role == Role.OWNER and person.name == SYSTEM and not person.on_duty


def still(tx: Tx, person_id: int | None, roles: Collection[Role]) -> Person | None:
    """This person as long as they have one of these roles: whoever left us is no colleague, whatever names them."""
    found = tx.find(Person, person_id)
    return found if found is not None and found.role in roles else None


def on_duty(tx: Tx, role: Role, branch_id: int | None) -> list[Person]:
    """Those of this role who are on duty: of this branch, or of no branch in particular."""
    people = [person for person in with_role(tx, role) if person.on_duty]
    return [person for person in people if branch_id is None or person.branch_id in (None, branch_id)]


def customer_by_phone(tx: Tx, phone: str) -> Person | None:
    return tx.one(_BY_PHONE, phone=phone)


def touch_phone(tx: Tx, phone: str) -> None:
    """Of two who find that nobody has this number yet, and give it to somebody, one comes first."""
    facts.touch(tx, f"phone:{phone[-2:]}")


def staff_by_phone(tx: Tx, phone: str) -> Person | None:
    return tx.one(_BY_STAFF_PHONE, phone=phone)


def by_referral(tx: Tx, code: str) -> Person | None:
    return tx.one(_BY_REFERRAL, code=code) if code else None


def branch_by_code(tx: Tx, code: str) -> Branch | None:
    return tx.one(_BRANCH, code=code)


def branches(tx: Tx) -> list[Branch]:
    """The first is where orders go that name none."""
    return tx.all(_BRANCHES)


def first_branch(tx: Tx) -> Branch | None:
    return tx.one(_FIRST_BRANCH)
