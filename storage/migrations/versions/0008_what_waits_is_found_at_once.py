"""What waits is found at once: messages in the order in which they go, open cases, sums and calls still to be decided.

Some indexes were there and could not be used; what the desk and the rewards ask for had none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
OWED = sa.text("state IN ('queued', 'sending')")
WAITING = (
    ("cases", "cases_open", ["id", "owner_id"], "status != 'closed'"),
    ("approval", "approval_pending", ["id"], "state = 'pending'"),
    ("call_back", "call_back_open", ["id"], "state = 'open'"),
)
ASKED_FOR = (
    ("coupon", "redeemed_order"),
    ("ledger_entry", "at"),
    ("orders", "address"),
    ("rating", "created_at"),
    ("inquiry", "customer_id"),
)


def upgrade() -> None:
    op.drop_index("outbox_owed", "outbox")
    _owed("channel", "urgency", "id", "state", "not_before")
    op.drop_index("cases_status", "cases")
    op.create_index("cases_status", "cases", ["status", "id"])
    for table, name, columns, words in WAITING:
        op.create_index(name, table, columns, sqlite_where=sa.text(words), postgresql_where=sa.text(words))
    for table, column in ASKED_FOR:
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("inquiry_asked", "inquiry", ["at", "topic", "answered"])
    op.drop_index("inquiry_topic", "inquiry")


def downgrade() -> None:
    op.create_index("inquiry_topic", "inquiry", ["topic", "at"])
    op.drop_index("inquiry_asked", "inquiry")
    for table, column in ASKED_FOR:
        op.drop_index(f"ix_{table}_{column}", table)
    for table, name, _, _ in WAITING:
        op.drop_index(name, table)
    op.drop_index("cases_status", "cases")
    op.create_index("cases_status", "cases", ["status", "priority"])
    op.drop_index("outbox_owed", "outbox")
    _owed("channel", "state")


def _owed(*columns: str) -> None:
    op.create_index("outbox_owed", "outbox", [*columns], sqlite_where=OWED, postgresql_where=OWED)
