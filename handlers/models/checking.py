"""A model's answer is believed in nothing: labels must be ours, and a piece of the message must stand in it.

What passes holds no words, only where they stand: nothing that somebody wrote travels in an event.
"""

import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from domain.labels import CaseType, Demand, Priority
from handlers.models.asking import MOST_PIECES, SPOKEN
from handlers.models.redacting import Redacted

LONGEST = {"occurred_at": 20, "place": 16, "objects": 24, "actors": 12, "facts": 80, "amounts": 16, "impact": 40}
"""A whole message is no place; a piece longer than this tells nobody anything."""
MOST_SECONDARY = 3
_NUMBER = re.compile(r"[\d零一二两三四五六七八九十百千万半几仨俩]")


def check(answer: str, text: str, redacted: Redacted) -> dict[str, Any] | None:
    """What holds of the answer about `text`, as JSON: labels, and `[start, end]` for each piece. None when broken."""
    said = _object(answer)
    if said is None:
        return None
    primary = _label(CaseType, said.get("primary"))
    secondary = [kind for kind in _labels(CaseType, said.get("secondary")) if kind not in (primary, "other")]
    return {
        "length": len(text),
        "primary": primary,
        "secondary": secondary[:MOST_SECONDARY],
        "priority": _label(Priority, said.get("priority")),
        "demands": [demand for demand in _labels(Demand, said.get("demands")) if demand != "none"],
        "pieces": {field: found for field in SPOKEN if (found := _pieces(field, said.get(field), text, redacted))},
    }


def _object(answer: str) -> dict[str, Any] | None:
    """The JSON object in the answer, which some put between words or marks of code."""
    try:
        found = json.loads(answer[answer.index("{") : answer.rindex("}") + 1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _label(labels: type[StrEnum], value: Any) -> str | None:
    return value if isinstance(value, str) and value in set(labels) else None


def _labels(labels: type[StrEnum], values: Any) -> list[str]:
    known = (_label(labels, value) for value in (values if isinstance(values, list) else ()))
    return list(dict.fromkeys(label for label in known if label is not None))


def _pieces(field: str, values: Any, text: str, redacted: Redacted) -> list[list[int]]:
    """Each piece that stands in the text, once, in the order given."""
    found = list(_spans(field, values if isinstance(values, list) else (), text, redacted))
    return [list(span) for span in dict.fromkeys(found)][:MOST_PIECES]


def _spans(field: str, values: Iterable[Any], text: str, redacted: Redacted) -> Iterator[tuple[int, int]]:
    for value in values:
        words = redacted.restore(value).strip() if isinstance(value, str) else ""
        start = text.find(words) if 0 < len(words) <= LONGEST[field] else -1
        if start >= 0 and (field != "amounts" or _NUMBER.search(words)):
            yield start, start + len(words)
