"""Logging: one line per happening, for people at a terminal or as JSON. Nothing personal, no token.

Three gates. Our own lines hold numbers and names from code. Of an error, ours or a library's, its type and the way to
it are told, never its words. Whatever is written passes a last gate that knows this company's secrets.
"""

import linecache
import logging
import sys
import threading
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

from domain.errors import where

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
TALKATIVE = (
    "httpx", "httpx2", "httpcore", "openai", "aiogram", "aiohttp", "telegram", "asyncio", "apscheduler", "alembic",
    "procrastinate", "psycopg", "sqlalchemy", "uvicorn.access", "websockets",
)  # fmt: skip
LINES_OF_A_CALL = 6
HIDDEN = "…"


class Gate:
    """The stream, without the secrets. Its loss is borne: no work may stop because the disk under the log is full."""

    def __init__(self, stream: TextIO, secrets: Iterable[str] = ()) -> None:
        self._stream = stream
        self._secrets = tuple(sorted(secrets, key=len, reverse=True))

    def write(self, text: str) -> int:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


class Libraries(logging.Handler):
    """What a library's own source says is told, as a line of ours; what it filled in may be somebody's, and is not."""

    def emit(self, record: logging.LogRecord) -> None:
        told: dict[str, Any] = {"logger": record.name, "at": f"{record.module}:{record.lineno}"}
        if words := said(record):
            told["said"] = words
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = named(record.exc_info[1])
        structlog.get_logger().log(record.levelno, "library", **told)


def said(record: logging.LogRecord) -> str:
    """The first line of the message as it stands in the source, its gaps unfilled; empty when it does not."""
    template = str(record.msg).partition("\n")[0]
    lines = (linecache.getline(record.pathname, record.lineno + line) for line in range(LINES_OF_A_CALL))
    return template if template.strip(" %s") and template in "".join(lines) else ""


def named(error: BaseException) -> str:
    """Its type and the way to it; not its words, which may be somebody's."""
    return f"{type(error).__name__} {where(error)}"


def set_up_logs(level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """`form` is json, console, or auto: console when somebody is watching. `secrets` are never written."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    render: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_errors,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Gate(sys.stderr, secrets))),
        cache_logger_on_first_use=True,
    )
    _calm_libraries()
    _catch_the_rest()


def _name_errors(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Errors in any field of a line, and the one being handled when that is asked for."""
    asked = line.pop("exc_info", None)
    if asked:
        error = asked if isinstance(asked, BaseException) else sys.exc_info()[1]
        line["error"] = error
    for name, value in line.items():
        if isinstance(value, BaseException):
            line[name] = named(value)
    return line


def _calm_libraries() -> None:
    """Libraries write request lines at INFO, and those carry bot tokens and link codes."""
    logging.basicConfig(level=logging.WARNING, handlers=[Libraries()], force=True)
    logging.captureWarnings(True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Chores log their own failures; what is left is the trace of a tick that was broken off at the end.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
    # The same of procrastinate; and a server that is gone is told by us, once, not at each try.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def _catch_the_rest() -> None:
    """What nobody caught would be printed by Python itself, words and all."""
    log = structlog.get_logger()

    def uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        log.error("uncaught", error=error)

    def in_a_thread(args: threading.ExceptHookArgs) -> None:
        log.error("thread_died", thread=args.thread.name if args.thread else "", error=args.exc_value)

    def unraisable(args: Any) -> None:
        log.error("unraisable", error=args.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_a_thread, unraisable
