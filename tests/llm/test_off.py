"""Without a key everything works and `openai` is not even imported; what an earlier process left behind is settled."""

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import load_settings
from bot.wiring import Huixiang
from handlers.models import leftovers
from tests.bot.processes import ROOT
from tests.llm.fixed import SAID
from tests.llm.service import heard
from tests.llm.stage import staged

NOWHERE = Path("no-such-file.env")
PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.settings import load_settings
from bot.wiring import Huixiang

async def main():
    house = Huixiang(load_settings(env_file=Path("no-such-file.env")), "http://127.0.0.1:1")
    await house.start()
    await asyncio.sleep(float(sys.argv[1]))
    await house.stop()
    print(sorted({"openai", "httpx2"} & set(sys.modules)))

asyncio.run(main())
"""


def imported(folder: Path, seconds: str, **settings: str) -> str:
    """Which of the heavy modules a company has in memory after so many seconds."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("HUIXIANG_", "OPENAI_"))}
    environment = {**known, "HUIXIANG_DATA_DIR": str(folder), **settings}
    asked = [sys.executable, "-c", PROGRAM, seconds]
    return subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=60).stdout.strip()


def test_openai_is_not_imported_without_a_key(tmp_path: Path) -> None:
    assert imported(tmp_path, "0") == "[]"


def test_a_key_that_happens_to_be_there_changes_nothing(tmp_path: Path) -> None:
    assert imported(tmp_path, "0", OPENAI_API_KEY="sk-of-something-else") == "[]"


async def test_a_company_with_models_starts_and_stops_before_they_are_loaded(tmp_path: Path) -> None:
    given = {"OPENAI_API_KEY": "k", "HUIXIANG_LLM_MODEL": "m", "HUIXIANG_STT_MODEL": "s"}
    settings = load_settings({**given, "HUIXIANG_DATA_DIR": str(tmp_path)}, NOWHERE)
    house = Huixiang(settings, "http://127.0.0.1:1")
    await house.start()
    assert house.core.world.reads_again
    assert house.core.world.listens
    await house.stop()


async def test_what_was_put_down_before_the_models_were_taken_away_is_settled(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好")) as stage:
        reader, speaker = stage.house.customer(), stage.house.customer("赵先生")
        reader.says(SAID)
        stage.speaks(speaker)
        await leftovers.settle(stage.engine, reads=False, hears=False)
        await stage.engine.call(lambda tx: None)
        assert [job.state for job in stage.jobs] == ["given_up", "given_up"]
        assert [one.key for one in speaker.news()] == ["voice.not_heard", "showing.ask"]
        assert stage.service.calls == 0
