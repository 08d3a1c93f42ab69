"""A case in a few lines, as it was understood: shown to the customer to confirm, and to staff."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.cases.records import quote
from handlers.turn import Turn
from storage.cases import Case

LISTED = ("place", "objects", "amounts", "impact")
MOST = 4


def summary(turn: Turn, case: Case, locale: str) -> str:
    """One line for each thing known; fields nobody spoke of are left out."""
    texts = turn.world.texts
    lines = [f"{texts.render(f'labels.{field}', {}, locale)}：{value}" for field, value in _known(turn, case, locale)]
    return "\n".join(lines)


def _known(turn: Turn, case: Case, locale: str) -> Iterator[tuple[str, str]]:
    texts, matrix = turn.world.texts, case.matrix
    yield "matter", texts.render(f"labels.type_{case.type}", {}, locale)
    yield "said", quote(case.text)
    if when := matrix.get("occurred_at"):
        yield "occurred_at", _when(turn, when, locale)
    for field in LISTED:
        if matrix.get(field):
            yield field, "、".join(matrix[field][:MOST])
    wishes = [texts.render(f"labels.demand_{demand}", {}, locale) for demand in matrix.get("demands", ())]
    if wishes or matrix.get("wishes"):
        yield "demands", "、".join(dict.fromkeys([*wishes, *matrix.get("wishes", ())]))
    if matrix.get("evidence"):
        yield "evidence", texts.render("labels.files", {"count": len(matrix["evidence"])}, locale)


def _when(turn: Turn, when: dict[str, Any], locale: str) -> str:
    """The customer's words, and the day they mean."""
    if "start" not in when:
        return str(when["text"])
    day = turn.world.texts.render("labels.day", {"day": datetime.fromisoformat(when["start"])}, locale)
    return f"{when['text']}（{day}）"
