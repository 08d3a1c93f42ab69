"""The page on reading says what was measured, and names commands that exist."""

import importlib.util
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from docs.understanding import BARS, CURVE, FIGURES_FILE, PAGE, bars, blocks, curve
from nlp.learning.page import filled
from tests.docs.blocks import ROOT

TEXT = PAGE.read_text("utf-8")
FOUND = json.loads(FIGURES_FILE.read_text("utf-8"))


@pytest.mark.parametrize("name", blocks(FOUND))
def test_figures_are_those_that_were_measured(name: str) -> None:
    assert filled(PAGE, name) == blocks(FOUND)[name], "run python -m docs.understanding"


def test_the_readme_says_the_same() -> None:
    ours = FOUND["readers"]["huixiang"]
    intent, kind, priority = (f"{ours[name]:.0%}" for name in ("intent", "primary", "priority"))
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert f"意图对 {intent}，投诉类型对 {kind}，轻重 对 {priority}" in readme
    assert f"{intent} of intents, {kind} of complaint types and {priority} of priorities" in readme


def test_drawings_are_of_the_same_figures() -> None:
    assert BARS.read_text("utf-8") == bars(FOUND["readers"])
    assert CURVE.read_text("utf-8") == curve(FOUND["calibration"])


@pytest.mark.parametrize("picture", [BARS, CURVE], ids=lambda picture: picture.name)
def test_drawings_are_small_shown_and_readable_in_the_dark(picture: Path) -> None:
    drawing = picture.read_text("utf-8")
    assert ET.fromstring(drawing).tag.endswith("svg")
    assert len(drawing) < 20_000
    assert "prefers-color-scheme: dark" in drawing


def test_the_page_names_commands_that_exist() -> None:
    named = set(re.findall(r"huixiang (\w+)", TEXT))
    assert {"train", "evaluate"} <= named <= set(COMMANDS)
    modules = set(re.findall(r"python -m ([\w.]+\w)", TEXT))
    assert modules >= {"nlp.learning", "docs.understanding"}
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def test_both_drawings_are_in_the_page() -> None:
    assert [one.name for one in (BARS, CURVE) if str(one.relative_to(ROOT / "docs")) not in TEXT] == []
