"""What a model was made from, and whether that is still so."""

from pathlib import Path

import pytest

from nlp.learning.examples import training_files
from nlp.model import Model
from nlp.origin import digest, fingerprint, misfit
from nlp.reader import MODEL


@pytest.mark.parametrize("part", ["corpus", "dictionary"])
def test_the_shipped_model_was_made_from_what_is_shipped(part: str) -> None:
    now = fingerprint(training_files())
    assert Model.origin(MODEL)[part] == now[part], f"the {part} has changed: run python -m nlp.learning"


@pytest.mark.parametrize("part", ["corpus", "dictionary", "jieba", "scikit-learn"])
def test_what_changed_is_named(part: str) -> None:
    now = fingerprint(training_files())
    assert misfit(now, now) == ""
    assert misfit({**now, part: "another"}, now) == part
    assert misfit({}, now) == "corpus"


def test_the_shipped_models_own_libraries_do_not_matter() -> None:
    """It is read by whatever is installed; a company's model was trained with just that."""
    now = fingerprint(training_files())
    assert misfit(now, {**now, "numpy": "1.0", "jieba": "0.1"}) == ""


def test_line_ends_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\ntwo\n")
    unix = digest([tmp_path / "a"])
    (tmp_path / "a").write_bytes(b"one\r\ntwo\r\n")
    assert digest([tmp_path / "a"]) == unix
