"""`huixiang train`: what people put right becomes the company's own model, unless that reads worse than before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import run
from bot.settings import Settings
from nlp.learning.examples import CORPUS, Example, read_examples
from nlp.model import Model
from storage import corrections
from storage.database import Database
from storage.migrating import migrate

OWN = Path(__file__).parents[1] / "nlp" / "learning" / "own_words.jsonl"
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Company:
    """A company with a small corpus of two batches, which trains in seconds."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder)

    def corrects(self, examples: Sequence[Example]) -> None:
        migrate(self.settings.url)
        database = Database(self.settings.url)
        with database.write() as tx:
            for number, one in enumerate(examples, start=1):
                corrections.keep(
                    tx, number, {}, sender=one.sender, text=one.text, at=AT, intent=one.intent.value,
                    type=one.primary or "", priority=one.priority or "", anger=one.anger, made_at=AT,
                )  # fmt: skip
        database.close()

    def trains(self, *options: str) -> tuple[int, str]:
        with self.monkeypatch.context() as patch:
            patch.chdir(self.folder)
            patch.setenv("HUIXIANG_DATA_DIR", str(self.folder))
            code = run(["train", "--corpus", str(self.folder / "corpus"), *options])
        out, err = self.capsys.readouterr()
        return code, out + err


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Company:
    lines = (CORPUS / "messages-first.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "corpus").mkdir()
    for name, part in (("messages-a", lines[::2]), ("messages-b", lines[1::2])):
        (tmp_path / "corpus" / f"{name}.jsonl").write_text("".join(part), "utf-8")
    return Company(tmp_path, monkeypatch, capsys)


def test_corrections_become_a_model_and_figures_are_shown(company: Company) -> None:
    company.corrects(list(read_examples([OWN]))[::2])
    code, said = company.trains()
    assert code == 0, said
    assert Model.origin(company.settings.model_file)["corrections"] == 50
    assert "学之前" in said
    assert "公司改过、留着没学的 25 条" in said
    assert "重启" in said


def test_a_model_that_reads_worse_replaces_nothing_unless_forced(company: Company) -> None:
    """Somebody called every complaint an inquiry."""
    wrong = [json.loads(line) for line in (CORPUS / "messages-k.jsonl").read_text("utf-8").splitlines()[:250]]
    lines = [json.dumps({**one, "intent": "inquiry", "primary": None, "secondary": [], "priority": None, "topics": []})
             for one in wrong if one["intent"] == "complaint"]  # fmt: skip
    (company.folder / "wrong.jsonl").write_text("\n".join(lines), "utf-8")
    company.corrects(list(read_examples([company.folder / "wrong.jsonl"])))
    code, said = company.trains()
    assert code == 1
    assert "变差了" in said
    assert not company.settings.model_file.exists()
    assert company.trains("--force")[0] == 0
    assert company.settings.model_file.exists()


def test_without_corrections_there_is_nothing_to_train(company: Company) -> None:
    code, said = company.trains()
    assert code == 0
    assert "不用训练" in said


def test_what_was_learnt_from_erased_words_goes_with_them(company: Company) -> None:
    company.settings.model_file.write_bytes(b"an earlier model")
    assert "删掉了" in company.trains()[1]
    assert not company.settings.model_file.exists()
