"""The web chat as a channel.

Delivery to a browser is a knock, not a parcel: `send` wakes the open pages of that chat, and each page pulls the
lines it does not have yet by its own cursor. So a page that was away, slow or reloaded gets the same lines once,
in the same order, and a slow one holds up nobody.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from domain.channel import Accept, Health, Limits, Outcome, Outgoing, Sent
from domain.errors import NotFound

PAGES_PER_CHAT = 8


class Listener:
    """One open page. `fresh` is set when there may be something new."""

    def __init__(self) -> None:
        self.fresh = asyncio.Event()
        self.fresh.set()
        self.typing = False
        self.closed = False
        self._due: set[int] = set()

    def wake(self, *due: int) -> None:
        """`due` are messages that must be shown now; they may be older than others that were shown before."""
        self._due.update(due)
        self.fresh.set()

    def take_typing(self) -> bool:
        """Whether to show that an answer is being written, asked once."""
        typing, self.typing = self.typing, False
        return typing

    def take_due(self) -> int | None:
        """The oldest message that became due since last asked."""
        oldest = min(self._due, default=None)
        self._due.clear()
        return oldest

    def close(self) -> None:
        self.closed = True
        self.fresh.set()


class WebChannel:
    """Implements `domain.channel.Channel`. Events come in through the chat's own routes, not through `start`."""

    name = "web"
    limits = Limits(per_second=1000.0, per_chat_second=50.0, per_group_minute=1000.0)

    def __init__(self, public_url: str = "") -> None:
        self.public_url = public_url.rstrip("/")
        self._pages: defaultdict[str, list[Listener]] = defaultdict(list)

    async def start(self, accept: Accept) -> None:
        """Nothing to do: pages connect by themselves."""

    async def stop(self) -> None:
        for pages in list(self._pages.values()):
            for page in pages:
                page.close()

    async def send(self, message: Outgoing) -> Outcome:
        self.show(message.chat, message.id)
        return Sent(ref=f"out-{message.id}")

    async def fetch(self, file: str) -> bytes:
        raise NotFound(file=file)

    async def health(self) -> Health:
        return Health(ok=True, detail=f"{sum(len(pages) for pages in self._pages.values())} open")

    def link(self, code: str) -> str:
        return f"{self.public_url}/chat?c={code}"

    def knock(self, chat: str) -> None:
        """Tell the pages of this chat to look for new lines. Called on the event loop."""
        for page in self._pages.get(chat, ()):
            page.wake()

    def knock_everywhere(self) -> None:
        """A knock may have been missed: every open page looks."""
        for chat in list(self._pages):
            self.knock(chat)

    def show(self, chat: str, message: int) -> None:
        """Show this message to the pages of this chat."""
        for page in self._pages.get(chat, ()):
            page.wake(message)

    def typing(self, chat: str) -> None:
        """Show the pages of this chat that an answer is being written."""
        for page in self._pages.get(chat, ()):
            page.typing = True
            page.wake()

    @contextmanager
    def listen(self, chat: str) -> Iterator[Listener]:
        """Be woken for this chat. The oldest page makes room when one chat opens too many."""
        page, pages = Listener(), self._pages[chat]
        if len(pages) >= PAGES_PER_CHAT:
            pages.pop(0).close()
        pages.append(page)
        try:
            yield page
        finally:
            if page in pages:
                pages.remove(page)
            if not pages:
                self._pages.pop(chat, None)
