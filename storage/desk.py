"""Who may enter the desk: logins, server-side sessions, and the failures that slow a guesser down."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Login(SQLModel, table=True):
    """`password_hash` is argon2."""

    __tablename__ = "desk_login"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(unique=True)
    username: str = Field(unique=True)
    password_hash: str
    created_at: datetime = Field(sa_type=UtcDateTime)


class DeskSession(SQLModel, table=True):
    """`token_hash` is the sha256 of the cookie; `csrf` must come back with every change."""

    __tablename__ = "desk_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    person_id: int
    csrf: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class FailedLogin(SQLModel, table=True):
    """`who` is a username or a network address."""

    __tablename__ = "failed_login"

    id: int | None = Field(default=None, primary_key=True)
    who: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)


_L, _S, _F = core(Login), core(DeskSession), core(FailedLogin)
_BY_NAME = Statement(select(_L).where(_L.c.username == bindparam("username")))
_BY_PERSON = Statement(select(_L).where(_L.c.person_id == bindparam("person_id")))
_SESSION = Statement(select(_S).where(_S.c.token_hash == bindparam("token"), _S.c.expires_at > bindparam("now")))
_END = Statement(delete(_S).where(_S.c.token_hash == bindparam("token")))
_END_ALL = Statement(delete(_S).where(_S.c.person_id == bindparam("who")))
_CLOSE = Statement(delete(_L).where(_L.c.person_id == bindparam("who")))
_FAILURES = Statement(
    select(func.count().label("n")).where(_F.c.who == bindparam("who"), _F.c.at >= bindparam("since"))
)
_FORGIVE = Statement(delete(_F).where(_F.c.id == bindparam("row_id")))
_OLD_FAILURES = Statement(delete(_F).where(_F.c.at < bindparam("before")))
_OLD_SESSIONS = Statement(delete(_S).where(_S.c.expires_at <= bindparam("now")))
_NEW_HASH = Statement(update(_L).where(_L.c.person_id == bindparam("who")).values(password_hash=bindparam("hash")))


def login_by_name(tx: Tx, username: str) -> Login | None:
    return tx.one(_BY_NAME, username=username)


def login_of(tx: Tx, person_id: int) -> Login | None:
    return tx.one(_BY_PERSON, person_id=person_id)


def set_password(tx: Tx, person_id: int, password_hash: str) -> None:
    tx.do(_NEW_HASH, who=person_id, hash=password_hash)


def session(tx: Tx, token_hash: str, now: datetime) -> DeskSession | None:
    """The session if it is still good."""
    return tx.one(_SESSION, token=token_hash, now=now)


def end_session(tx: Tx, token_hash: str) -> None:
    tx.do(_END, token=token_hash)


def end_sessions(tx: Tx, person_id: int) -> None:
    """Wherever this person is logged in, they are no more."""
    tx.do(_END_ALL, who=person_id)


def close(tx: Tx, person_id: int) -> None:
    """The desk knows this person no more."""
    end_sessions(tx, person_id)
    tx.do(_CLOSE, who=person_id)


def failures(tx: Tx, who: str, since: datetime) -> int:
    return int(tx.value(_FAILURES, who=who, since=since))


def forgive(tx: Tx, failure_id: int) -> None:
    """It was no failure after all."""
    tx.do(_FORGIVE, row_id=failure_id)


def prune(tx: Tx, now: datetime, failures_before: datetime) -> None:
    """Forget sessions that are over and failures that no longer count."""
    tx.do(_OLD_SESSIONS, now=now)
    tx.do(_OLD_FAILURES, before=failures_before)
