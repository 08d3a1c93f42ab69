"""The short form of the storm, for every run of the tests."""

from pathlib import Path

import pytest

from tests.crash.storm import storm


@pytest.mark.timeout(300)
async def test_nothing_is_lost_or_doubled_when_the_process_is_killed_at_any_moment(tmp_path: Path) -> None:
    report = await storm(tmp_path, updates=300, kills=6, users=25, life=(0.05, 1.5), seed=7)
    assert report.kills == 6
    assert report.events >= 300
    assert not report.broken, str(report)
