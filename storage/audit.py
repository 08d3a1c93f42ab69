"""What should have happened and did not, asked from the rows of what is open: few, however much was ever closed."""

from sqlalchemy import String, column, text

from storage.database import Tx
from storage.statement import Statement

MOST = 50
"""So many at one look; the next look finds the others."""
CASE, REQUEST = "'case:' || CAST(c.id AS VARCHAR)", "'request:' || CAST(r.id AS VARCHAR)"
OPEN = "c.status IN ('open', 'taken', 'resolved')"
SILENT = """e.state <> 'ended'
    AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.lane = e.about AND i.state = 'new')
    AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.about = e.about AND t.fired_at IS NULL
                    AND t.what = CASE e.state WHEN 'climbing' THEN 'ladder' ELSE 'idle' END)"""


def _abouts(sql: str) -> Statement:
    return Statement(text(f"{sql} LIMIT {MOST}").columns(column("about", String)))


_UNWATCHED = _abouts(f"""
    SELECT {CASE} AS about FROM cases c WHERE {OPEN}
        AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.about = {CASE} AND e.state <> 'ended')
    UNION ALL
    SELECT {REQUEST} AS about FROM request r WHERE r.state = 'open' AND r.kind <> 'suggestion'
        AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.about = {REQUEST} AND e.state <> 'ended')""")
_STOPPED = _abouts(f"""
    SELECT e.about AS about FROM cases c JOIN escalation e ON e.about = {CASE} WHERE {OPEN} AND {SILENT}
    UNION ALL
    SELECT e.about AS about FROM request r JOIN escalation e ON e.about = {REQUEST}
        WHERE r.state IN ('open', 'taken') AND {SILENT}""")
_ORPHANED = _abouts(f"""
    SELECT {CASE} AS about FROM cases c WHERE c.status = 'taken' AND NOT EXISTS
        (SELECT 1 FROM person p WHERE p.id = c.owner_id AND p.role IN ('supervisor', 'manager', 'owner'))""")


def unwatched(tx: Tx) -> list[str]:
    """Open cases and requests that nobody is called about, as `case:12`."""
    return _names(tx, _UNWATCHED)


def stopped(tx: Tx) -> list[str]:
    """Escalations that nothing will wake: neither a timer nor an event that waits."""
    return _names(tx, _STOPPED)


def orphaned(tx: Tx) -> list[str]:
    """Cases in the hands of nobody who may have them."""
    return _names(tx, _ORPHANED)


def _names(tx: Tx, statement: Statement) -> list[str]:
    return [str(row.about) for row in tx.all(statement)]
