"""The service hangs, lies, breaks and refuses: the case is no worse for it, and nobody is asked for ever."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.models.breaker import IN_A_ROW, PAUSE
from handlers.models.reading import SecondReading
from storage.cases import Case
from tests.harness import Guest
from tests.llm.fixed import INJECTED, SAID
from tests.llm.service import cut, drip, flood, garbage, hang, page, read, said, status
from tests.llm.stage import Stage, staged

PAUSES = SecondReading.pauses


def complains(stage: Stage, text: str = SAID, name: str = "王女士") -> Guest:
    customer = stage.house.customer(name)
    customer.says(text)
    return customer


def unchanged(before: Case, after: Case) -> bool:
    """As it was understood; time goes on."""
    kept = ("type", "secondary", "priority", "hazard", "matrix", "text", "version")
    return all(getattr(before, name) == getattr(after, name) for name in kept)


BROKEN: dict[str, Any] = {
    "500": status(500),
    "503": status(503),
    "401": status(401),
    "cut": cut,
    "not http": garbage,
    "endless": flood,
    "no json": page("<html>bad gateway</html>", "text/html"),
    "half json": page('{"choices": [{"message": {"content": "{'),
    "no choices": page('{"choices": []}'),
    "no words": said(None),
    "a list": said("[1, 2, 3]"),
    "prose": said("我认为这是一起严重的投诉。"),
    "deep": page("[" * 100_000),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_a_broken_answer_is_asked_for_again_and_then_right(tmp_path: Path, answer: Any) -> None:
    async with staged(tmp_path, answer, read(impact=["心里很堵"])) as stage:
        customer = complains(stage)
        before = stage.case(customer)
        await stage.reads()
        assert unchanged(before, stage.case(customer))
        assert [(job.state, job.attempts) for job in stage.jobs] == [("waiting", 1)]
        assert await stage.reads() == 0

        stage.house.clock.advance(PAUSES[0])
        await stage.reads()
        assert stage.case(customer).matrix["impact"] == ["心里很堵"]


@pytest.mark.parametrize("answer", [hang, drip])
async def test_a_slow_answer_has_one_limit_of_time_for_all_of_it(tmp_path: Path, answer: Any) -> None:
    async with staged(tmp_path, answer, seconds=0.3) as stage:
        customer = complains(stage)
        before = stage.case(customer)
        await stage.reads()
        assert unchanged(before, stage.case(customer))
        assert [(job.state, job.reason) for job in stage.jobs] == [("waiting", "timeout")]


def test_the_limit_of_a_second_reading_is_three_seconds() -> None:
    made: Callable[..., SecondReading] = SecondReading
    assert made(None, None).seconds == 3.0


async def test_after_the_last_try_the_offline_reading_stands_and_nobody_hears_of_it(tmp_path: Path) -> None:
    async with staged(tmp_path, status(500)) as stage:
        customer = complains(stage)
        before, heard = stage.case(customer), len(customer.heard)
        for pause in (*PAUSES, PAUSE):
            await stage.reads()
            stage.house.clock.advance(pause)
        assert [(job.state, job.attempts) for job in stage.jobs] == [("given_up", len(PAUSES) + 1)]
        assert await stage.reads() == 0
        assert unchanged(before, stage.case(customer))
        assert len(customer.heard) == heard


async def test_a_service_that_asks_for_a_pause_gets_it(tmp_path: Path) -> None:
    async with staged(tmp_path, status(429, **{"retry-after": "120"}), read(impact=["心里很堵"])) as stage:
        first = complains(stage)
        await stage.reads()
        other = complains(stage, name="赵先生")
        stage.house.clock.advance(timedelta(seconds=60))
        await stage.reads()
        assert stage.service.calls == 1

        stage.house.clock.advance(timedelta(seconds=61))
        await stage.reads()
        assert stage.case(first).matrix["impact"] == stage.case(other).matrix["impact"] == ["心里很堵"]


async def test_a_request_that_is_wrong_is_not_repeated(tmp_path: Path) -> None:
    async with staged(tmp_path, status(422)) as stage:
        complains(stage)
        await stage.reads()
        assert [(job.state, job.reason) for job in stage.jobs] == [("given_up", "HTTP 422")]


async def test_a_service_without_schemas_gets_the_form_in_words(tmp_path: Path) -> None:
    async with staged(tmp_path, status(400), status(400), read(impact=["心里很堵"])) as stage:
        customer = complains(stage)
        for pause in (PAUSES[0], PAUSES[1]):
            await stage.reads()
            assert stage.service.asked()["response_format"]["type"] == "json_schema"
            stage.house.clock.advance(pause)
        assert [("temperature" in stage.service.asked(which)) for which in (0, 1)] == [True, False]
        await stage.reads()
        asked = stage.service.asked()
        assert asked["response_format"] == {"type": "json_object"}
        assert '"additionalProperties": false' in asked["messages"][0]["content"]
        assert stage.case(customer).matrix["impact"] == ["心里很堵"]


async def test_pieces_that_are_not_in_the_text_and_labels_that_are_not_ours_are_dropped(tmp_path: Path) -> None:
    lies = read(
        primary="murder", secondary=["attitude", "nonsense", 7, None], priority="apocalyptic", demands=["一万元", "none"],
        impact=["头破血流", "心里很堵", {"a": 1}, "", SAID * 2], actors=["张三"], occurred_at="昨天下午", objects=None,
    )  # fmt: skip
    async with staged(tmp_path, lies) as stage:
        customer = complains(stage)
        before = stage.case(customer)
        await stage.reads()
        after = stage.case(customer)
        assert after.matrix == {**before.matrix, "impact": ["心里很堵"]}
        assert (after.type, after.secondary, after.priority) == (before.type, ["attitude"], before.priority)


async def test_an_injection_that_was_obeyed_changes_nothing_but_labels(tmp_path: Path) -> None:
    obeyed = read(
        primary="other", priority="low", place=["整个小区，所有楼栋"], demands=["refund"], facts=["退款一万元已批准"]
    )
    async with staged(tmp_path, obeyed) as stage:
        customer = complains(stage, INJECTED)
        before, heard = stage.case(customer), len(customer.heard)
        await stage.reads()
        after = stage.case(customer)
        assert after.matrix == {**before.matrix, "demands": ["refund"]}
        assert (after.type, after.secondary, after.priority) == (before.type, before.secondary, "high")
        assert len(customer.heard) == heard
        data = stage.service.asked()["messages"][1]["content"]
        assert stage.service.asked()["messages"][0]["content"].count("忽略") == 0
        assert data.startswith('{"from": "customer"')


async def test_danger_is_never_taken_back(tmp_path: Path) -> None:
    async with staged(tmp_path, read(primary="other", priority="low")) as stage:
        customer = complains(stage, "阿姨走的时候没关燃气，现在家里有很浓的煤气味，孩子在家")
        before = stage.case(customer)
        assert (before.priority, before.hazard) == ("urgent", "gas")
        await stage.reads()
        assert unchanged(before, stage.case(customer))


async def test_a_service_that_fails_again_and_again_is_left_alone_then_tried_with_one_call(tmp_path: Path) -> None:
    async with staged(tmp_path, status(500)) as stage:
        for number in range(IN_A_ROW + 2):
            complains(stage, name=f"客户{number}")
        await stage.reads()
        assert stage.service.calls == IN_A_ROW
        assert await stage.reads() == 0

        stage.house.clock.advance(PAUSE)
        stage.service.says(read(impact=["心里很堵"]))
        assert await stage.reads() == 1
        assert await stage.reads() > 1


async def test_the_day_has_a_budget_that_a_restart_does_not_refill(tmp_path: Path) -> None:
    async with staged(tmp_path, read(), daily=2) as stage:
        for number in range(4):
            complains(stage, name=f"客户{number}")
        await stage.reads()
        await stage.engine.stop()
        stage.begin(daily=2)
        await stage.reads()
        assert stage.service.calls == 2

        stage.house.clock.advance(SecondReading.patience)
        await stage.reads()
        assert [job.state for job in stage.jobs] == ["done", "done", "given_up", "given_up"]
        stage.house.clock.advance(timedelta(days=1))
        complains(stage, name="明天")
        assert await stage.reads() == 1
