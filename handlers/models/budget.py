"""The daily budget: calls are counted in the transaction before each, so that a crash cannot make them free."""

from datetime import date

from storage import facts
from storage.database import Tx

KEY = "model_calls"


def used(tx: Tx, day: date) -> int:
    """Calls begun on this day of the company."""
    known, _, count = facts.read(tx, KEY).partition(" ")
    return int(count) if known == day.isoformat() else 0


def spend(tx: Tx, day: date, most: int) -> bool:
    """Count one more call; False when the day's are used up."""
    count = used(tx, day)
    if count >= most:
        return False
    facts.write(tx, KEY, f"{day.isoformat()} {count + 1}")
    return True
