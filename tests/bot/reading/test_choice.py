"""Which model a company reads with: its own while it fits the program, and what doctor says when it does not."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.checks.company import reader
from bot.checks.finding import Finding
from bot.reading.choice import Choice, choose
from bot.reading.loading import load_reader
from bot.settings import Settings
from nlp.model import Model
from nlp.origin import libraries
from nlp.reader import MODEL

AT = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


@pytest.fixture(scope="module")
def shipped() -> Model:
    return Model.load(MODEL)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def train(shipped: Model, file: Path, **made_from: object) -> Path:
    """A company's model, as if trained here and now but for `made_from`."""
    origin = {**shipped.made_from, **libraries(), "corrections": 50, **made_from}
    Model(shipped.vectors, shipped.heads, shipped.weights, shipped.bias, origin).save(file)
    return file


def told(settings: Settings) -> Iterator[Finding]:
    return reader(settings)


def test_without_one_of_its_own_the_shipped_model_reads(settings: Settings) -> None:
    assert choose(settings.model_file) == Choice(MODEL)
    assert [finding.ok for finding in told(settings)] == [True]


def test_a_company_reads_with_its_own(settings: Settings, shipped: Model) -> None:
    train(shipped, settings.model_file)
    assert choose(settings.model_file) == Choice(settings.model_file, corrections=50)
    assert any("学过 50 条" in finding.what for finding in told(settings))


@pytest.mark.parametrize(
    ("changed", "named"), [("corpus", "自带的例子更新了"), ("dictionary", "词典更新了"), ("jieba", "jieba 换了版本")]
)
def test_one_that_does_not_fit_any_more_is_passed_over_and_said(
    settings: Settings, shipped: Model, changed: str, named: str
) -> None:
    train(shipped, settings.model_file, **{changed: "another"})
    assert choose(settings.model_file) == Choice(MODEL, changed)
    (finding,) = [finding for finding in told(settings) if not finding.ok]
    assert named in finding.what
    assert "huixiang train" in finding.advice


def test_a_broken_file_keeps_nobody_from_reading(settings: Settings) -> None:
    settings.model_file.write_bytes(b"no model")
    with capture_logs() as logs:
        reading = load_reader(settings.model_file).understand("厨房没擦干净", AT)
    assert reading.primary == "quality"
    assert [line["event"] for line in logs] == ["own_model_not_used"]
    assert not all(finding.ok for finding in told(settings))
