"""Worlds for the tests of the web layer. Visitors do not see each other, so most tests of a file share one server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.chat_world import ChatWorld


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatWorld]:
    world = ChatWorld(tmp_path_factory.mktemp("chat")).start()
    yield world
    world.stop()


@pytest.fixture
def own_world(tmp_path: Path) -> Iterator[ChatWorld]:
    """For tests that break, slow or restart the server."""
    world = ChatWorld(tmp_path).start()
    yield world
    world.stop()
