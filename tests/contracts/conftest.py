"""One stage for each channel; the tables are made once and copied."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from storage.tables import metadata
from tests.contracts.company import Company
from tests.contracts.stages import Opening, Stage
from tests.contracts.telegram_stage import TelegramStage
from tests.contracts.terminal_stage import TerminalStage
from tests.contracts.web_stage import WebStage

STAGES: dict[str, Opening] = {"web": WebStage, "telegram": TelegramStage, "terminal": TerminalStage}


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and no rows."""
    file = tmp_path_factory.mktemp("blank") / "blank.db"
    engine = create_engine(f"sqlite:///{file}")
    metadata.create_all(engine)
    engine.dispose()
    return file


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest, tmp_path: Path, blank: Path) -> AsyncIterator[Stage]:
    company = Company(tmp_path, blank)
    stage = STAGES[request.param](company)
    await stage.start()
    yield stage
    await stage.close()
    company.close()
