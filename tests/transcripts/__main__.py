"""`python -m tests.transcripts --rewrite` plays every story and writes down what is heard now; look at the diff."""

import sys
import tempfile
from pathlib import Path

from tests.transcripts.player import Player
from tests.transcripts.script import steps, stories, whole


def rewrite(story: Path) -> bool:
    """True when the story reads differently now."""
    before = story.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        player = Player(Path(folder))
        after = whole(steps(before), player.play)
        player.house.close()
    story.write_text(after, "utf-8")
    return before != after


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] != "--rewrite":
        sys.stderr.write("usage: python -m tests.transcripts --rewrite [words of the name…]\n")
        return 2
    wanted = arguments[1:]
    for story in stories():
        if (not wanted or any(word in story.name for word in wanted)) and rewrite(story):
            sys.stdout.write(f"rewritten: {story.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
