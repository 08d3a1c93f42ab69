"""Reads a stream with several processes, and answers in the order in which it was asked.

Whoever types one line at a time is answered at once by this process; others are started only when lines wait in
numbers. No more lines are held than keep the processes busy, so a million take no more memory than a thousand.
"""

import multiprocessing
import queue
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from pathlib import Path

from nlp.contract import classify_stream
from nlp.reader import MODEL, Reader

CHUNK = 64
"""Lines that a process is given at a time."""
FEW = 16
"""Fewer are not worth giving away while nobody else is at work."""
AHEAD = 3
"""Chunks on their way for each process."""
_Answers = Future[list[str]]


def classify_together(reader: Reader, lines: Iterable[str], jobs: int, model: Path = MODEL) -> Iterator[str]:
    """Like `classify_stream`, with `jobs` processes; each loads the model that `reader` has."""
    if jobs == 1:
        yield from classify_stream(reader, lines)
        return
    waiting = _Waiting(lines, most=jobs * AHEAD * CHUNK)
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)
    try:
        yield from _in_order(reader, waiting, pool, jobs * AHEAD, model)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(reader: Reader, waiting: "_Waiting", pool: ProcessPoolExecutor, most: int, model: Path) -> Iterator[str]:
    """Never waits for a line while an answer is due: whoever asks may be waiting for it before asking again."""
    given: deque[_Answers] = deque()
    while (chunk := waiting.take(wait=not given)) or given:
        if chunk and not given and len(chunk) < FEW:
            yield from classify_stream(reader, chunk)
        elif chunk:
            given.append(pool.submit(_answers, chunk, model))
        if given and (not chunk or len(given) >= most):
            yield from given.popleft().result()


def _begin() -> None:
    """Ctrl-C is for the process that was started by hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _answers(lines: list[str], model: Path) -> list[str]:
    return list(classify_stream(_loaded(model), lines))


@cache
def _loaded(model: Path) -> Reader:
    """Once in each process."""
    return Reader.load(model=model)


class _Waiting:
    """Lines that have arrived and not been taken; a thread fetches them, as many as may wait."""

    def __init__(self, lines: Iterable[str], most: int) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(most)
        self._ended = False
        self._error: BaseException | None = None
        threading.Thread(target=self._fetch, args=(lines,), daemon=True).start()

    def take(self, *, wait: bool) -> list[str]:
        """What is there, up to a chunk. When waiting, at least one line, and none only at the end; raises what the
        stream broke off with, once all before it was taken and nothing else is due."""
        taken: list[str] = []
        while not self._ended and len(taken) < CHUNK:
            try:
                line = self._lines.get(block=wait and not taken)
            except queue.Empty:
                break
            if line is None:
                self._ended = True
            else:
                taken.append(line)
        if self._error is not None and self._ended and wait and not taken:
            raise self._error
        return taken

    def _fetch(self, lines: Iterable[str]) -> None:
        try:
            for line in lines:
                self._lines.put(line)
        except BaseException as error:
            self._error = error
        self._lines.put(None)
