"""Passwords of the desk: argon2, with the cost OWASP names for a small server (19 MiB, two passes)."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

MEMORY_KIB = 19 * 1024
NEW_BYTES = 9
PASSES = 2


def new_password() -> str:
    """Twelve characters nobody can guess."""
    return secrets.token_urlsafe(NEW_BYTES)


def hash_password(password: str) -> str:
    """Takes some tens of milliseconds: call it outside of a transaction."""
    return _hasher().hash(password)


def is_password(password_hash: str, password: str) -> bool:
    """As slow as hashing, whatever the answer."""
    try:
        return _hasher().verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
