"""Fills the event matrix of one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.labels import CaseType, Demand
from domain.understanding import Matrix, Words
from nlp.eyes import Seen
from nlp.findings import Findings
from nlp.matrix.missing import find_missing
from nlp.matrix.nouns import Nouns, find_nouns
from nlp.matrix.times import find_when
from nlp.negation import clauses

_DEMANDS = tuple(Demand)


@dataclass(frozen=True, slots=True)
class MatrixTools:
    nouns: Nouns
    asked: Mapping[str, Sequence[str]]


def build_matrix(seen: Seen, at: datetime, case: CaseType | None, tools: MatrixTools) -> Matrix:
    """The matrix; facts, demands and what is missing only for a complaint."""
    found = seen.found
    named = find_nouns(found, tools.nouns, seen.cut)
    told = (find_when(found, at, ahead=case is None), named.place, named.objects, named.actors)
    if case is None:
        return Matrix(*told, amounts=seen.amounts)
    matrix = Matrix(*told, _facts(found), seen.amounts, _impact(found), _demands(found))
    return replace(matrix, missing=find_missing(matrix, tools.asked, case))


def _facts(found: Findings) -> tuple[Words, ...]:
    """The clauses in which something went wrong, in the customer's own words and order."""
    hits = [hit for kind in ("type", "hazard") for group in found.kind(kind).values() for hit in group]
    spans = [span for span in clauses(found.text) if any(hit.start < span[1] and span[0] < hit.end for hit in hits)]
    return tuple(found.words(start, end) for start, end in spans)


def _impact(found: Findings) -> tuple[Words, ...]:
    return tuple(found.words(hit.start, hit.end) for hit in found.of("impact"))


def _demands(found: Findings) -> tuple[Demand, ...]:
    named = found.kind("demand")
    return tuple(demand for demand in _DEMANDS if demand.value in named) or (Demand.NONE,)
