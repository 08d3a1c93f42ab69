"""Processes under measurement: started fresh for each run, watched through /proc."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

PROJECT = Path(__file__).parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Watched:
    """A child process. CPU in seconds, memory in MiB, as the kernel counts them."""

    process: asyncio.subprocess.Process

    @classmethod
    async def start(cls, *module: str, **environment: str) -> Self:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIXIANG_")}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *module, cwd=PROJECT, env={**kept, **environment},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        return cls(process)

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), 15)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


class Emulator:
    """The Bot API emulator in a process of its own, the same for all that are measured."""

    def __init__(self, watched: Watched, base: str, token: str) -> None:
        self.watched, self.base, self.token = watched, base, token
        self._http = httpx.AsyncClient(base_url=base, timeout=120)

    @classmethod
    async def start(cls) -> Self:
        watched = await Watched.start("tests.botapi")
        assert watched.process.stdout is not None
        said = json.loads(await watched.process.stdout.readline())
        return cls(watched, said["base"], said["token"])

    async def ask(self, action: str, **args: Any) -> Any:
        answer = await self._http.post(f"/control/{action}", json=args)
        answer.raise_for_status()
        body = answer.json()
        return body.get("result", body) if isinstance(body, Mapping) else body

    async def until_polled(self) -> None:
        """Until the bot under measurement asks for updates."""
        before = (await self.ask("stats"))["polled"]
        while (await self.ask("stats"))["polled"] == before:
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self._http.aclose()
        await self.watched.stop()
