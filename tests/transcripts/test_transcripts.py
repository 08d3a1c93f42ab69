"""Golden transcripts: what everybody hears in a story is exactly what is written there, so that a client can read it.

After a wanted change: `python -m tests.transcripts --rewrite`, and read the diff as its readers would.
"""

from pathlib import Path

import pytest

from handlers import auditor
from tests import databases
from tests.transcripts.player import Player
from tests.transcripts.script import steps, stories, whole


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.stem)
def test_the_story_is_heard_as_it_is_written(story: Path, tmp_path: Path) -> None:
    written = story.read_text("utf-8")
    player = Player(tmp_path)

    heard = whole(steps(written), player.play)

    with player.house.tx() as tx:
        found = auditor.look(tx, player.house.clock.now()).found
    player.house.close()
    assert heard == written
    assert set(found) <= {"messages"}, "nothing is sent here; all else was done in time"


@pytest.mark.parametrize(
    "story", [max(stories(), key=lambda story: story.stat().st_size)], ids=lambda story: story.stem
)
def test_the_longest_is_heard_the_same_over_postgresql(story: Path, tmp_path: Path) -> None:
    player = Player(tmp_path, on=databases.POSTGRES)
    heard = whole(steps(story.read_text("utf-8")), player.play)
    with player.house.tx() as tx:
        found = auditor.look(tx, player.house.clock.now()).found
    player.house.close()
    assert heard == story.read_text("utf-8")
    assert set(found) <= {"messages"}
