"""The journal of sends: which messages a channel has taken, written down before the database hears of it.

A line in a file survives the death of the process at once, where a commit has to wait for its round. After a crash the
journal tells which of the messages that were being sent did arrive, so that only the one in the air may come twice.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class SendJournal:
    """One file for one channel. A power cut may lose its last lines: then these messages are sent once more."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._open = 0

    def took(self, message: int, ref: str) -> None:
        """The channel has this message under `ref`. On a full disk it goes unwritten: a crash then may repeat it."""
        self._open += 1
        line = f"{message} {ref}\n".encode()
        size = os.fstat(self._file).st_size
        with suppress(OSError):
            if os.write(self._file, line) < len(line):
                os.ftruncate(self._file, size)

    def written_down(self, messages: int) -> None:
        """So many of them are committed; with the last one the journal begins anew."""
        self._open -= messages
        if self._open == 0:
            os.ftruncate(self._file, 0)

    def left(self) -> Iterator[tuple[int, str]]:
        """What an earlier process wrote and could not commit any more: (message, ref). A torn line is passed over."""
        text = os.pread(self._file, os.fstat(self._file).st_size, 0).decode("utf-8", "replace")
        for line in text.splitlines(keepends=True):
            message, _, ref = line.strip().partition(" ")
            if line.endswith("\n") and message.isdecimal():
                yield int(message), ref

    def begin_anew(self) -> None:
        """What was left is committed."""
        os.ftruncate(self._file, 0)
        self._open = 0

    def close(self) -> None:
        os.close(self._file)
