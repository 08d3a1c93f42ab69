"""The terminal on stage: the channel of `huixiang chat` between two real pipes."""

import asyncio
import os
import re
from typing import ClassVar

from rich.console import Console

from bot.channels.console import NAMES, ConsoleChannel
from domain.channel import Outcome, Refused
from domain.events import Address
from tests.contracts.company import SOON, Company
from tests.contracts.stages import Person, Shown, Stage

ROLES = {1: "customer", 2: "cleaner"}
_HEAD = re.compile(r"^回响 → (\S+)  ", re.M)
_BUTTON = re.compile(r"   \[(\d+)\] (.*)")
_SWITCHED = re.compile(r"^现在您是.*\n", re.M)


class Typist(Person):
    """One of the people who share the terminal."""

    def __init__(self, stage: "TerminalStage", role: str) -> None:
        self.address = Address("console", role)
        self._stage = stage
        self._role = role

    async def says(self, text: str) -> None:
        self._stage.type(self._role, text)

    async def taps(self, label: str) -> None:
        """By its number under the newest message that has buttons."""
        shown = next(one for one in reversed(self._stage.shown(self._role)) if one.labels)
        self._stage.type(self._role, str(shown.labels.index(label) + 1))

    async def heard(self, last: str) -> list[Shown]:
        async with asyncio.timeout(SOON):
            while last not in [one.text for one in self._stage.shown(self._role)]:
                await self._stage.more()
        return self._stage.shown(self._role)


class TerminalStage(Stage):
    lacks: ClassVar = {
        "lines": "a line is a message",
        "repeat": "a line is read once; typed again it is said again",
        "photos": "there are no pictures in a terminal",
        "replies": "nothing can be quoted there",
        "away": "a terminal is always open",
        "restart": "a terminal ends with the process that reads it",
        "links": "a terminal has no addresses",
    }
    channel: ConsoleChannel

    def __init__(self, company: Company) -> None:
        self.company = company
        self._typist = ROLES[1]
        self._printed = b""

    async def start(self) -> None:
        source, self._keyboard = os.pipe()
        screen, target = os.pipe()
        self._source = os.fdopen(source, encoding="utf-8")
        self._target = os.fdopen(target, "w", encoding="utf-8")
        self._screen = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self._screen)
        self._reading, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: protocol, os.fdopen(screen, "rb", buffering=0)
        )
        self.channel = ConsoleChannel(self._source, Console(file=self._target))
        await self.channel.start(self.company.accept)

    async def stop(self) -> None:
        await self.breaks()
        await self.channel.stop()

    async def close(self) -> None:
        await self.stop()
        self._source.close()
        self._target.close()
        self._reading.close()

    async def breaks(self) -> None:
        """The keyboard is pulled."""
        if not self.channel.left.is_set():
            os.close(self._keyboard)
            await asyncio.wait_for(self.channel.left.wait(), SOON)

    async def person(self, number: int) -> Typist:
        return Typist(self, ROLES[number])

    async def unreachable(self) -> tuple[Address, type[Outcome]]:
        return Address("console", "nobody"), Refused

    def type(self, role: str, line: str) -> None:
        """Half characters reach the pipe as the broken bytes that they are."""
        if role != self._typist:
            line, self._typist = f"/as {role}\n{line}", role
        os.write(self._keyboard, f"{line}\n".encode(errors="surrogatepass"))

    async def more(self) -> None:
        self._printed += await self._screen.read(65536)

    def shown(self, role: str) -> list[Shown]:
        printed = _SWITCHED.sub("", self._printed.decode(errors="ignore"))
        parts = _HEAD.split(printed)[1:]
        return [_seen(body) for name, body in zip(parts[::2], parts[1::2], strict=True) if name == NAMES[role]]


def _seen(body: str) -> Shown:
    lines = body.removesuffix("\n").split("\n")
    labels = [found[2] for line in lines if (found := _BUTTON.fullmatch(line))]
    return Shown("\n".join(lines[: len(lines) - len(labels)]), tuple(labels))
