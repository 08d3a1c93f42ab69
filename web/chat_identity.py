"""Who is at the other end of a web chat.

A visitor is whoever holds a random token. The browser keeps it in localStorage and shows it by hand, in the first
frame or in a header; it is never sent by itself like a cookie. So a foreign page cannot act in a visitor's name,
the chat works inside a frame on a company's site, and the Origin header decides nothing. The database holds only
a hash: who reads it cannot become a visitor.
"""

import hashlib
import re
import secrets

from domain.events import Address

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")


def new_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def address_of(token: str) -> Address:
    return Address("web", hashlib.sha256(token.encode()).hexdigest()[:32])
