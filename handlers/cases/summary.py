"""A case in a few lines, as it was understood: shown to the customer to confirm, and to staff."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from domain.labels import CaseType
from handlers.cases.calling import confirmed, unconfirmed
from handlers.cases.records import quote
from handlers.files.files import kept
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from storage.cases import BY_CLEANER, Case

LISTED = ("place", "objects", "amounts", "impact")
MOST = 4
STAFF_LENGTH = 300


def summary(turn: Turn, case: Case, locale: str) -> str:
    """One line for each thing known; fields nobody spoke of are left out."""
    named = [] if case.type == CaseType.OTHER else [turn.world.texts.render(f"labels.type_{case.type}", {}, locale)]
    matter = [("matter", name) for name in named]
    return _lines(turn, [*matter, ("said", quote(case.text)), *_known(turn, case, locale)], locale)


def for_staff(turn: Turn, case: Case, locale: str) -> str:
    """The same for us: the words in full, and no type, which the card names already."""
    words = " ".join(case.text.split())
    whole = words if len(words) <= STAFF_LENGTH else words[: STAFF_LENGTH - 1] + "…"
    who = "cleaner_said" if case.origin == BY_CLEANER else "customer_said"
    return _lines(turn, [(who, whole), *_call(turn, case, locale), *_known(turn, case, locale)], locale)


def _call(turn: Turn, case: Case, locale: str) -> Iterator[tuple[str, str]]:
    """Whom to call at once, and the number that a stranger left for it."""
    if number := confirmed(turn, case):
        yield "phone", number
    if number := unconfirmed(turn, case):
        yield "phone", turn.world.texts.render("labels.unconfirmed", {"phone": number}, locale)


def _lines(turn: Turn, known: Iterable[tuple[str, str]], locale: str) -> str:
    texts = turn.world.texts
    colon = "：" if locale == DEFAULT_LOCALE else ": "
    return "\n".join(f"{texts.render(f'labels.{field}', {}, locale)}{colon}{value}" for field, value in known)


def _known(turn: Turn, case: Case, locale: str) -> Iterator[tuple[str, str]]:
    texts, matrix = turn.world.texts, case.matrix
    comma = "、" if locale == DEFAULT_LOCALE else ", "
    if when := matrix.get("occurred_at"):
        yield "occurred_at", _when(turn, when, locale)
    for field in LISTED:
        if matrix.get(field):
            yield field, comma.join(matrix[field][:MOST])
    if matrix.get("more"):
        yield "more", ("；" if locale == DEFAULT_LOCALE else "; ").join(matrix["more"][-MOST:])
    wishes = [texts.render(f"labels.demand_{demand}", {}, locale) for demand in matrix.get("demands", ())]
    if wishes or matrix.get("wishes"):
        yield "demands", comma.join(dict.fromkeys([*wishes, *matrix.get("wishes", ())]))
    if count := kept(turn, matrix.get("evidence", ())):
        yield "evidence", texts.render("labels.files", {"count": count}, locale)


def _when(turn: Turn, when: dict[str, Any], locale: str) -> str:
    """The customer's words, and the day they mean."""
    if "start" not in when:
        return str(when["text"])
    day = turn.world.texts.render("labels.day", {"day": datetime.fromisoformat(when["start"])}, locale)
    return f"{when['text']}（{day}）" if locale == DEFAULT_LOCALE else f"{when['text']} ({day})"
