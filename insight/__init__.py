"""Questions asked of the rows: read-only, and nothing operational depends on the answers."""
