"""The terminal as a channel."""

import asyncio
import io
from collections.abc import Sequence

from rich.console import Console

from bot.channels.console import ConsoleChannel
from domain.channel import Button, Outgoing, Refused, Sent
from domain.events import ButtonTapped, ChatStarted, Event, Incoming, MessageCame

CHOICES = ((Button("厨房", "tok.0"), Button("客厅", "tok.1")), (Button("看看", url="https://x.cn"),))


class Terminal:
    """Types lines into the channel and keeps what it accepted and printed."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.events: list[Event] = []

    async def type(self, *lines: str, first: Outgoing | None = None) -> ConsoleChannel:
        channel = ConsoleChannel(io.StringIO("".join(f"{line}\n" for line in lines)), Console(file=self.out, width=200))
        if first is not None:
            assert isinstance(await channel.send(first), Sent)
        await channel.start(self.accept)
        await asyncio.wait_for(channel.left.wait(), 5)
        await channel.stop()
        return channel

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        assert all(one.source == "console" for one in incoming)
        self.events += [one.event for one in incoming]


async def test_words_are_a_message_of_the_role_that_types() -> None:
    terminal = Terminal()
    await terminal.type("你好", "/as cleaner", "到了", "")
    customer, cleaner = terminal.events
    assert isinstance(customer, MessageCame)
    assert isinstance(cleaner, MessageCame)
    assert (customer.address.chat, customer.text) == ("customer", "你好")
    assert (cleaner.address.chat, cleaner.text) == ("cleaner", "到了")


async def test_a_number_presses_the_button_of_the_last_message() -> None:
    terminal = Terminal()
    await terminal.type("2", "3", "9", first=Outgoing(1, "customer", "哪里？", CHOICES))
    tapped, page, words = terminal.events
    assert isinstance(tapped, ButtonTapped)
    assert (tapped.button, tapped.label) == ("tok.1", "客厅")
    assert isinstance(page, MessageCame)
    assert isinstance(words, MessageCame)


async def test_a_start_code_opens_a_link() -> None:
    terminal = Terminal()
    await terminal.type("/start abc")
    (started,) = terminal.events
    assert isinstance(started, ChatStarted)
    assert started.code == "abc"


async def test_quit_ends_what_comes_after() -> None:
    terminal = Terminal()
    await terminal.type("/quit", "还在吗")
    assert terminal.events == []


async def test_markup_in_a_message_is_shown_as_it_is() -> None:
    terminal = Terminal()
    await terminal.type(first=Outgoing(1, "customer", "[bold]不是标记[/bold]"))
    assert "[bold]不是标记[/bold]" in terminal.out.getvalue()


async def test_a_chat_that_is_not_of_this_terminal_is_refused() -> None:
    channel = ConsoleChannel(io.StringIO(), Console(file=io.StringIO()))
    assert isinstance(await channel.send(Outgoing(1, "nobody", "?")), Refused)
