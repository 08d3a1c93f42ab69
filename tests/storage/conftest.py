"""Every test of storage that wants an address gets one of each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases


@pytest.fixture(params=databases.KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables."""
    if request.param == databases.SQLITE:
        yield f"sqlite:///{tmp_path / 'deep' / 'empty.db'}"
        return
    url = databases.server().fresh()
    yield url
    databases.server().drop(url)


@pytest.fixture(params=databases.KINDS)
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and no rows."""
    url = databases.address(request.param, tmp_path)
    yield url
    databases.drop(url)
