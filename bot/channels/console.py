"""The terminal as a channel: lines in, coloured messages out, buttons by their number."""

import asyncio
import io
import re
import secrets
import threading
from contextlib import suppress
from typing import TextIO

from rich.console import Console

from domain.channel import Accept, Button, Health, Limits, Outcome, Outgoing, Refused, Sent
from domain.errors import Busy, NotFound
from domain.events import Address, ButtonTapped, ChatStarted, Event, Incoming, MessageCame, Sender

SWITCH, LEAVE = "/as ", "/quit"
NAMES = {"customer": "客户", "cleaner": "保洁师", "supervisor": "主管", "manager": "经理", "owner": "老板"}
CLOSED = "\x04"
BUSY_PAUSE = 0.2
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class ConsoleChannel:
    """One terminal, several people: each role has a chat of its own, and `/as cleaner` changes who is typing.

    `left` is set when the input ends or `/quit` is typed.
    """

    name = "console"
    limits = Limits(text_units=100_000, per_second=1000.0, per_chat_second=1000.0, per_group_minute=60_000.0)

    def __init__(self, source: TextIO, console: Console, role: str = "customer") -> None:
        self.left = asyncio.Event()
        self._source = _forgiving(source)
        self._console = console
        self._role = role
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._buttons: dict[str, list[Button]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, accept: Accept) -> None:
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), name="terminal", daemon=True).start()
        self._tasks.append(asyncio.create_task(self._listen(accept)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send(self, message: Outgoing) -> Outcome:
        if message.chat not in NAMES:
            return Refused(f"nobody is called {message.chat}")
        self._buttons[message.chat] = [button for row in message.buttons for button in row]
        self._show(f"回响 → {NAMES[message.chat]}", style="bold cyan", end="  ")
        self._show(message.text)
        for number, button in enumerate(self._buttons[message.chat], start=1):
            self._show(f"   [{number}] {button.label} {button.url}".rstrip(), style="green")
        return Sent(ref=str(message.id))

    async def fetch(self, file: str) -> bytes:
        raise NotFound(file=file)

    async def health(self) -> Health:
        return Health(ok=not self.left.is_set())

    def link(self, code: str) -> str:
        """A terminal has no addresses."""
        return ""

    def _show(self, text: str, style: str | None = None, end: str = "\n") -> None:
        """As it is written: nothing in it is markup, an emoji's name or a line to be broken."""
        self._console.out(clean(text), style=style, end=end, highlight=False)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of its own: reading a terminal cannot be cancelled, so it may outlive the loop."""
        with suppress(RuntimeError):
            for line in self._source:
                loop.call_soon_threadsafe(self._lines.put_nowait, line.rstrip("\n"))
            loop.call_soon_threadsafe(self._lines.put_nowait, CLOSED)

    async def _listen(self, accept: Accept) -> None:
        while True:
            typed = await self._lines.get()
            line = clean(typed).strip()
            if typed == CLOSED or line == LEAVE:
                self.left.set()
                return
            if line.startswith(SWITCH):
                self._switch(line.removeprefix(SWITCH).strip())
            elif line:
                await _bring(accept, self._incoming(self._event(line)))

    def _switch(self, role: str) -> None:
        if role in NAMES:
            self._role = role
            self._console.print(f"现在您是{NAMES[role]}。", style="dim")
        else:
            self._console.print(f"可以切换成：{'、'.join(NAMES)}。", style="dim")

    def _event(self, line: str) -> Event:
        address = Address(self.name, self._role)
        if line.startswith("/start"):
            return ChatStarted(address, line.removeprefix("/start").strip())
        pressed = self._pressed(line)
        if pressed is not None:
            return ButtonTapped(address, pressed.data, pressed.label)
        return MessageCame(address, line, sender=Sender(NAMES[self._role]), ref=secrets.token_hex(8))

    def _pressed(self, line: str) -> Button | None:
        """The button of this number under the last message, unless it only opens a page."""
        buttons = self._buttons.get(self._role, [])
        number = int(line) if line.isdecimal() and len(line) < 3 else 0
        button = buttons[number - 1] if 0 < number <= len(buttons) else None
        return button if button is not None and button.data else None

    def _incoming(self, event: Event) -> Incoming:
        return Incoming(self.name, secrets.token_hex(16), str(Address(self.name, self._role)), event)


def clean(text: str) -> str:
    """Without what would steer the terminal or cannot be encoded."""
    return _UNWANTED.sub("", text)


def _forgiving(source: TextIO) -> TextIO:
    """A byte that is no text becomes a mark in its line, instead of ending the conversation."""
    if isinstance(source, io.TextIOWrapper):
        source.reconfigure(errors="replace")
    return source


async def _bring(accept: Accept, incoming: Incoming) -> None:
    """However often it must be offered: a line is read only once."""
    while True:
        try:
            return await accept([incoming])
        except Busy:
            await asyncio.sleep(BUSY_PAUSE)
