"""One stage for each channel, and one over the other database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import databases
from tests.contracts.company import Company
from tests.contracts.stages import Opening, Stage
from tests.contracts.telegram_stage import PtbStage, TelegramStage
from tests.contracts.terminal_stage import TerminalStage
from tests.contracts.web_stage import WebStage

STAGES: dict[str, Opening] = {"web": WebStage, "telegram": TelegramStage, "ptb": PtbStage, "terminal": TerminalStage}


OVER = [(name, databases.SQLITE) for name in STAGES] + [("web", databases.POSTGRES)]


@pytest.fixture(params=OVER, ids="-".join)
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    channel, on = request.param
    company = Company(tmp_path, on)
    stage = STAGES[channel](company)
    await stage.start()
    yield stage
    await stage.close()
    company.close()
