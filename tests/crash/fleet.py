"""The processes of one company: with SQLite one, with PostgreSQL several, each with a folder of its own."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.crash.process import READY_SECONDS, Serving


class Fleet:
    """`commands` name what each process is. However a block with it ends, no process is left behind."""

    def __init__(self, folder: Path, commands: Sequence[str], settings: Mapping[str, str]) -> None:
        self.folder = folder
        alone = len(commands) == 1
        self.processes = [
            Serving(folder if alone else folder / f"{command}{number}", command, **settings)
            for number, command in enumerate(commands)
        ]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for process in self.processes:
            await process.__aexit__(*error)

    @property
    def kills(self) -> int:
        return sum(process.kills for process in self.processes)

    async def start(self) -> None:
        for process in self.processes:
            await process.start()

    async def kill(self, chance: random.Random) -> Serving:
        """One of them, which is started again at once."""
        victim = chance.choice(self.processes)
        await victim.kill()
        await victim.start()
        return victim

    def places(self) -> list[str]:
        """Where pages and the API are served now."""
        return [process.url for process in self.processes if process.url]

    async def until_up(self, processes: Sequence[Serving]) -> None:
        """Until these say that they are at work."""
        async with asyncio.timeout(READY_SECONDS):
            while not all(process.is_up for process in processes):
                self.check()
                await asyncio.sleep(0.05)

    def check(self) -> None:
        """None ended by itself."""
        for process in self.processes:
            assert process.process is not None
            assert process.process.returncode is None, f"it did not start: see {process.log}"

    async def stop(self) -> list[int]:
        """SIGTERM to all at once, when all are at work, and how each ended."""
        await self.until_up(self.processes)
        return list(await asyncio.gather(*(process.stop() for process in self.processes)))
