"""The company's files: what ships is right, and a mistake is told by file, entry and what is expected."""

import re
import shutil
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.company import load_company, load_texts
from bot.core import keep_branches
from domain.company import Branch
from domain.errors import SettingsError
from storage import people, tables
from storage.database import Database

COMPANY = Path(__file__).parents[2] / "company"
TABLES = load_texts(COMPANY, "Asia/Shanghai").tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COMPANY, tmp_path / "company"))


def change(folder: Path, old: str, new: str, file: str = "policy.toml") -> str:
    """Edit a file of the company; what is then said about it."""
    path = folder / file
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_company(folder)
    return caught.value.message


def test_the_shipped_company_loads() -> None:
    company = load_company(COMPANY, "Asia/Urumqi")
    assert company.name
    assert company.hours.timezone == "Asia/Urumqi"


BRANCHES = """[[branches]]
code = "pudong"
name = "浦东店"

[[branches]]
code = "urumqi"
name = "乌鲁木齐店"
timezone = "Asia/Urumqi"

[hours]"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('code = "urumqi"', 'code = "pudong"', "两家门店的 code 都是 pudong"),
        ('code = "urumqi"\n', "", "branches.1.code 缺少这一项"),
        ('name = "浦东店"', 'name = " "', "都要有 code"),
        ("Asia/Urumqi", "新疆", "门店 urumqi 的 timezone 应该是时区名"),
    ],
)
def test_a_wrong_branch_is_named(folder: Path, old: str, new: str, why: str) -> None:
    assert why in change(folder, "[hours]", BRANCHES.replace(old, new))


def test_branches_are_kept_by_their_codes_and_renamed_but_never_removed(tmp_path: Path) -> None:
    database, company = Database(f"sqlite:///{tmp_path / 'branches.db'}"), load_company(COMPANY)
    database.create_all(tables.metadata)
    first, second = Branch("pudong", "浦东店"), Branch("urumqi", "乌鲁木齐店", "Asia/Urumqi")
    for branches in ((first, second), (replace(first, name="陆家嘴店"),), ()):
        keep_branches(database, replace(company, branches=branches))
    with database.read() as tx:
        kept = [(one.code, one.name, one.timezone) for one in people.branches(tx)]
    database.close()
    assert kept == [("pudong", "陆家嘴店", "Asia/Shanghai"), ("urumqi", "乌鲁木齐店", "Asia/Urumqi")]


def test_a_wrong_kind_of_value_is_named(folder: Path) -> None:
    said = change(folder, "respond_minutes = 5", 'respond_minutes = "五分钟"')
    assert said == f"{folder / 'policy.toml'}：clocks.urgent.respond_minutes 应该是整数。"


def test_a_misspelt_entry_is_named_with_the_nearest(folder: Path) -> None:
    said = change(folder, "resolve_minutes = 240", "resolve_minute = 240\nresolve_minutes = 240")
    assert "不认识 clocks.urgent.resolve_minute，是不是想写 resolve_minutes？" in said


def test_an_unknown_label_is_told_which_there_are(folder: Path) -> None:
    said = change(folder, "[clocks.urgent]", "[clocks.urgnt]")
    assert "urgent" in said
    assert "high" in said


def test_a_time_in_the_wrong_shape_is_told(folder: Path) -> None:
    assert "应该是时间" in change(folder, "from = 21:00:00", 'from = "晚上九点"')


def test_a_slip_of_the_pen_is_told_with_its_line(folder: Path) -> None:
    said = change(folder, "[quiet]", "[quiet")
    assert "policy.toml" in said
    assert "line" in said


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "rewards.toml").unlink()
    with pytest.raises(SettingsError, match=r"找不到 .*rewards\.toml"):
        load_company(folder)


def test_windows_editors_may_leave_a_bom(folder: Path) -> None:
    file = folder / "policy.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_company(folder).name


def test_without_texts_nothing_starts(folder: Path) -> None:
    shutil.rmtree(folder / "texts")
    with pytest.raises(SettingsError, match="texts"):
        load_texts(folder, "Asia/Shanghai")


def test_both_languages_say_the_same_things() -> None:
    keys = {
        locale: {f"{file}.{entry}" for file, entries in files.items() for entry in entries}
        for locale, files in TABLES.items()
    }
    assert keys["zh-CN"] ^ keys["en"] == set()


@pytest.mark.parametrize("file", sorted(TABLES["zh-CN"]))
def test_both_languages_have_the_same_gaps_and_buttons(file: str) -> None:
    for entry, ours in TABLES["zh-CN"][file].items():
        theirs = TABLES["en"][file][entry]
        assert (entry, gaps(theirs) - gaps(ours) - {"name"}) == (entry, set())
        assert (entry, labels(theirs)) == (entry, labels(ours))


def texts_of(entry: Any) -> list[str]:
    text = entry.get("text", "") if isinstance(entry, dict) else entry
    return text if isinstance(text, list) else [str(text)]


def gaps(entry: Any) -> set[str]:
    """The names in braces; a broken brace fails here."""
    return {name for text in texts_of(entry) for _, name, _, _ in string.Formatter().parse(text) if name}


def labels(entry: Any) -> set[str]:
    return set(entry.get("choices", {})) if isinstance(entry, dict) else set()


def test_every_text_that_the_code_names_is_there() -> None:
    """One that is missing is found out only when somebody should hear it."""
    named = re.compile(rf'"((?:{"|".join(TABLES["zh-CN"])})\.[a-z_]+[a-z])"')
    texts = load_texts(COMPANY, "Asia/Shanghai")
    for folder in ("handlers", "flows"):
        for file in (COMPANY.parent / folder).rglob("*.py"):
            missing = [key for key in named.findall(file.read_text("utf-8")) if not texts.has(key)]
            assert not missing, f"{file.name}: {missing}"
