"""Listens for the bell, on a connection and a thread of its own, and connects again for as long as it takes."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
import structlog

from storage.bell import CHANNEL
from storage.postgres import CONNECT_SECONDS, connect

log = structlog.get_logger()
Heard = Callable[[dict[str, Any]], None]
LOOK_SECONDS = 0.5
PAUSE_SECONDS = 1.0


class Ear:
    """`hear` is called in the ear's thread; with nothing in it after a connection, for what was missed before."""

    def __init__(self, url: str, hear: Heard) -> None:
        self._url = url
        self._hear = hear
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("deaf", error=type(error).__name__)
                self._stopping.wait(PAUSE_SECONDS)

    def _listen(self) -> None:
        driver = connect(self._url, CONNECT_SECONDS)
        try:
            driver.execute(f"LISTEN {CHANNEL}")
            self._hear({})
            while not self._stopping.is_set():
                for note in driver.notifies(timeout=LOOK_SECONDS):
                    with suppress(ValueError):
                        self._hear(json.loads(note.payload))
        finally:
            driver.close()
