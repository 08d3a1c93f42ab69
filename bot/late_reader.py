"""The reader of messages, loaded in a thread while the server starts, or only when somebody says something."""

import importlib
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Literal

from domain.understanding import Understanding
from handlers.world import Reader


class LateReader:
    """The first message waits for the dictionary, if it comes that early; a failed load is raised to every caller."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._loading: Future[Reader] | None = None

    def begin(self) -> "Future[Reader]":
        """Load it in the background, once."""
        if self._loading is None:
            self._loading = self._thread.submit(_load)
            self._thread.shutdown(wait=False)
        return self._loading

    def understand(
        self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer"
    ) -> Understanding:
        return self.begin().result().understand(text, at, sender)


def _load() -> Reader:
    """Imported here, in the thread: importing is half of the wait."""
    reader: Reader = importlib.import_module("nlp.reader").Reader.load()
    return reader
