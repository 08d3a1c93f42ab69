"""The reader of messages, loaded in a thread while the server starts: its dictionary takes a moment."""

import importlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal

from domain.understanding import Understanding
from handlers.world import Reader


class LateReader:
    """The first message waits for the dictionary, if it comes that early; a failed load is raised to every caller."""

    def __init__(self) -> None:
        thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._loading = thread.submit(_load)
        thread.shutdown(wait=False)

    def understand(
        self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer"
    ) -> Understanding:
        return self._loading.result().understand(text, at, sender)

    def wait(self) -> Reader:
        """The reader itself, once it is there."""
        return self._loading.result()


def _load() -> Reader:
    """Imported here, in the thread: importing is half of the wait."""
    reader: Reader = importlib.import_module("nlp.reader").Reader.load()
    return reader
