"""The page of faults names tests that are there, and tells of every fault once."""

import re

from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs/faults.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_test_that_the_page_names_is_there() -> None:
    assert len(NAMED) > 30
    missing = [name for file, name in NAMED if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert missing == []


def test_every_story_that_the_page_names_is_there() -> None:
    stories = re.findall(r"`(tests/transcripts/[\w.]+)`", PAGE)
    assert stories
    assert all((ROOT / story).is_file() for story in stories)


def test_every_fault_has_a_test_beside_it() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| ---", "| 故障"))]
    assert [row for row in rows if "`tests/" not in row and "同上" not in row] == []
    faults = [row.split("|")[1] for row in rows]
    assert len(faults) == len(set(faults))
