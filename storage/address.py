"""What the address of a database says; nothing is opened, and nothing heavy imported, to read it."""

import re
from pathlib import Path

SQLITE = "sqlite:///"
_POSTGRES = re.compile(r"^postgres(ql)?(\+\w+)?:")


def is_postgres(url: str) -> bool:
    return _POSTGRES.match(url) is not None


def file_of(url: str) -> Path:
    """The file behind SQLite's."""
    return Path(url.removeprefix(SQLITE).partition("?")[0])


def for_libpq(url: str) -> str:
    """Without the driver's name that SQLAlchemy's addresses may carry."""
    return _POSTGRES.sub("postgresql:", url)


def for_sqlalchemy(url: str) -> str:
    return _POSTGRES.sub("postgresql+psycopg:", url)
