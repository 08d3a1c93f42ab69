"""The rows that a transaction knows by their id: what it has just written it need not read.

They are kept as the driver has them, so that what is found here went through its columns' types like what is read.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import SQLModel

from storage.statement import Compiled, core


class KnownRows:
    """By table and id. `made` is what a statement makes of a row, once it was asked for."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[int, _Row]] = {}

    def find(self, by_id: Compiled, table: type[SQLModel], row_id: int) -> Any | None:
        row = self._tables.get(core(table).name, {}).get(row_id)
        if row is None:
            return None
        if row.made is None:
            row.made = by_id.row([row.values[name] for name in by_id.columns])
        return row.made

    def added(self, table: type[SQLModel], row_id: int, names: Sequence[str], values: Sequence[Any]) -> None:
        row = _Row({**dict(zip(names, values, strict=True)), "id": row_id})
        self._tables.setdefault(core(table).name, {})[row_id] = row

    def changed(self, table: type[SQLModel], row_id: int, names: Sequence[str], values: Sequence[Any]) -> None:
        row = self._tables.get(core(table).name, {}).get(row_id)
        if row is not None:
            row.values.update(zip(names, values, strict=True))
            row.made = None

    def forget(self, table: str) -> None:
        """Something else than a row by its id was written there."""
        self._tables.pop(table, None)

    def clear(self) -> None:
        self._tables.clear()


class _Row:
    __slots__ = ("made", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.made: Any = None
