"""Which of several workers does what: locks that last as long as their transaction, for PostgreSQL only.

What somebody else holds is passed over, never waited for: they will have done it by the next look.
"""

IS_OURS = "pg_try_advisory_xact_lock(hashtextextended(lane, 1))"
"""In a condition on rows with a `lane`: locks it, until the commit."""
ALONE = "(SELECT pg_try_advisory_xact_lock(hashtextextended('{}', 2)))"
"""In a condition: whether nobody else does this in a transaction now."""
