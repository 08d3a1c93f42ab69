"""The short form of the storm, for every run of the tests."""

import signal
from pathlib import Path

import pytest

from tests.crash.process import Serving
from tests.crash.storm import FEW, storm


@pytest.mark.timeout(300)
async def test_nothing_is_lost_or_doubled_when_the_process_is_killed_at_any_moment(tmp_path: Path) -> None:
    report = await storm(tmp_path, updates=80, kills=2, users=15, life=(0.05, 1.5), seed=7, library="ptb")
    assert report.kills == 2
    assert report.events >= 80
    assert not report.broken, str(report)


@pytest.mark.timeout(300)
async def test_nor_when_any_of_several_processes_on_one_postgresql_is(tmp_path: Path) -> None:
    """Each with its own folder, as on machines of their own."""
    report = await storm(tmp_path, updates=60, kills=2, users=10, life=(0.5, 2.0), seed=5, commands=FEW, library="ptb")
    assert report.kills == 2
    assert report.events >= 60
    assert not report.broken, str(report)


async def test_no_process_is_left_behind_when_a_storm_breaks_off(tmp_path: Path) -> None:
    serving = Serving(tmp_path)

    async def break_off() -> None:
        async with serving:
            await serving.start()
            raise AssertionError("it never asked for updates")

    with pytest.raises(AssertionError, match="never asked"):
        await break_off()
    assert serving.process is not None
    assert serving.process.returncode == -signal.SIGKILL
