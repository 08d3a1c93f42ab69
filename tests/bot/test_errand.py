"""Errands of the command line, beside a cluster."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import errand
from bot.core import build_core
from bot.lock import lock_unserved
from bot.reading.late import LateReader
from bot.settings import Settings, load_settings
from domain.errors import AlreadyRunning
from domain.events import Incoming, StaffActed
from storage.advisory import AdvisoryLock
from storage.migrating import migrate
from tests import databases
from web.hub import WebChannel

DUTY = "duty:delivery:web"
INVITATION = Incoming("cli", "1", "staff", StaffActed("invite_staff", None, {"role": "supervisor", "name": "陈主管"}))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    url = databases.server().fresh()
    migrate(url)
    yield load_settings({"HUIXIANG_DATA_DIR": str(tmp_path), "HUIXIANG_DATABASE_URL": url}, tmp_path / "none")
    databases.drop(url)


async def test_an_invitation_has_the_links_of_the_worker_that_took_it(settings: Settings) -> None:
    """The name of a bot is known to who serves, and not to the command line."""
    channels = {name: WebChannel(f"https://{name}.test") for name in ("telegram", "web")}
    worker, duty = build_core(settings, channels, LateReader(settings.model_file)), AdvisoryLock(settings.url, DUTY)
    assert duty.take()
    asked = asyncio.create_task(asyncio.to_thread(errand.run_one, settings, INVITATION))
    worker.engine.start()
    while not asked.done():
        worker.engine.wake()
        await asyncio.sleep(0.02)
    duty.release()
    await worker.engine.stop()
    worker.database.close()
    links = (await asked)["links"]
    assert isinstance(links, dict)
    assert list(links) == ["web", "telegram"]


def test_two_errands_without_a_worker_do_not_take_each_other_for_one(settings: Settings) -> None:
    with lock_unserved(settings), lock_unserved(settings):
        pass
    duty = AdvisoryLock(settings.url, DUTY)
    assert duty.take()
    with pytest.raises(AlreadyRunning):
        lock_unserved(settings).take()
    duty.release()
