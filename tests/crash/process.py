"""The real serving process: started as a company starts it, killed as a power cut does."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).parent.parent.parent
READY_SECONDS = 120.0
UP = ("已启动", '"working"')


class Serving:
    """`huixiang serve`, or another command, on a free port with its data in `folder`.

    `log` collects what it printed over all lives.
    """

    def __init__(self, folder: Path, command: str = "serve", **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.command = command
        self.settings: Mapping[str, str] = {"HUIXIANG_DATA_DIR": str(folder), "HUIXIANG_PORT": "0", **settings}
        self.log = folder / "serving.log"
        self.process: asyncio.subprocess.Process | None = None
        self.kills = 0
        self._from = 0

    async def __aenter__(self) -> Self:
        """However what follows ends, no process is left behind."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    @property
    def is_up(self) -> bool:
        """Whether what was started last says that it is at work."""
        said = self.log.read_bytes()[self._from :].decode(errors="replace")
        return any(word in said for word in UP)

    @property
    def url(self) -> str:
        """Where what was started last serves pages; empty when it does not, or not yet."""
        said = self.log.read_bytes()[self._from :].decode(errors="replace")
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        return found[0] if found else ""

    async def start(self) -> None:
        self._from = self.log.stat().st_size if self.log.exists() else 0
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIXIANG_")}
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.cli", self.command,
                cwd=PROJECT, env={**environment, **self.settings}, stdout=out, stderr=out, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self.process is not None
        assert self.process.returncode is None, f"it ended by itself: see {self.log}"
        self.process.kill()
        await self.process.wait()
        self.kills += 1

    async def stop(self) -> int:
        """SIGTERM, and how it ended."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 15)
