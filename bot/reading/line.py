"""The line between two processes: objects, each with its length before it, several in one go where they come together.

`multiprocessing.connection` reads twice for each object; every read lets other threads of a busy process go first.
"""

import pickle
import socket
from collections.abc import Iterable
from typing import Any

LENGTH = 4
AT_ONCE = 1 << 18
"""Bytes."""


class Line:
    """One end. Whatever comes is trusted: it is for a process that we have started ourselves."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._come = bytearray()

    def send(self, said: Iterable[Any]) -> None:
        """All of them, in order. Raises `OSError` when nobody is there."""
        frames = [pickle.dumps(one, pickle.HIGHEST_PROTOCOL) for one in said]
        self._end.sendall(b"".join([len(frame).to_bytes(LENGTH) + frame for frame in frames]))

    def receive(self) -> Any:
        """The next. Raises `EOFError` when there will be none, or `OSError`."""
        whole = LENGTH + int.from_bytes(self._until(LENGTH)[:LENGTH])
        frame = bytes(self._until(whole)[LENGTH:whole])
        del self._come[:whole]
        return pickle.loads(frame)

    def close(self) -> None:
        self._end.close()

    def _until(self, size: int) -> bytearray:
        """What has come, at least so many bytes."""
        while len(self._come) < size:
            more = self._end.recv(AT_ONCE)
            if not more:
                raise EOFError
            self._come += more
        return self._come
