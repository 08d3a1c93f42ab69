"""How PostgreSQL is asked: each statement is prepared once, and what needs no answer goes along with what does.

psycopg's cursors look at every statement anew, which takes several times as long as the server needs to answer it, and
a turn has some thirty. So here they go through `psycopg.pq`, its own libpq, which only names what is prepared.
Values are written and read by psycopg, as everywhere.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from select import POLLIN, POLLOUT, poll
from typing import Any, NamedTuple

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult

Values = Sequence[Buffer | None] | None
PART, KEEP, UNDO = "SAVEPOINT part", "RELEASE SAVEPOINT part", "ROLLBACK TO SAVEPOINT part"
MOST_PREPARED = 500
"""More than we have, but for what is put together anew for each search."""

PLAN_ANEW, FIRST_TIME, EACH_TIME_LATER = "DISCARD PLANS", 32, 4
"""PostgreSQL keeps the plans it made when the tables were empty, when any index seemed as good as another, until it
counts their rows a minute later: so it plans anew in the 32nd transaction, then after 128 more, 512…"""


class Answer(NamedTuple):
    """What a statement brought, as cursors have it. `rowcount`: how many rows it touched or found."""

    rows: list[tuple[Any, ...]]
    rowcount: int
    statusmessage: str

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


class Wire:
    """One connection, for one thread at a time. Parameters are `$1`, `$2`…"""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._pg = connection.pgconn
        self._values = Transformer(connection)
        self._numbers = count(1)
        self._prepared: dict[str, bytes] = {}
        self._new: list[str] = []
        self._waiting: list[tuple[str, Values]] = []
        self._may_fail = False
        self._left = self._next = FIRST_TIME
        self._socket = poll()

    @property
    def closed(self) -> bool:
        return bool(self._connection.closed)

    def close(self) -> None:
        self._connection.close()

    def is_there(self) -> bool:
        """Whether the server has not hung up meanwhile."""
        if self.closed:
            return False
        self._socket.register(self._pg.socket, POLLIN)
        try:
            while self._socket.poll(0):
                self._pg.consume_input()
        except psycopg.OperationalError:
            self.close()
        return not self.closed

    def plainly(self) -> "psycopg.Connection[Any]":
        """psycopg's own connection, for what others say in our transaction, after all that was put off."""
        if self._waiting:
            self._send()
        return self._connection

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Answer:
        """Raises the error of this statement, or of one that was put off before it."""
        self._waiting.append((sql, self._written(params)))
        result = self._send()
        self._values.set_pgresult(result)
        rows = self._values.load_rows(0, result.ntuples, tuple) if result.nfields else []
        touched = result.command_tuples
        return Answer(rows, -1 if touched is None else touched, (result.command_status or b"").decode())

    def put_off(self, sql: str, params: Sequence[Any] = ()) -> None:
        """It goes before the next that is asked, in one message with it, and at the latest with the commit."""
        self._waiting.append((sql, self._written(params)))
        self._may_fail = True

    def begin(self, sql: str) -> None:
        self._waiting, self._may_fail = [(sql, None)], False
        self._left -= 1
        if not self._left:
            self._left = self._next = self._next * EACH_TIME_LATER
            self._waiting.append((PLAN_ANEW, None))

    def roll_back(self) -> None:
        self._waiting, self._may_fail = [], False
        if self._pg.transaction_status != pq.TransactionStatus.IDLE:
            self.execute("ROLLBACK")

    def _written(self, params: Sequence[Any]) -> Values:
        """At once: what cannot be written is the mistake of whoever says it."""
        return self._values.dump_sequence(params, [PyFormat.TEXT] * len(params)) if params else None

    # A part of a transaction stands or falls alone: what was put off fails before it begins, or within it.

    def begin_part(self) -> None:
        if self._may_fail:
            self._send()
        self._waiting.append((PART, None))

    def keep_part(self) -> None:
        self._waiting.append((KEEP, None))
        if self._may_fail:
            self._send()

    def undo_part(self) -> None:
        """What did not go yet never does. Where the part's beginning is among that, there is nothing to undo."""
        while self._waiting:
            if self._waiting.pop()[0] == PART:
                break
        else:
            self._waiting = [(UNDO, None), (KEEP, None)]
        self._may_fail = False

    # Several go in one message. After an error the server passes over the others, and we take none for prepared.

    def _send(self) -> PGresult:
        """What the last of those that wait brought."""
        said, self._waiting, self._may_fail = self._waiting, [], False
        try:
            self._pg.enter_pipeline_mode()
            for sql, values in said:
                self._pg.send_query_prepared(self._prepared.get(sql) or self._prepare(sql), values)
            self._pg.pipeline_sync()
            results = list(self._results())
            self._pg.exit_pipeline_mode()
        except BaseException:
            # Nobody knows how much of it was heard.
            self.close()
            raise
        new, self._new = self._new, []
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                for sql in new:
                    self._prepared.pop(sql, None)
                raise error_from_result(result, encoding="utf-8")
        return results[-1]

    def _prepare(self, sql: str) -> bytes:
        if len(self._prepared) == MOST_PREPARED:
            self._pg.send_query_params(b"DEALLOCATE ALL", None)
            self._prepared.clear()
        name = self._prepared[sql] = b"s%d" % next(self._numbers)
        self._new.append(sql)
        self._pg.send_prepare(name, sql.encode())
        return name

    def _results(self) -> Iterator[PGresult]:
        """What each brought, in their order."""
        while True:
            while self._pg.is_busy():
                self._wait()
            result = self._pg.get_result()
            if result is not None and result.status == pq.ExecStatus.PIPELINE_SYNC:
                return
            if result is not None:
                yield result
            elif self.closed:
                raise psycopg.OperationalError("the connection was lost")

    def _wait(self) -> None:
        """Until there is more to read, or room for what is still to be sent."""
        left = self._pg.flush()
        self._socket.register(self._pg.socket, POLLIN | POLLOUT if left else POLLIN)
        self._socket.poll()
        self._pg.consume_input()
