"""Links and QR codes that open a chat: an order, a branch, a printed card, a referral, a staff invitation."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

STAFF = "staff"


class Link(SQLModel, table=True):
    """`kind` is branch, card, staff or demo. A staff link is used once and expires; `args` say what it gives."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    kind: str
    args: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_by: int | None = None


_T = core(Link)
_BY_CODE = Statement(select(_T).where(_T.c.code == bindparam("code")))
_OF_KIND = Statement(select(_T).where(_T.c.kind == bindparam("kind")).order_by(_T.c.id))
_USE = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.used_at.is_(None))
    .values(used_at=bindparam("now"), used_by=bindparam("who"))
)
_VOID = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.used_at.is_(None), _T.c.expires_at > bindparam("now"))
    .values(expires_at=bindparam("now_"))
)


def by_code(tx: Tx, code: str) -> Link | None:
    return tx.one(_BY_CODE, code=code)


def of_kind(tx: Tx, kind: str) -> list[Link]:
    return tx.all(_OF_KIND, kind=kind)


def printed(tx: Tx) -> list[Link]:
    """What hangs in a branch or lies there as a card; each kind once a branch."""
    return [*of_kind(tx, "branch"), *of_kind(tx, "card")]


def invitations(tx: Tx, now: datetime) -> list[Link]:
    """Those to join the staff that somebody may still use, the newest first."""
    found = of_kind(tx, STAFF)
    return [one for one in reversed(found) if one.used_at is None and one.expires_at and one.expires_at > now]


def void(tx: Tx, link_id: int, now: datetime) -> bool:
    """It is over from now on; False when it was over or used before."""
    return tx.run(_VOID, row_id=link_id, now=now, now_=now) == 1


def use(tx: Tx, link_id: int, who: int, now: datetime) -> bool:
    """Use up a one-time link; False when somebody did before."""
    return tx.run(_USE, row_id=link_id, who=who, now=now) == 1
