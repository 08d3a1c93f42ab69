"""The policy file and the texts of those who lead fit each other, in both languages."""

import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.company import load_company, load_texts
from domain.labels import CaseType, Priority
from handlers.cases.intervening import REFUND, frozen
from tests.harness import COMPANY

FILES = ("staff", "escalation", "reply", "compensate", "reassign", "close_case", "money", "tasks")


def read(locale: str, file: str) -> dict[str, Any]:
    return tomllib.loads((Path(COMPANY) / "texts" / locale / f"{file}.toml").read_text("utf-8"))


def gaps(entry: Any) -> set[str]:
    text = entry.get("text", "") if isinstance(entry, dict) else entry
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}


@pytest.mark.parametrize("file", FILES)
def test_both_languages_say_the_same_things_with_the_same_gaps(file: str) -> None:
    chinese, english = read("zh-CN", file), read("en", file)

    assert chinese.keys() == english.keys()
    assert {key: gaps(entry) for key, entry in chinese.items()} == {key: gaps(entry) for key, entry in english.items()}
    for key, entry in chinese.items():
        if isinstance(entry, dict):
            assert entry.get("choices", {}).keys() == english[key].get("choices", {}).keys()


def test_every_type_and_priority_leads_to_work_that_has_a_name_and_an_offer() -> None:
    company, texts = load_company(COMPANY), load_texts(COMPANY, "Asia/Shanghai")
    for kind in CaseType:
        for priority in Priority:
            policy = frozen(company, kind, priority)
            assert policy["tasks"], (kind, priority)
            assert texts.has(policy["offer"]), policy["offer"]
            assert policy["webhook"].startswith("intervention.")
            assert all(texts.has(f"tasks.{task['kind']}") for task in policy["tasks"])
    assert texts.has(f"tasks.{REFUND}")


def test_the_clocks_are_those_of_the_taxonomy() -> None:
    clocks = load_company(COMPANY).clocks

    assert [(clocks[priority].respond_minutes, clocks[priority].resolve_minutes) for priority in Priority] == [
        (5, 240), (30, 1440), (240, 4320), (1440, 10080),
    ]  # fmt: skip


def test_the_ladder_is_climbed_within_the_time_a_person_has_to_answer_what_is_urgent() -> None:
    company = load_company(COMPANY)
    before_manager = sum(rung.minutes[Priority.URGENT] for rung in company.ladder[:2])

    assert before_manager <= company.clocks[Priority.URGENT].respond_minutes
