"""Processes under measurement: started fresh for each run, watched through /proc with all that they start."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

PROJECT = Path(__file__).parent.parent
TICK = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 180.0
LOG = "bench.log"
TEXT = "厨房#处油污根本没擦干净，我要求返工"
"""What people write: a complaint."""
GONE = (FileNotFoundError, ProcessLookupError)
"""A process may end while we look at it."""


def temporary() -> Path:
    """A folder for what is measured."""
    return Path(tempfile.mkdtemp(prefix="huixiang-bench-"))


@dataclass(frozen=True)
class Use:
    """What a process used since a moment: CPU seconds of its own, and with all that it started."""

    main: float
    tree: float

    def __add__(self, other: "Use") -> "Use":
        return Use(self.main + other.main, self.tree + other.tree)

    def __sub__(self, other: "Use") -> "Use":
        return Use(self.main - other.main, self.tree - other.tree)


@dataclass
class Watched:
    """A child process. CPU in seconds, memory in MiB, as the kernel counts them.

    `folder` is gone when it is stopped; what it wrote to stderr is in `log` there.
    """

    process: asyncio.subprocess.Process
    folder: Path
    begun: float

    @classmethod
    async def start(cls, *module: str, folder: Path | None = None, **environment: str) -> Self:
        """`python -m module`, with no settings of ours but those given."""
        folder = folder or temporary()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIXIANG_")}
        begun = time.perf_counter()
        with (folder / LOG).open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *module, cwd=PROJECT, env={**kept, **environment},
                stdout=asyncio.subprocess.PIPE, stderr=out, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        return cls(process, folder, begun)

    def cpu(self) -> float:
        return cpu_of(self.process.pid)

    def memory(self) -> float:
        return resident(self.process.pid)

    def use(self) -> Use:
        return Use(self.cpu(), tree_cpu(self.process.pid))

    def tree_memory(self) -> float:
        """What it holds, and what each process under it holds for itself alone."""
        return self.memory() + sum(private(pid) for pid in below(self.process.pid))

    async def line(self) -> str:
        """The next line it prints."""
        assert self.process.stdout is not None
        return (await asyncio.wait_for(self.process.stdout.readline(), READY_SECONDS)).decode()

    async def until_said(self, words: str) -> None:
        """Until its log has these words."""
        async with asyncio.timeout(READY_SECONDS):
            while words not in (self.folder / LOG).read_text("utf-8", "replace"):
                if self.process.returncode is not None:
                    raise RuntimeError(f"it ended with {self.process.returncode} before it was at work")
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        with suppress(ProcessLookupError):
            if self.process.returncode is None:
                self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), 15)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def cpu_of(pid: int) -> float:
    """Seconds, of this process alone; 0 when it is gone."""
    try:
        return sum(_clocks(pid)[:2]) / TICK
    except GONE:
        return 0.0


def tree_cpu(pid: int) -> float:
    """Seconds, with all processes under it: those that live, and those that it waited for."""
    used = 0.0
    for one in (pid, *below(pid)):
        with suppress(*GONE):
            used += sum(_clocks(one)) / TICK
    return used


def below(pid: int) -> Iterator[int]:
    """The processes that this one started, and those that they started."""
    children: list[str] = []
    with suppress(*GONE):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(*GONE):
                children += (task / "children").read_text().split()
    for child in children:
        yield int(child)
        yield from below(int(child))


def resident(pid: int) -> float:
    """MiB in memory, shared ones included."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmRSS") / 1024


def private(pid: int) -> float:
    """MiB that nobody shares; 0 when it is gone."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    with suppress(*GONE, StopIteration):
        return sum(_kilobytes(rollup, name) for name in ("Private_Clean", "Private_Dirty")) / 1024
    return 0.0


def _clocks(pid: int) -> list[int]:
    """In user, in the kernel, and the same of children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(one) for one in fields[11:15]]


def _kilobytes(file: Path, name: str) -> int:
    line = next(line for line in file.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


class Emulator:
    """The Bot API emulator in a process of its own, the same for all that are measured."""

    def __init__(self, watched: Watched, base: str, token: str) -> None:
        self.watched, self.base, self.token = watched, base, token
        self._http = httpx.AsyncClient(base_url=base, timeout=300)

    @classmethod
    async def start(cls) -> Self:
        watched = await Watched.start("tests.botapi")
        said = json.loads(await watched.line())
        return cls(watched, said["base"], said["token"])

    async def ask(self, action: str, **args: Any) -> Any:
        answer = await self._http.post(f"/control/{action}", json=args)
        answer.raise_for_status()
        body = answer.json()
        return body.get("result", body) if isinstance(body, Mapping) else body

    async def load(self, first_id: int, messages: int, people: int, rate: float = 0.0) -> dict[str, Any]:
        """People who complain; raises when less than all were answered."""
        asked = {"messages": messages, "people": people, "rate": rate, "text": TEXT, "first_id": first_id}
        found: dict[str, Any] = await self.ask("load", **asked, timeout=60 + (messages / rate if rate else 120))
        if found["answered"] < messages:
            raise RuntimeError(f"only {found['answered']} of {messages} were answered")
        return found

    async def until_polled(self) -> None:
        """Until the bot under measurement has asked for updates."""
        async with asyncio.timeout(READY_SECONDS):
            while not (await self.ask("stats"))["polled"]:
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self._http.aclose()
        await self.watched.stop()
