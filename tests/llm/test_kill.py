"""Killed between the question and its result: nothing is lost, nothing comes twice."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot import errand
from bot.settings import load_settings
from domain.events import Incoming, StaffActed
from tests.crash.process import Serving
from tests.llm.fixed import SAID
from tests.llm.service import hang, heard, read, serving
from tests.llm.stage import staged

NOWHERE = Path("no-such-file.env")


async def test_a_question_under_way_at_a_kill_is_asked_again_and_answered_once(tmp_path: Path) -> None:
    async with staged(tmp_path, hang, read(impact=["心里很堵"])) as stage:
        customer = stage.house.customer()
        customer.says(SAID)
        asking = asyncio.create_task(stage.reads())
        await stage.service.called()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await stage.engine.stop()
        assert [job.state for job in stage.jobs] == ["asking"]

        stage.begin()
        await stage.reads()
        assert len(stage.timeline(customer, "read_again")) == 1
        assert [(job.state, job.attempts) for job in stage.jobs] == [("done", 2)]


async def test_a_result_that_came_before_the_kill_is_not_asked_for_again(tmp_path: Path) -> None:
    async with staged(tmp_path, heard(SAID)) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await stage.listens()
        await stage.engine.stop()
        stage.begin()
        assert await stage.listens() == 0
        assert stage.service.calls == 1
        assert len(stage.timeline(customer, "opened")) == 1


async def test_a_process_killed_while_the_model_thinks_brings_its_result_after_the_next_start(tmp_path: Path) -> None:
    async with serving(hang) as service:
        given = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": service.url, "HUIXIANG_LLM_MODEL": "reader"}
        settings = load_settings({**given, "HUIXIANG_DATA_DIR": str(tmp_path)}, NOWHERE)
        event = StaffActed("open_case", None, {"text": SAID, "origin": "staff"})
        await asyncio.to_thread(errand.run, settings, [Incoming("api", "1", "case", event)])
        async with Serving(tmp_path, **given) as process:
            await process.start()
            await service.called()
            await process.kill()
            service.says(read(impact=["心里很堵"]))
            await process.start()
            await _ended(tmp_path / "huixiang.db")
            assert await process.stop() == 0
    with closing(sqlite3.connect(tmp_path / "huixiang.db")) as rows:
        assert rows.execute("SELECT state, attempts FROM job").fetchall() == [("done", 2)]
        assert rows.execute("SELECT count(*) FROM inbox WHERE source = 'job'").fetchone() == (1,)
        assert rows.execute("SELECT count(*) FROM cases").fetchone() == (1,)


async def _ended(database: Path) -> None:
    async with asyncio.timeout(30):
        while True:
            with closing(sqlite3.connect(database, timeout=10)) as rows:
                (left,) = rows.execute("SELECT count(*) FROM job WHERE ended_at IS NULL").fetchone()
                (new,) = rows.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()
            if not left and not new:
                return
            await asyncio.sleep(0.05)
