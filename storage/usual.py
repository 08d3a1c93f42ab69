"""The statements that every table has: by its id, one more, change it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from storage.statement import Statement, core

_STATEMENTS: dict[Any, Statement] = {}
_INSERTIONS: dict[tuple[type[SQLModel], bool, str], "Insertion"] = {}
_MISSING = object()


class Insertion:
    """One row more. What a column has when nobody names it is converted for the driver once, not for every row."""

    def __init__(self, table: type[SQLModel], dialect: Dialect, *, with_id: bool) -> None:
        self.compiled = _insertion(table, with_id=with_id).compiled(dialect)
        names, converts = self.compiled.names, dict(self.compiled.converts)
        self._places = {name: (place, converts.get(place)) for place, name in enumerate(names)}
        self._blank: list[Any] = [_MISSING] * len(names)
        optional = ((name, field) for name, field in table.model_fields.items() if not field.is_required())
        defaults = {name: field.get_default(call_default_factory=True) for name, field in optional}
        self._fill(self._blank, {name: value for name, value in defaults.items() if name in self._places})

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """Parameters in the driver's order; a column that has no default must be named."""
        bound = self._blank.copy()
        self._fill(bound, values)
        if _MISSING in bound:
            raise TypeError(f"the row needs {self.compiled.names[bound.index(_MISSING)]}")
        return bound

    def _fill(self, bound: list[Any], values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            place, convert = self._places[name]
            bound[place] = value if convert is None else convert(value)


def insertion(table: type[SQLModel], dialect: Dialect, *, with_id: bool) -> Insertion:
    key = (table, with_id, dialect.name)
    known = _INSERTIONS.get(key)
    if known is None:
        known = _INSERTIONS[key] = Insertion(table, dialect, with_id=with_id)
    return known


def _known(key: Any, make: Any) -> Statement:
    statement = _STATEMENTS.get(key)
    if statement is None:
        statement = _STATEMENTS[key] = Statement(make())
    return statement


def _insertion(table: type[SQLModel], *, with_id: bool) -> Statement:
    def make() -> Any:
        known = core(table)
        columns = [column for column in known.columns if with_id or column.name != "id"]
        values = {column.name: bindparam(column.name, type_=column.type) for column in columns}
        return insert(known).values(values).returning(next(iter(known.primary_key.columns)))

    return _known(("insert", table, with_id), make)


def touching(table: type[SQLModel]) -> Statement:
    known = core(table)
    same = update(known).values(id=known.c.id)
    return _known(("touch", table), lambda: same.where(known.c.id == bindparam("row_id")))


def numbering(table: type[SQLModel], *, shared: bool) -> Statement:
    def make() -> Any:
        known = core(table)
        if shared:
            return select(func.nextval(func.pg_get_serial_sequence(f'"{known.name}"', "id")).label("id"))
        return select((func.coalesce(func.max(known.c.id), 0) + 1).label("id"))

    return _known(("next_id", table, shared), make)


def by_id(table: type[SQLModel]) -> Statement:
    known = core(table)
    return _known(("get", table), lambda: select(known).where(known.c.id == bindparam("id")))


def changing(table: type[SQLModel], names: tuple[str, ...]) -> Statement:
    known = core(table)

    def make() -> Any:
        values = {name: bindparam(name, type_=known.c[name].type) for name in names}
        return update(known).where(known.c.id == bindparam("row_id")).values(values)

    return _known(("update", table, names), make)
