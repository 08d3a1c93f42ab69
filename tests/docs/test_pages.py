"""What the documents name is there, and what is there is named."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from dotenv import dotenv_values
from PIL import Image

from bot.cli import COMMANDS
from bot.commands import coupon, customer, import_, staff
from bot.settings import FOREIGN, PREFIX, Settings, variable
from tests.docs.blocks import PAGES, ROOT, Block, blocks, links, of_language

LOCAL = {"var", "backup"}
"""Folders that appear by running it."""
SETTINGS = {variable(name) for name in Settings.model_fields}
GROUPS = {"import": import_.COMMAND, "staff": staff.COMMAND, "customer": customer.COMMAND, "coupon": coupon.COMMAND}
KNOWN = {"", "sh", "toml", "json", "ini", "nginx", "html"}


def everything() -> str:
    return "\n".join(page.read_text("utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not (page.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("block", of_language("json", "toml"), ids=lambda block: block.where)
def test_snippets_are_what_they_say(block: Block) -> None:
    (json if block.language == "json" else tomllib).loads(block.text)


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.language for block in blocks()} <= KNOWN
    assert len(of_language("sh")) > 10


def test_every_setting_is_explained_and_every_explained_one_exists() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    explained = set(re.findall(rf"^\| `((?:{PREFIX}|OPENAI_)\w+)` \|", page, re.MULTILINE))
    assert explained == SETTINGS
    assert set(FOREIGN) <= SETTINGS
    assert set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", everything())) <= SETTINGS


def test_the_example_of_settings_can_be_uncommented(tmp_path: Path) -> None:
    given = (ROOT / ".env.example").read_text("utf-8")
    file = tmp_path / ".env"
    file.write_text(re.sub(rf"^# ({PREFIX}|OPENAI_)", r"\1", given, flags=re.MULTILINE), "utf-8")
    values = dotenv_values(file)
    assert set(values) == SETTINGS
    assert values["HUIXIANG_FRAME_ANCESTORS"] == "'self' https://www.example.cn"


def test_every_command_is_mentioned() -> None:
    names = [f"huixiang {name} {one}" for name, group in GROUPS.items() for one in group]
    names += [f"huixiang {name}" for name in COMMANDS if name not in (*GROUPS, "demo")]
    assert [name for name in [*names, "make demo"] if name not in everything()] == []


def test_make_targets_that_are_mentioned_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make (\w+)", everything())) <= targets


def test_the_list_of_folders_is_complete() -> None:
    listed = re.findall(r"^\| `(\w+)/` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    real = {entry.name for entry in ROOT.iterdir() if entry.is_dir()} - LOCAL
    assert set(listed) == {name for name in real if name.isidentifier() and not name.startswith("_")}


@pytest.mark.parametrize("picture", sorted((ROOT / "docs/pictures").glob("*.png")), ids=lambda picture: picture.name)
def test_pictures_are_small_sharp_and_shown(picture: Path) -> None:
    assert picture.stat().st_size < 150_000
    with Image.open(picture) as image:
        assert image.width >= 580
    assert f"docs/pictures/{picture.name}" in (ROOT / "README.md").read_text("utf-8")
