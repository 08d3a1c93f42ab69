"""The JSON-lines contract of `huixiang classify`: one message a line in, one reading a line out."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from domain.understanding import Matrix, Understanding, When, Words
from nlp.reader import Reader

CHINA = timezone(timedelta(hours=8))
"""The zone of a time that names none."""
MARK = "\ufeff"
"""What some editors put before the first line, and whoever joins files then has in the middle."""
NOT_UTF8 = "not UTF-8: save the file as UTF-8"
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False)


def classify_line(reader: Reader, line: str) -> str:
    """One line `{"id","from","text","at"}` read; a line that cannot be is answered `{"id","error"}`. Never raises.

    Bytes that were no UTF-8 stand in it as lone surrogates, as `surrogateescape` puts them; JSON itself needs none.
    """
    foreign = not _encodes(line)
    try:
        message = json.loads(line.lstrip(MARK))
    except (ValueError, RecursionError) as error:
        return _dump({"id": None, "error": NOT_UTF8 if foreign else f"not JSON: {error}"})
    if not isinstance(message, dict):
        return _dump({"id": None, "error": "an object with id, from, text, at was expected"})
    name = message.get("id")
    if not isinstance(name, str | int | None):
        return _dump({"id": None, "error": "id: a string or a whole number was expected"})
    if foreign:
        return _dump({"id": name, "error": NOT_UTF8})
    try:
        text, at, sender = _checked(message)
    except ValueError as error:
        return _dump({"id": name, "error": str(error)})
    return _dump(reading_of(name, reader.understand(text, at, sender)))


def classify_stream(reader: Reader, lines: Iterable[str]) -> Iterator[str]:
    """One answer for every line that is not blank, in order, one at a time: memory stays the same for a million."""
    return (classify_line(reader, line) for line in lines if line.strip().strip(MARK))


def _checked(message: dict[str, Any]) -> tuple[str, datetime, Literal["customer", "cleaner"]]:
    """The fields of a message; raises `ValueError` with a sentence that names the wrong one."""
    text, sender, moment = message.get("text"), message.get("from"), message.get("at")
    if not isinstance(text, str):
        raise ValueError("text: a string was expected")
    if sender not in ("customer", "cleaner"):
        raise ValueError("from: customer or cleaner was expected")
    if not isinstance(moment, str):
        raise ValueError("at: a time in ISO 8601 was expected")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise ValueError(f"at: {moment!r} is no time in ISO 8601") from error
    return text, at if at.tzinfo else at.replace(tzinfo=CHINA), sender


def reading_of(name: Any, reading: Understanding) -> dict[str, Any]:
    """A reading as plain data, with the identifiers of the taxonomy."""
    return {
        "id": name,
        "intent": reading.intent,
        "topics": reading.topics,
        "primary": reading.primary,
        "secondary": reading.secondary,
        "priority": reading.priority,
        "anger": reading.anger,
        "confidence": reading.confidence,
        "hazard": reading.hazard,
        "matrix": _matrix(reading.matrix),
        "why": [{"label": why.label, "rule": why.rule, **_span(why.words)} for why in reading.why],
    }


def _matrix(matrix: Matrix) -> dict[str, Any]:
    return {
        "occurred_at": _when(matrix.occurred_at),
        "place": _spans(matrix.place),
        "objects": _spans(matrix.objects),
        "actors": _spans(matrix.actors),
        "facts": _spans(matrix.facts),
        "amounts": [{**_span(one.words), "value": one.value, "unit": one.unit} for one in matrix.amounts],
        "impact": _spans(matrix.impact),
        "demands": matrix.demands,
        "missing": matrix.missing,
    }


def _when(when: When | None) -> dict[str, str] | None:
    if when is None:
        return None
    return {"start": when.start.isoformat(), "end": when.end.isoformat(), "text": when.words.text}


def _spans(words: Iterable[Words]) -> list[dict[str, Any]]:
    return [_span(one) for one in words]


def _span(words: Words) -> dict[str, Any]:
    """Ten times as fast as `asdict`, and a message has dozens."""
    return {"text": words.text, "start": words.start, "end": words.end}


def _dump(answer: dict[str, Any]) -> str:
    """JSON that any terminal and file can hold, a lone surrogate too."""
    line = _JSON.encode(answer)
    return line if line.isprintable() or _encodes(line) else json.dumps(answer)


def _encodes(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
