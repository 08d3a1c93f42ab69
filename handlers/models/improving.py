"""What a second reading changes: empty fields of the matrix, more types, a higher priority. Never less, never a word.

A type or priority that a person put right stands. The customer hears nothing of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.labels import CaseType, Priority
from handlers.cases.amending import make_graver
from handlers.cases.cards import owner_locale, tell_owner
from handlers.cases.records import as_data, find, note
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases
from storage.cases import Case, CaseEntry
from storage.people import Person

LOCALE = "zh-CN"
"""The timeline is written in the company's language."""


def came(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The reading is back. It is passed over when the words it points at have changed, or the case is closed."""
    entry = turn.tx.find(CaseEntry, args["entry"])
    if entry is None or len(entry.text) != args["length"]:
        return
    case = find(turn, entry.case_id)
    if case.status == "closed":
        return
    added = _fill(turn, case, entry, args)
    types, graver = _judged(turn, case, args)
    noted = "；".join(_told(turn, added, types, graver))
    if noted:
        note(turn, case.id or 0, "read_again", noted, entry=entry.id)
    if graver is not None:
        label = turn.world.texts.render(f"labels.priority_{graver.value}", {}, owner_locale(turn, case))
        tell_owner(turn, case, "models.graver", priority=label)


def _fill(turn: Turn, case: Case, entry: CaseEntry, args: Mapping[str, Any]) -> list[str]:
    """Fields that were empty and are not any more."""
    found: dict[str, Any] = {
        field: [entry.text[start:end] for start, end in pieces] for field, pieces in args["pieces"].items()
    }
    if "occurred_at" in found:
        found["occurred_at"] = _moment(turn, entry, found["occurred_at"][0])
    if args["demands"]:
        found["demands"] = args["demands"]
    fresh = {field: value for field, value in found.items() if not case.matrix.get(field)}
    if fresh:
        turn.tx.change(Case, case.id or 0, matrix={**case.matrix, **fresh})
    return list(fresh)


def _moment(turn: Turn, entry: CaseEntry, words: str) -> dict[str, Any]:
    """The model says which words name the time; what moment they mean, our own reader works out."""
    said_at = entry.at.astimezone(turn.now.tzinfo)
    known: dict[str, Any] = as_data(turn.world.reader.understand(words, said_at).matrix).get("occurred_at", {})
    return {**known, "text": words}


def _judged(turn: Turn, case: Case, args: Mapping[str, Any]) -> tuple[list[str], Priority | None]:
    """Types that were added, and the priority when it rose."""
    if any(entry.kind == "corrected" for entry in cases.entries(turn.tx, case.id or 0)):
        return [], None
    named = [kind for kind in (args["primary"], *args["secondary"]) if kind and kind != CaseType.OTHER]
    fresh = [one for one in dict.fromkeys(named) if one not in (case.type, *case.secondary)]
    if fresh:
        _add_types(turn, case, fresh)
    wanted = Priority(args["priority"]) if args["priority"] else Priority.LOW
    now = find(turn, case.id or 0)
    rose = make_graver(turn, now, wanted.at_least(Priority(case.priority)), {}, by="model")
    return fresh, wanted if rose else None


def _add_types(turn: Turn, case: Case, fresh: list[str]) -> None:
    """`other` says nothing, so that the first one takes its place; otherwise they stand beside the type."""
    kind = fresh[0] if case.type == CaseType.OTHER else case.type
    second = [one for one in fresh if one != kind]
    turn.tx.change(Case, case.id or 0, type=kind, secondary=[*case.secondary, *second])
    webhooks.emit(turn, "case.changed", {"case": case.number, "type": kind, "priority": case.priority})


def _told(turn: Turn, fields: list[str], types: list[str], graver: Priority | None) -> Iterator[str]:
    """What was added, for the timeline."""
    texts = turn.world.texts
    if fields:
        yield texts.render("models.filled", {"fields": _names(turn, "", fields)}, LOCALE)
    if types:
        yield texts.render("models.types", {"types": _names(turn, "type_", types)}, LOCALE)
    if graver is not None:
        yield texts.render("models.raised", {"priority": _names(turn, "priority_", [graver.value])}, LOCALE)


def _names(turn: Turn, kind: str, ids: list[str]) -> str:
    return "、".join(turn.world.texts.render(f"labels.{kind}{one}", {}, LOCALE) for one in ids)
