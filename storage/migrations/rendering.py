"""How our column types are written in a migration: as what they are in the database, so that old steps stay valid."""

from typing import Any, Literal

from sqlmodel.sql.sqltypes import AutoString

from storage.columns import Json, Long, UtcDateTime

PLAIN: tuple[tuple[type[Any], str], ...] = (
    (UtcDateTime, "sa.DateTime(timezone=True)"),
    (Json, "sa.Text()"),
    (Long, 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'),
    (AutoString, "sa.String()"),
)


def render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Alembic's `render_item` hook; False leaves the rendering to Alembic."""
    if kind != "type":
        return False
    return next((plain for ours, plain in PLAIN if isinstance(item, ours)), False)
