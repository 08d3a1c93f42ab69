"""A Core statement compiled once.

SQLAlchemy builds, caches and wraps each execution; on the path that every message takes, that costs ten
times what SQLite does. A `Statement` is written with SQLAlchemy Core, compiled on first use for a dialect, and from
then on run on the driver's own cursor with the column types' own conversions.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, ColumnElement, Text, func, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase, TextualSelect
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

Convert = Callable[[Any], Any]


def core(table: type[SQLModel]) -> Any:
    """The Core table of a model, which SQLModel's metaclass adds out of mypy's sight."""
    return table.__table__  # type: ignore[attr-defined]


def holds(column: Any, words: Any) -> ColumnElement[bool]:
    """Whether a text holds these very words: no letter in them is a pattern, in any database."""
    return func.replace(type_coerce(column, Text), words, "") != type_coerce(column, Text)


class Statement:
    """`params` are the statement's own bind parameters, by name."""

    def __init__(self, clause: ClauseElement) -> None:
        self.clause = clause
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> "Compiled":
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = compile_statement(self.clause, dialect)
        return known


@dataclass(frozen=True)
class Compiled:
    """The SQL text, how to bind its parameters, and how to build a row from what comes back.

    `names` are the parameters in the driver's order, `defaults` what those have that need not be given, `converts` how
    the column types write some of them, by place. `columns` are the names in a row. `tables` are those it
    may read or write, `writes` whether it changes them.
    """

    sql: str
    names: tuple[str, ...]
    defaults: dict[str, Any]
    converts: tuple[tuple[int, Convert], ...]
    row: Callable[[Sequence[Any]], Any]
    columns: tuple[str, ...]
    tables: tuple[str, ...]
    writes: bool

    def bind(self, params: dict[str, Any]) -> list[Any]:
        """Parameters in the driver's order; a missing one is an error unless it has a default."""
        given = {**self.defaults, **params} if self.defaults else params
        try:
            values = [given[name] for name in self.names]
        except KeyError as missing:
            raise TypeError(f"the statement needs {missing}") from None
        for place, convert in self.converts:
            values[place] = convert(values[place])
        return values


def compile_statement(clause: ClauseElement, dialect: Dialect) -> Compiled:
    """Compile for one dialect. Lists bound with `IN` are not supported: they change the text."""
    compiled = cast(SQLCompiler, clause.compile(dialect=dialect))
    names = tuple(compiled.positiontup or ())
    kinds = [compiled.binds[name].type for name in names]
    converts = [(place, c) for place, kind in enumerate(kinds) if (c := _convert(kind, dialect, bind=True))]
    defaults = {name: bind.effective_value for name in names if _is_optional(bind := compiled.binds[name])}
    words = set(re.findall(r"\w+", compiled.string))
    tables = tuple(sorted(words & SQLModel.metadata.tables.keys()))
    writes = not compiled.string.lstrip().upper().startswith(("SELECT", "WITH"))
    columns = _columns(clause)
    row = _row_maker(columns, dialect)
    known = tuple(name for name, _ in columns)
    return Compiled(compiled.string, names, defaults, tuple(converts), row, known, tables, writes)


def _is_optional(bind: BindParameter[Any]) -> bool:
    return not bind.required and (bind.value is not None or bind.callable is not None)


def _convert(kind: TypeEngine[Any], dialect: Dialect, *, bind: bool) -> Convert | None:
    impl = kind.dialect_impl(dialect)
    return impl.bind_processor(dialect) if bind else impl.result_processor(dialect, None)


def _row_maker(columns: list[tuple[str, TypeEngine[Any]]], dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
    shape = NamedTuple("Row", [(name, Any) for name, _ in columns])  # type: ignore[misc]  # the names are data
    converts = [(i, c) for i, (_, kind) in enumerate(columns) if (c := _convert(kind, dialect, bind=False))]

    def make(values: Sequence[Any]) -> Any:
        changed = list(values)
        for index, convert in converts:
            if changed[index] is not None:
                changed[index] = convert(changed[index])
        return shape._make(changed)

    return make


def _columns(clause: ClauseElement) -> list[tuple[str, TypeEngine[Any]]]:
    if isinstance(clause, SelectBase | TextualSelect):
        return [(column.key or f"column{i}", column.type) for i, column in enumerate(clause.selected_columns)]
    returning = getattr(clause, "_returning", ())
    return [(column.key, column.type) for column in returning]
