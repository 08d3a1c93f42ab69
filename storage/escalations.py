"""Escalations: a ping that climbs until a human takes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, null, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

ACTIVE = "state != 'ended'"
"""In the words of the index of those that go on."""


class Escalation(SQLModel, table=True):
    """`about` is `case:12` or `request:5`. `ladder` is the policy it started with, frozen. `level` counts from 0.

    `state` is `climbing` (nobody has it), `held` (somebody took it), `ended`. `acted_at` is empty until the taker acts.
    """

    __table_args__ = (Index("escalation_active", "id", sqlite_where=text(ACTIVE), postgresql_where=text(ACTIVE)),)

    id: int | None = Field(default=None, primary_key=True)
    about: str = Field(unique=True)
    branch_id: int | None = None
    ladder: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    level: int = 0
    round: int = 1
    state: str = "climbing"
    taken_by: int | None = None
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    pinged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = core(Escalation)
_ABOUT = Statement(select(_T).where(_T.c.about == bindparam("about")))
_TAKE = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.state == "climbing")
    .values(state="held", taken_by=bindparam("who"), taken_at=bindparam("now"), acted_at=null())
)
_ACTIVE = Statement(select(_T).where(text(ACTIVE)).order_by(_T.c.id))


def about(tx: Tx, what: str) -> Escalation | None:
    return tx.one(_ABOUT, about=what)


def take(tx: Tx, escalation_id: int, who: int, now: datetime) -> bool:
    """Stop the climb for `who`; False when it is not climbing (any more)."""
    return tx.run(_TAKE, row_id=escalation_id, who=who, now=now) == 1


def active(tx: Tx) -> list[Escalation]:
    return tx.all(_ACTIVE)
