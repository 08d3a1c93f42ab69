"""What is still worth asking, by the kind of complaint, in the order to ask."""

from collections.abc import Mapping, Sequence

from domain.labels import CaseType, Demand
from domain.understanding import Matrix


def find_missing(matrix: Matrix, asked: Mapping[str, Sequence[str]], case: CaseType) -> tuple[str, ...]:
    """The fields of the type's list (`missing.toml`) that the message left empty; evidence never is in a text."""
    return tuple(name for name in asked.get(case, ()) if not _given(matrix, name))


def _given(matrix: Matrix, name: str) -> bool:
    if name == "demands":
        return matrix.demands not in ((), (Demand.NONE,))
    return bool(getattr(matrix, name, None))
