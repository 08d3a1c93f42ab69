"""What is kept of a case: its timeline, and the event matrix as it grows."""

import re
from typing import Any

from domain.labels import Demand, Intent
from domain.understanding import Matrix, Understanding
from flows.complaint import CALL, TYPE
from handlers.models.queueing import is_read_again, read_again
from handlers.turn import Turn
from storage import cases
from storage.cases import Case

SPOKEN = ("place", "objects", "actors", "facts", "impact")
ABOUT = re.compile("大概|大约|差不多|估计|应该|可能|得有|值|约|左右|上下|多|块|元|钱|吧|呢|about|around|yuan", re.I)
"""What may stand around a sum without saying more."""
WORTH_WHOLE = frozenset({"demands", "evidence", "correction", CALL, TYPE})
"""Questions whose answer may say more than what is read from it."""
QUOTE_LENGTH = 40
LONGEST_WISH = 8


def note(
    turn: Turn,
    case_id: int,
    kind: str,
    text: str = "",
    *,
    actor: int | None = None,
    audience: str = "staff",
    **data: Any,
) -> None:
    """One more line of the timeline."""
    line: dict[str, Any] = {"text": text, "actor_id": actor, "audience": audience, "data": data}
    if is_read_again(turn, kind, text):
        read_again(turn, cases.numbered_note(turn.tx, case_id, turn.now, kind, **line), actor)
    else:
        cases.note(turn.tx, case_id, turn.now, kind, **line)


def as_data(matrix: Matrix) -> dict[str, Any]:
    """The matrix as it is stored: words only, each field a list without repeats; empty fields left out."""
    data: dict[str, Any] = {field: [words.text for words in getattr(matrix, field)] for field in SPOKEN}
    data["amounts"] = [amount.words.text for amount in matrix.amounts]
    data["demands"] = [demand.value for demand in matrix.demands if demand.value != "none"]
    if matrix.occurred_at is not None:
        when = matrix.occurred_at
        data["occurred_at"] = {"start": when.start.isoformat(), "end": when.end.isoformat(), "text": when.words.text}
    return {field: value for field, value in data.items() if value}


def merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Lists grow without repeats; a time that was known stays."""
    merged = dict(old)
    for field, value in new.items():
        if isinstance(value, list):
            merged[field] = list(dict.fromkeys([*old.get(field, []), *value]))
        else:
            merged.setdefault(field, value)
    return merged


def answered(matrix: dict[str, Any], field: str, text: str, reading: Understanding) -> dict[str, Any]:
    """Add an answer: what was read from it, and the words themselves under the field that was asked for."""
    merged = merge(matrix, as_data(reading.matrix))
    if _is_wish_alone(text, reading):
        return merged
    if field == "occurred_at":
        told = {"more": [*merged.get("more", []), text]} if _is_wish_only(reading) else {"occurred_at": {"text": text}}
        merged = merged if "occurred_at" in merged else merged | told
    elif field in WORTH_WHOLE:
        beside = "more" if field != "demands" or reading.intent is Intent.COMPLAINT else "wishes"
        merged[beside] = [*merged.get(beside, []), text]
    elif field in SPOKEN and _is_wish_only(reading):
        merged["more"] = [*merged.get("more", []), text]
    elif field in (*SPOKEN, "amounts") and not (field == "objects" and _is_sum_alone(text, reading)):
        merged[field] = list(dict.fromkeys([*merged.get(field, []), text]))
    return merged


def _is_wish_alone(text: str, reading: Understanding) -> bool:
    """ "退款" says no more than the wish that was read from it."""
    longest = LONGEST_WISH * 3 if text.isascii() else LONGEST_WISH
    return len(text) <= longest and any(demand is not Demand.NONE for demand in reading.matrix.demands)


def _is_wish_only(reading: Understanding) -> bool:
    """Asked for the time, the place or the thing, "我要退款" tells none of them."""
    matrix = reading.matrix
    return any(demand is not Demand.NONE for demand in matrix.demands) and not (matrix.place or matrix.objects)


def _is_sum_alone(text: str, reading: Understanding) -> bool:
    """Asked for the thing or its worth, "大概五千" tells the worth."""
    for amount in reading.matrix.amounts:
        text = text.replace(amount.words.text, "")
    return bool(reading.matrix.amounts) and not any(one.isalnum() for one in ABOUT.sub("", text))


def quote(text: str) -> str:
    """The customer's own words, short enough to say back."""
    line = " ".join(text.split())
    longest = QUOTE_LENGTH * 2 if line.isascii() else QUOTE_LENGTH
    return line if len(line) <= longest else line[: longest - 1] + "…"


def reasons(reading: Understanding) -> list[dict[str, Any]]:
    """Why it was read so, for the desk; offsets are in the words that were read."""
    return [
        {"label": why.label, "rule": why.rule, "text": why.words.text, "start": why.words.start, "end": why.words.end}
        for why in reading.why
    ]


def find(turn: Turn, case_id: int) -> Case:
    return turn.tx.get(Case, case_id)
