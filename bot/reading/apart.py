"""A reader in a process of its own: while it reads, this one goes on with what waits, on another core.

Reading is half of a turn's work and knows nothing of the company, so it may be done beside it, and a little ahead:
a round says what it will ask for, and asks when it needs it. Nothing lives there: a process that died is started anew,
and asked again.
"""

import socket
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

import structlog

from bot.reading.line import Line
from domain.understanding import Understanding

log = structlog.get_logger()
Sender = Literal["customer", "cleaner"]
Question = tuple[str, datetime, Sender]
AHEAD = 16
LONG = 1_000
"""Sixteen questions of so many characters fit into a socket: nobody waits to write while the other does."""
TRIES = 3
PATIENCE_SECONDS = 30.0
"""For one answer, loading included. Whoever takes longer hangs, and must not keep the whole company waiting."""
END_SECONDS = 2.0


class ReaderApart:
    """Threads may share it. `own` is where the company's own model would be."""

    def __init__(self, own: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._own = own
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None
        self._loaded = False
        self._asked: deque[Question] = deque()
        self._answered: deque[tuple[Question, Understanding]] = deque(maxlen=2 * AHEAD)
        self._one_at_a_time = threading.Lock()

    @property
    def number(self) -> int | None:
        """Of the process, None while there is none."""
        return self._process.pid if self._process is not None else None

    def begin(self) -> None:
        """Start loading; does not wait for it."""
        with self._one_at_a_time:
            self._open()

    def expect(self, words: Iterable[tuple[str, datetime]]) -> None:
        """What customers said, and when; it will be asked for in a moment. What is too much ahead is left for later.

        Whoever is named again before being asked for is read once.
        """
        with self._one_at_a_time, suppress(OSError):
            room = max(0, AHEAD - len(self._asked))
            fresh = self._fresh((text, at, "customer") for text, at in words if len(text) <= LONG)
            if fresh[:room]:
                self._ask(fresh[:room])

    def understand(self, text: str, at: datetime, sender: Sender = "customer") -> Understanding:
        """As `nlp.reader.Reader`. Raises `RuntimeError` when no process stays alive, or its dictionary is broken."""
        with self._one_at_a_time:
            for _ in range(TRIES):
                with self._mended():
                    return self._read((text, at, sender))
        raise RuntimeError("the reader ends as often as it is started")

    def stop(self) -> None:
        """It ends by itself when nobody can ask any more."""
        with self._one_at_a_time:
            self._close()

    def _read(self, wanted: Question) -> Understanding:
        """What was answered and never asked for makes room in time."""
        for one in self._answered:
            if one[0] == wanted:
                self._answered.remove(one)
                return one[1]
        if wanted not in self._asked:
            while self._asked and len(wanted[0]) > LONG:
                self._answered.append(self._receive())
            self._ask([wanted])
        while True:
            question, answer = self._receive()
            if question == wanted:
                return answer
            self._answered.append((question, answer))

    def _fresh(self, named: Iterable[Question]) -> list[Question]:
        """Those not asked yet. Two may say the same at the same moment."""
        known = Counter([*self._asked, *(question for question, _ in self._answered)])
        fresh = []
        for question in named:
            if known[question] > 0:
                known[question] -= 1
            else:
                fresh.append(question)
        return fresh

    def _ask(self, questions: Sequence[Question]) -> None:
        self._open().send(questions)
        self._asked.extend(questions)

    def _receive(self) -> tuple[Question, Understanding]:
        """Answers come in the order of the questions; before the first comes how loading went."""
        line = self._open()
        if not self._loaded:
            self._check(*line.receive())
        answer: Understanding = line.receive()
        return self._asked.popleft(), answer

    def _check(self, passed_over: str, error: str) -> None:
        if error:
            raise RuntimeError(error)
        if passed_over:
            log.warning("own_model_not_used", changed=passed_over, advice="huixiang train")
        self._loaded = True

    @contextmanager
    def _mended(self) -> Iterator[None]:
        """A process that is gone, or hangs, takes what it was asked along."""
        try:
            yield
        except (EOFError, OSError) as error:
            log.warning("reader_gone", error=type(error).__name__)
            self._close()
        except RuntimeError:
            self._close()
            raise

    def _open(self) -> Line:
        if self._line is None:
            ours, theirs = socket.socketpair()
            ours.settimeout(self._patience)
            with theirs:
                command = [sys.executable, "-m", "bot.reading.process", str(theirs.fileno()), str(self._own)]
                self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
            self._line = Line(ours)
        return self._line

    def _close(self) -> None:
        self._asked.clear()
        self._loaded = False
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(END_SECONDS)
            self._process.kill()
            self._process.wait()
            self._process = None
