"""Which of several workers does what: locks that last as long as their transaction, for PostgreSQL only.

What somebody else holds is passed over, never waited for: they will have done it by the next look.
"""

from collections.abc import Iterable

from sqlalchemy import Boolean, String, column, text

from storage.database import Tx
from storage.statement import Statement

SEPARATOR = "\x1f"
_TAKE = Statement(
    text(
        "SELECT lane FROM unnest(string_to_array(:lanes, chr(31))) AS lane"
        " WHERE pg_try_advisory_xact_lock(hashtextextended(lane, 1)) LIMIT :most"
    ).columns(column("lane", String))
)
_ALONE = Statement(
    text("SELECT pg_try_advisory_xact_lock(hashtextextended(:what, 2)) AS alone").columns(column("alone", Boolean))
)


def take(tx: Tx, lanes: Iterable[str], most: int) -> set[str]:
    """Those of the lanes that are ours until the commit; `most` at the most, so that others find work as well."""
    wanted = SEPARATOR.join(dict.fromkeys(lanes))
    return {row.lane for row in tx.all(_TAKE, lanes=wanted, most=most)} if wanted else set()


def alone(tx: Tx, what: str) -> bool:
    """Whether nobody else does this in a transaction now. A database that nobody shares is always ours."""
    return not tx.shared or bool(tx.value(_ALONE, what=what))
