"""Entering the desk: sessions that the server keeps, and guesses that get slower.

The cookie is random and the database holds only its hash. An attempt is written down as failed before the password
is looked at, and forgiven when it was right: however many arrive at once, only so many are looked at.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import HuixiangError
from domain.roles import Role
from storage import desk, people
from storage.database import Tx
from storage.desk import DeskSession, FailedLogin
from storage.people import Person

SESSION = timedelta(hours=12)
DEMO_SESSION = timedelta(days=3650)
"""In a demo days pass in seconds, and nobody should be thrown out by the time machine."""
WINDOW = timedelta(minutes=15)
PER_NAME, PER_ADDRESS = 5, 30
TOKEN_BYTES = 32


class TooManyTries(HuixiangError):
    """尝试次数太多了，请过 15 分钟再试。"""

    code = "too_many_tries"
    http_status = 429


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the desk. `csrf` must come back with every change."""

    person: Person
    session: int
    csrf: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to enter: the rows to forgive when it succeeds, and what to compare the password with."""

    failures: tuple[int, ...]
    person: int | None
    stored: str | None


def begin_attempt(tx: Tx, username: str, address: str, now: datetime) -> Attempt:
    """Count it; raises `TooManyTries` when there were too many for this name or from this address."""
    desk.prune(tx, now, now - WINDOW)
    whose = (f"name:{_digest(username)}", f"address:{address}")
    for who, most in zip(whose, (PER_NAME, PER_ADDRESS), strict=True):
        if desk.failures(tx, who, now - WINDOW) >= most:
            raise TooManyTries
    failures = tuple(tx.add(FailedLogin, who=who, at=now) for who in whose)
    login = desk.login_by_name(tx, username)
    known = login is not None and _may_enter(people.get(tx, login.person_id))
    if login is None or not known:
        return Attempt(failures, None, None)
    return Attempt(failures, login.person_id, login.password_hash)


def enter(
    tx: Tx, person_id: int, now: datetime, failures: tuple[int, ...] = (), lasting: timedelta = SESSION
) -> str:  # fmt: skip
    """Begin a session; the cookie's value."""
    for failure in failures:
        desk.forgive(tx, failure)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    csrf = secrets.token_urlsafe(TOKEN_BYTES)
    tx.add(
        DeskSession, token_hash=_digest(token), person_id=person_id, csrf=csrf, created_at=now, expires_at=now + lasting
    )
    return token


def leave(tx: Tx, token: str) -> None:
    desk.end_session(tx, _digest(token))


def visitor(tx: Tx, token: str, now: datetime) -> Visitor | None:
    """Whose cookie this is; None when it is over, or the person no longer leads."""
    session = desk.session(tx, _digest(token), now) if token else None
    person = tx.find(Person, session.person_id) if session is not None else None
    if session is None or person is None or not _may_enter(person):
        return None
    return Visitor(person, session.id or 0, session.csrf)


def _may_enter(person: Person) -> bool:
    return Role(person.role).is_lead and person.erased_at is None


def _digest(text: str) -> str:
    """Also for names: what somebody typed there may be their password."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
