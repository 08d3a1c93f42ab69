"""The statements that every table has: by its id, one more, change it."""

from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import SQLModel

from storage.statement import Statement, core

_STATEMENTS: dict[Any, Statement] = {}
_DEFAULTS: dict[type[SQLModel], dict[str, Any]] = {}


def _known(key: Any, make: Any) -> Statement:
    statement = _STATEMENTS.get(key)
    if statement is None:
        statement = _STATEMENTS[key] = Statement(make())
    return statement


def insertion(table: type[SQLModel], *, with_id: bool) -> Statement:
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


def defaults(table: type[SQLModel]) -> dict[str, Any]:
    known = _DEFAULTS.get(table)
    if known is None:
        fields = table.model_fields.items()
        optional = ((name, field) for name, field in fields if not field.is_required())
        known = {name: field.get_default(call_default_factory=True) for name, field in optional}
        _DEFAULTS[table] = known
    return known
