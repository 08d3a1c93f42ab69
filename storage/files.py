"""Files that people sent: photos and voice, stored by content, fetched from a channel when it holds them."""

from datetime import datetime

from sqlalchemy import Index, bindparam, select, text
from sqlmodel import Field, SQLModel

from storage.columns import Long, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

PENDING, ERASED = "state = 'pending'", "state = 'erased' AND name != ''"
"""What is looked for each second, in the words of its index."""


class StoredFile(SQLModel, table=True):
    """`name` is the sha256 of the content, empty until `state` is `ready`; `remote` is `channel:file id`.

    `state` is `ready`, `pending` (to be fetched), `failed` (with the reason) or `erased`: its content goes from the
    disk too, and then its name.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("stored_file_pending", "id", sqlite_where=text(PENDING), postgresql_where=text(PENDING)),
        Index("stored_file_erased", "id", sqlite_where=text(ERASED), postgresql_where=text(ERASED)),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(default="", index=True)
    kind: str
    mime: str = ""
    size: int = Field(default=0, sa_type=Long)
    owner: str = Field(default="", index=True)
    remote: str = ""
    state: str = "ready"
    reason: str = ""
    attempts: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)


_T = core(StoredFile)
_PENDING = Statement(select(_T).where(text(PENDING)).order_by(_T.c.id).limit(bindparam("limit", type_=_T.c.id.type)))
_BY_OWNER = Statement(select(_T).where(_T.c.owner == bindparam("owner")))


_ERASED = Statement(select(_T).where(text(ERASED)).limit(bindparam("limit", type_=_T.c.id.type)))
_KEPT = Statement(select(_T).where(_T.c.name == bindparam("name"), _T.c.state != text("'erased'")))


def find(tx: Tx, file_id: int) -> StoredFile | None:
    return tx.find(StoredFile, file_id)


def pending(tx: Tx, limit: int) -> list[StoredFile]:
    return tx.all(_PENDING, limit=limit)


def erased(tx: Tx, limit: int) -> list[StoredFile]:
    """Those whose content is still to go from the disk."""
    return tx.all(_ERASED, limit=limit)


def is_kept(tx: Tx, name: str) -> bool:
    """Whether somebody who was not erased sent the very same content."""
    return tx.one(_KEPT, name=name) is not None


def came_with(tx: Tx, file: StoredFile) -> list[StoredFile]:
    """The others of its message: those of one message were noted at the same moment."""
    return [one for one in of_owner(tx, file.owner) if one.created_at == file.created_at and one.id != file.id]


def of_owner(tx: Tx, owner: str) -> list[StoredFile]:
    """`owner` is the address of the chat it came from."""
    return tx.all(_BY_OWNER, owner=owner)
