"""`huixiang doctor` says whether the service of models answers, and what to put right when it does not."""

import asyncio
from pathlib import Path

import pytest

from bot.checks.finding import Finding
from bot.checks.services import models
from bot.settings import load_settings
from tests.handlers.receiver import Answer
from tests.llm.service import page, serving, status

NOWHERE = Path("no-such-file.env")


async def findings(folder: Path, answer: Answer) -> list[Finding]:
    async with serving(answer) as service:
        given = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": service.url, "HUIXIANG_LLM_MODEL": "reader"}
        settings = load_settings({**given, "HUIXIANG_DATA_DIR": str(folder)}, NOWHERE)
        return await asyncio.to_thread(lambda: list(models(settings)))


async def test_a_service_that_answers_is_well(tmp_path: Path) -> None:
    (found,) = await findings(tmp_path, page('{"data": [{"id": "reader"}]}'))
    assert found.ok
    assert "每天最多 500 次" in found.what


@pytest.mark.parametrize(
    ("answer", "advice"),
    [(status(401), "OPENAI_API_KEY"), (page('{"data": [{"id": "other"}]}'), "HUIXIANG_LLM_MODEL")],
)
async def test_what_is_wrong_is_named(tmp_path: Path, answer: Answer, advice: str) -> None:
    found = await findings(tmp_path, answer)
    assert [advice in one.advice for one in found if not one.ok] == [True]


async def test_a_service_without_a_list_of_models_is_well(tmp_path: Path) -> None:
    assert all(one.ok for one in await findings(tmp_path, page("nothing here", "text/plain")))


def test_nothing_answers_where_nobody_listens(tmp_path: Path) -> None:
    given = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "HUIXIANG_LLM_MODEL": "reader"}
    (found,) = models(load_settings(given, NOWHERE))
    assert not found.ok
    assert "OPENAI_BASE_URL" in found.advice


def test_without_models_all_is_well(tmp_path: Path) -> None:
    assert [one.ok for one in models(load_settings({"HUIXIANG_DATA_DIR": str(tmp_path)}, NOWHERE))] == [True]
