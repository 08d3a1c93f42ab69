"""What people put right in a reading, kept as examples for the next training; gone when the customer is erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Correction(SQLModel, table=True):
    """The words of a case as they were written `at`, by `sender` (customer or cleaner), with the right labels.

    Once for each case: who corrects again has the last word. `was` are the labels before anybody corrected.
    """

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(unique=True)
    customer_id: int | None = Field(default=None, index=True)
    sender: str
    text: str
    at: datetime = Field(sa_type=UtcDateTime)
    intent: str
    type: str = ""
    secondary: list[str] = Field(default_factory=list, sa_type=Json)
    priority: str = ""
    anger: int = 0
    was: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    by_id: int | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)


_T = core(Correction)
_OF_CASE = Statement(select(_T).where(_T.c.case_id == bindparam("case_id")))
_FORGET = Statement(delete(_T).where(_T.c.case_id == bindparam("of_case")))
_ALL = Statement(select(_T).order_by(_T.c.id))


def of_case(tx: Tx, case_id: int) -> Correction | None:
    return tx.one(_OF_CASE, case_id=case_id)


def keep(tx: Tx, case_id: int, was: dict[str, Any], **columns: Any) -> None:
    """Write the right labels of a case's words, over those that were given before."""
    known = of_case(tx, case_id)
    if known is None:
        tx.put(Correction, case_id=case_id, was=was, **columns)
    else:
        tx.change(Correction, known.id or 0, **columns)


def forget(tx: Tx, case_id: int) -> None:
    tx.do(_FORGET, of_case=case_id)


def all_of_them(tx: Tx) -> list[Correction]:
    """Oldest first."""
    return tx.all(_ALL)
