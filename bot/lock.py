"""One process per SQLite database: two writers would both wake for the same timer and send the same message."""

import errno
import fcntl
import importlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from bot import duties
from bot.settings import Settings
from domain.errors import AlreadyRunning, SettingsError
from storage.database import postgres

IN_USE = (
    "别的进程（web、worker、poll 或 serve）正在使用这个数据库。请先把它们都停掉，或者换一个 HUIXIANG_DATABASE_URL。"
)
WORKING = duties.lock_of(duties.delivery("web"))


class ProcessLock:
    """Held from `take` to `release`; the kernel frees it when the process dies, however it dies."""

    def __init__(self, database_file: Path) -> None:
        self.path = database_file.with_name(database_file.name + ".lock")
        self._handle: int | None = None

    def take(self) -> None:
        """Raises `AlreadyRunning`, naming the process that has it, and `SettingsError` where nothing can be written."""
        try:
            self._take()
        except OSError as error:
            raise SettingsError(f"{self.path} 写不了（{error.strerror}）。请检查磁盘空间和文件夹的权限。") from None

    def _take(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise AlreadyRunning(_busy(self.path, self.holder())) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None

    def holder(self) -> int | None:
        """The id of the process that wrote itself down last; it may have ended since."""
        try:
            return int(self.path.read_text() or 0) or None
        except (OSError, ValueError):
            return None

    def is_taken(self) -> bool:
        """Whether somebody holds it now."""
        try:
            self.take()
        except AlreadyRunning:
            return True
        self.release()
        return False

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class NoLock(ProcessLock):
    """With PostgreSQL nobody is alone: what there may be one of, a duty, has a lock of its own."""

    def take(self) -> None:
        """Always ours."""

    def release(self) -> None:
        """Nothing was taken."""


class Vacant(NoLock):
    """With PostgreSQL, for who must be alone when it begins: what it does there is not for a company at work."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.database_file)
        self._url = settings.url

    def take(self) -> None:
        """Raises `AlreadyRunning` when a process of ours is connected, on whatever machine."""
        if postgres().is_in_use(self._url):
            raise AlreadyRunning(IN_USE)


class Unserved(NoLock):
    """With PostgreSQL, for who may do a worker's part where there is none."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.database_file)
        self._url = settings.url

    def take(self) -> None:
        """Raises `AlreadyRunning` when a worker is there: one of them has the duty to send.

        Several may ask at once; only a worker is alone with it.
        """
        lock = importlib.import_module("storage.advisory").AdvisoryLock(self._url, WORKING, shared=True)
        try:
            if not lock.take():
                raise AlreadyRunning(IN_USE)
        finally:
            lock.release()


def lock_for(settings: Settings) -> ProcessLock:
    """What a process needs to write into this database."""
    return (NoLock if settings.on_postgres else ProcessLock)(settings.database_file)


def lock_alone(settings: Settings) -> ProcessLock:
    """What a process needs that must not write beside others."""
    return Vacant(settings) if settings.on_postgres else ProcessLock(settings.database_file)


def lock_unserved(settings: Settings) -> ProcessLock:
    """What a process needs to take turns in place of one that serves."""
    return Unserved(settings) if settings.on_postgres else ProcessLock(settings.database_file)


def _busy(path: Path, pid: int | None) -> str:
    who = f"进程 {pid}" if pid else "另一个进程"
    return f"{who} 正在使用这个数据库（锁文件 {path}）。请先停掉它，或者换一个 HUIXIANG_DATABASE_URL。"
