"""Ids of what there is most of, and sizes of files, may pass 2³¹; SQLite has room for them as it is.

An older program beside us reads and writes them as before. PostgreSQL writes each of these tables anew: with many
millions of rows the others wait for some minutes, and say that they are busy.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = {
    "case_entry": ("id",),
    "inbox": ("id",),
    "job": ("id", "event_id"),
    "outbox": ("id", "event_id"),
    "stored_file": ("size",),
    "timer": ("id",),
    "webhook_delivery": ("id",),
}


def upgrade() -> None:
    _make(sa.BigInteger())


def downgrade() -> None:
    _make(sa.Integer())


def _make(kind: sa.Integer) -> None:
    """The sequence that gives an id has a size of its own."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in COLUMNS.items():
        changes = ", ".join(f"ALTER COLUMN {column} TYPE {kind}" for column in columns)
        op.execute(f"ALTER TABLE {table} {changes}")
        if "id" in columns:
            op.execute(f"ALTER SEQUENCE {table}_id_seq AS {kind}")
