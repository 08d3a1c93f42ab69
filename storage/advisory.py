"""Advisory locks of PostgreSQL: who does what of the processes that share a database.

Each is held on a connection of its own. When the process or its machine dies, the server ends the connection, and
the next who asks gets the lock.
"""

import hashlib
import os
import socket
from contextlib import suppress
from typing import Any

import psycopg

from storage.postgres import CONNECT_SECONDS, connect, explained

NOTICED_SOON = ("tcp_keepalives_idle = 4", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3")
"""How soon the server lets go of a machine that is gone without a word, in seconds and tries."""

NAMED = "SELECT set_config('application_name', %s, false)"


class AdvisoryLock:
    """`shared`: any number may hold it so at once, and then nobody alone."""

    def __init__(self, url: str, name: str, *, shared: bool = False) -> None:
        self._url = url
        self._ask = f"SELECT pg_try_advisory_lock{'_shared' if shared else ''}({key_of(name)})"
        self._driver: Any = None

    def take(self) -> bool:
        """Whether it is ours now. Raises `Busy` when the server cannot be asked."""
        try:
            if self._driver is None:
                self._driver = connect(self._url, CONNECT_SECONDS)
                for setting in NOTICED_SOON:
                    self._driver.execute(f"SET {setting}")
                self._driver.execute(NAMED, (process_name(),))
            return bool(self._driver.execute(self._ask).fetchone()[0])
        except psycopg.Error as error:
            self.release()
            raise explained(error) from error

    def is_held(self) -> bool:
        """Asks the server: a connection that died took the lock along."""
        if self._driver is None:
            return False
        try:
            self._driver.execute("SELECT 1")
        except psycopg.Error:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._driver is not None:
            with suppress(psycopg.Error):
                self._driver.close()
            self._driver = None


def process_name() -> str:
    """Who holds a lock, as a person can find it: `huixiang 1234@web-1`. The server cuts it at 63 characters."""
    return f"huixiang {os.getpid()}@{socket.gethostname()}"


def key_of(name: str) -> int:
    """64 bits, the same in every process."""
    return int.from_bytes(hashlib.sha256(f"huixiang:{name}".encode()).digest()[:8], "big", signed=True)
