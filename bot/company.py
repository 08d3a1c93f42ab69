"""Reads the files that a company edits. A mistake is told in a sentence: which file, which entry, what is expected."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import ConfigDict, TypeAdapter, ValidationError

from domain.company import Company
from domain.errors import SettingsError
from handlers.texts import DEFAULT_LOCALE, Texts

PARTS = {"rewards": "rewards.toml", "catalogue": "catalogue.toml", "soothing": "soothing.toml"}
POLICY = "policy.toml"
LONGEST_CODE = 64
_COMPANY = TypeAdapter(tuple[Company], config=ConfigDict(extra="forbid"))

EXPECTED = {
    "missing": "缺少这一项",
    "int": "应该是整数",
    "float": "应该是数字",
    "bool": "应该是 true 或 false",
    "string": "应该是文字，要加引号",
    "time": "应该是时间，例如 09:00:00（不加引号）",
    "enum": "应该是这些之一：{expected}",
    "tuple": "应该是列表，用 [ ] 括起来",
    "dict": "应该是一个小节",
    "mapping": "应该是一个小节",
    "dataclass": "应该是一个小节",
}


def load_company(folder: Path, timezone: str = "") -> Company:
    """The policies of the company; `timezone` overrides theirs. Raises `SettingsError`."""
    raw = read_toml(folder / POLICY)
    for part, name in PARTS.items():
        raw[part] = _part(part, read_toml(folder / name))
    raw["quiet"] = {{"from": "from_"}.get(key, key): value for key, value in raw.get("quiet", {}).items()}
    try:
        (company,) = _COMPANY.validate_python((raw,))
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(folder, raw, one) for one in error.errors())) from None
    _check_branches(folder / POLICY, company)
    return replace(company, hours=replace(company.hours, timezone=timezone)) if timezone else company


def load_texts(folder: Path, timezone: str) -> Texts:
    """All texts of all languages. Raises `SettingsError`."""
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for file in sorted((folder / "texts").glob("*/*.toml")):
        tables.setdefault(file.parent.name, {})[file.stem] = read_toml(file)
    if DEFAULT_LOCALE not in tables:
        raise SettingsError(f"{folder / 'texts' / DEFAULT_LOCALE} 里没有文字文件，请检查 HUIXIANG_COMPANY_DIR。")
    return Texts(tables, timezone)


def read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"找不到 {file}，请检查 HUIXIANG_COMPANY_DIR。") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} 的写法有误：{error}。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"读不了 {file}：应该是 UTF-8 编码的文本（{type(error).__name__}）。") from None


def _check_branches(file: Path, company: Company) -> None:
    codes = [branch.code for branch in company.branches]
    for branch in company.branches:
        if not 0 < len(branch.code) <= LONGEST_CODE or branch.code != branch.code.strip() or not branch.name.strip():
            raise SettingsError(f"{file}：branches 里每家门店都要有 code（最多 {LONGEST_CODE} 个字）和 name。")
        if codes.count(branch.code) > 1:
            raise SettingsError(f"{file}：branches 里有两家门店的 code 都是 {branch.code}，请改掉一个。")
        if branch.timezone and branch.timezone not in available_timezones():
            raise SettingsError(f"{file}：门店 {branch.code} 的 timezone 应该是时区名，例如 Asia/Urumqi。")


def _part(part: str, content: dict[str, Any]) -> Any:
    """A file may hold the part itself, or a table or list named after it."""
    return content[part] if list(content) == [part] else content


def _sentence(folder: Path, raw: Mapping[str, Any], error: Mapping[str, Any]) -> str:
    path = [str(step) for step in error["loc"][1:]]
    file = folder / PARTS.get(path[0] if path else "", POLICY)
    entry = ".".join(step.rstrip("_") for step in path if step != "[key]")
    if error["type"] == "unexpected_keyword_argument":
        return f"{file}：不认识 {entry}{_nearest(path)}。"
    return f"{file}：{entry} {_expected(error)}。"


def _expected(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    start = "missing" if kind.startswith("missing") else kind.partition("_")[0]
    told = EXPECTED.get(start, f"不对：{error['msg']}")
    allowed = str(error.get("ctx", {}).get("expected", ""))
    return told.format(expected=allowed.replace(" or ", " 或 "))


def _nearest(path: list[str]) -> str:
    """The entry that was probably meant."""
    near = difflib.get_close_matches(path[-1], _names(Company), n=1, cutoff=0.6)
    return f"，是不是想写 {near[0]}？" if near else ""


def _names(kind: type[Any]) -> set[str]:
    """All entries that the company's files may have, at any depth."""
    found: set[str] = set()
    for field in fields(kind):
        found.add(field.name)
        for inner in (field.type, *getattr(field.type, "__args__", ())):
            if isinstance(inner, type) and is_dataclass(inner):
                found |= _names(inner)
    return found
