"""What a turn and the work of each second ask for is found at once, however much was ever stored.

`python -m bench stored` found statements that looked through whole tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
NEW, WITH_FILES = sa.text("state = 'new'"), sa.text("attachments != '[]'")
PENDING, ERASED = sa.text("state = 'pending'"), sa.text("state = 'erased' AND name != ''")
ACTIVE = sa.text("state != 'ended'")


def upgrade() -> None:
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("inbox_next", ["id"], unique=False, sqlite_where=NEW, postgresql_where=NEW)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_files",
            ["person_id", "case_id"],
            unique=False,
            sqlite_where=WITH_FILES,
            postgresql_where=WITH_FILES,
        )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_reporter_id"), ["reporter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_cleaner_id"), ["cleaner_id"], unique=False)
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("stored_file_pending", ["id"], sqlite_where=PENDING, postgresql_where=PENDING)
        batch_op.create_index("stored_file_erased", ["id"], sqlite_where=ERASED, postgresql_where=ERASED)
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index("escalation_active", ["id"], sqlite_where=ACTIVE, postgresql_where=ACTIVE)


def downgrade() -> None:
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index("escalation_active", sqlite_where=ACTIVE, postgresql_where=ACTIVE)
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("stored_file_erased", sqlite_where=ERASED, postgresql_where=ERASED)
        batch_op.drop_index("stored_file_pending", sqlite_where=PENDING, postgresql_where=PENDING)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_cleaner_id"))
        batch_op.drop_index(batch_op.f("ix_cases_reporter_id"))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("outbox_files", sqlite_where=WITH_FILES, postgresql_where=WITH_FILES)
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("inbox_next", sqlite_where=NEW, postgresql_where=NEW)
