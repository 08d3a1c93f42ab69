"""The page on speed says what was measured, and names parts that exist."""

import importlib.util
import json
import re
import xml.etree.ElementTree as ET

import pytest

from bench.__main__ import PARTS
from bench.aims import AIMS
from bench.sizes import FULL, OPTIONS
from docs.performance import FIGURES_FILE, NOT_MEASURED, PAGE, PICTURES, blocks, drawings
from nlp.learning.page import filled

TEXT = PAGE.read_text("utf-8")
FOUND = json.loads(FIGURES_FILE.read_text("utf-8"))
DRAWN = drawings(FOUND["parts"])


@pytest.mark.parametrize("name", blocks(FOUND))
def test_figures_are_those_that_were_measured(name: str) -> None:
    assert filled(PAGE, name) == blocks(FOUND)[name], "run python -m docs.performance"


@pytest.mark.parametrize("name", DRAWN)
def test_drawings_are_of_the_same_figures_small_shown_and_readable_in_the_dark(name: str) -> None:
    assert (PICTURES / name).read_text("utf-8") == DRAWN[name], "run python -m docs.performance"
    assert ET.fromstring(DRAWN[name]).tag.endswith("svg")
    assert len(DRAWN[name]) < 20_000
    assert "prefers-color-scheme: dark" in DRAWN[name]
    assert f"pictures/{name}" in TEXT


def test_every_part_was_measured_and_every_aim_is_of_one() -> None:
    assert set(FOUND["parts"]) == set(PARTS)
    assert {aim.part for aim in AIMS} <= set(PARTS)


def test_what_failed_or_was_not_measured_is_said_and_breaks_nothing() -> None:
    for parts in ({}, {part: {"at": "2026-11-22", "failed": "RuntimeError"} for part in PARTS}):
        told = blocks({"machine": {}, "parts": parts})
        assert told["aims"].count("没有测") == len(AIMS)
        assert told["bots"] == NOT_MEASURED
        assert drawings(parts) == {}


def test_the_page_names_commands_and_options_that_exist() -> None:
    modules = set(re.findall(r"python -m ([\w.]+\w)", TEXT))
    assert {"bench", "docs.performance"} <= modules
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []
    named = set(re.findall(r"python -m bench (\w+)", TEXT))
    assert named <= set(PARTS)
    assert set(re.findall(r"`[^`]*--(\w+)", TEXT)) - {"full", "json"} <= set(OPTIONS)
    assert FULL["stored"] == 10_000_000
