"""Logging: one line per happening, for people at a terminal or as JSON. Nothing personal, no addresses with tokens."""

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from domain.errors import where

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
TALKATIVE = (
    "httpx", "httpx2", "httpcore", "openai", "aiogram", "aiohttp", "telegram", "asyncio", "apscheduler", "alembic",
    "uvicorn.access",
)  # fmt: skip


class Unfailing:
    """A stream whose loss is borne: no work may stop because the disk under the log is full or its reader gone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


class OneLine(logging.Formatter):
    """What a library has to say, and the way to its error; not the error's words, which may be somebody's."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name} " + record.getMessage().partition("\n")[0]
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line} {type(error).__name__} {where(error)}"


def set_up_logs(level: str, form: str) -> None:
    """`form` is json, console, or auto: console when somebody is watching."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    render: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    _calm_libraries()


def _calm_libraries() -> None:
    """Libraries write request lines at INFO, and those carry bot tokens and link codes."""
    handler = logging.StreamHandler(cast(TextIO, Unfailing(sys.stderr)))
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Chores log their own failures; what is left is the trace of a tick that was broken off at the end.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
