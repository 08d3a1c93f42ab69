"""One reader for all tests: loading takes half a second, reading changes nothing."""

from datetime import datetime

import pytest

from nlp.reader import Reader

AT = datetime.fromisoformat("2025-06-12T15:30:00+08:00")


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture
def at() -> datetime:
    """A Thursday afternoon in Shanghai."""
    return AT
