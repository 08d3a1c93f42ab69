"""The reader of messages, loaded in a thread while the server starts, or only when somebody says something."""

import importlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Literal

from domain.understanding import Reader, Understanding


class LateReader:
    """The first message waits for the dictionary, if it comes that early; a failed load is raised to every caller.

    `own` is where the company's own model would be.
    """

    def __init__(self, own: Path) -> None:
        self._own = own
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._loading: Future[Reader] | None = None

    def begin(self) -> "Future[Reader]":
        """Load it in the background, once."""
        if self._loading is None:
            self._loading = self._thread.submit(_load, self._own)
            self._thread.shutdown(wait=False)
        return self._loading

    def understand(self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        return self.begin().result().understand(text, at, sender)

    def expect(self, words: Iterable[tuple[str, datetime]]) -> None:
        """It reads when it is asked, and not before: there is nobody to do it meanwhile."""

    def stop(self) -> None:
        """Nothing to end."""


def _load(own: Path) -> Reader:
    """Imported here, in the thread: importing is half of the wait."""
    reader: Reader = importlib.import_module("bot.reading.loading").load_reader(own)
    return reader
