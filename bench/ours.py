"""Our own processes, as a company starts them: `serve` over SQLite, or `poll` and workers over PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.processes import Emulator, Use, Watched, temporary
from tests import databases

PATIENT = {"HUIXIANG_PORT": "0", "HUIXIANG_DEMO": "0", "HUIXIANG_TELEGRAM_PER_SECOND": "1000"}
"""No limit but our own speed: Telegram's would hide it."""
AT_WORK = '"working"'


async def start(command: str, settings: Mapping[str, str], folder: Path | None = None) -> Watched:
    """`huixiang command`, with its data in a folder that is gone afterwards."""
    folder = folder or temporary()
    given = {"HUIXIANG_DATA_DIR": str(folder), **PATIENT, **settings}
    return await Watched.start("bot.cli", command, folder=folder, **given)


def telegram(api: Emulator) -> dict[str, str]:
    """Settings of a bot on this emulator."""
    library = os.environ.get("HUIXIANG_TELEGRAM_LIBRARY", "aiogram")
    return {
        "HUIXIANG_TELEGRAM_TOKEN": api.token,
        "HUIXIANG_TELEGRAM_API": api.base,
        "HUIXIANG_TELEGRAM_LIBRARY": library,
    }


class Fleet:
    """Processes of one company. `commands` name what each is."""

    def __init__(self, commands: Sequence[str]) -> None:
        self.commands = commands
        self.processes: list[Watched] = []

    async def start(self, settings: Mapping[str, str]) -> None:
        """Returns when all are at work."""
        for command in self.commands:
            self.processes.append(await start(command, settings))
        for command, process in zip(self.commands, self.processes, strict=True):
            if command != "serve":
                await process.until_said(AT_WORK)

    def use(self) -> dict[str, Use]:
        """By what they are."""
        found: dict[str, Use] = {}
        for command, process in zip(self.commands, self.processes, strict=True):
            found[command] = found.get(command, Use(0.0, 0.0)) + process.use()
        return found

    async def stop(self) -> None:
        await asyncio.gather(*(one.stop() for one in self.processes))


@asynccontextmanager
async def running(commands: Sequence[str], settings: Mapping[str, str]) -> AsyncIterator[Fleet]:
    """However the block ends, no process is left behind."""
    fleet = Fleet(commands)
    try:
        await fleet.start(settings)
        yield fleet
    finally:
        await fleet.stop()


@asynccontextmanager
async def postgres() -> AsyncIterator[databases.Server]:
    """A server of our own, gone afterwards. Raises `RuntimeError` where none can run.

    As a company would run it, where the tests' own forgets at a power cut.
    """
    try:
        server = databases.Server(
            databases.binaries(), fsync="on", full_page_writes="on", synchronous_commit="on", autovacuum="on",
            wal_level="replica", shared_buffers="128MB",
        )  # fmt: skip
    except pytest.skip.Exception as missing:
        raise RuntimeError(str(missing)) from None
    try:
        server.start()
        yield server
    finally:
        server.remove()


def pid_of(server: databases.Server) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
