"""What words are about: words that mean alike lie close, and a file that holds something else is told apart."""

from pathlib import Path

import numpy as np
import pytest

from nlp.meanings import SIZE, Meanings


@pytest.fixture(scope="module")
def meanings() -> Meanings:
    return Meanings.load()


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [("煤气", "瓦斯", "窗帘"), ("晕倒", "昏迷", "打折"), ("医院", "急诊", "发票"), ("警察", "派出所", "拖把")],
)
def test_words_that_mean_alike_lie_close(meanings: Meanings, word: str, near: str, far: str) -> None:
    here = meanings.mean([word])
    assert here @ meanings.mean([near]) > here @ meanings.mean([far]) + 0.1


def test_a_message_is_the_mean_of_its_known_words(meanings: Meanings) -> None:
    mean = meanings.mean(["煤气", "☃☃☃", "味"])
    assert mean @ mean == pytest.approx(1, abs=1e-5)
    assert mean == pytest.approx(meanings.mean(["味", "煤气"]), abs=1e-5)


def test_nothing_known_is_nothing(meanings: Meanings) -> None:
    assert not meanings.mean(["☃☃☃"]).any()
    assert meanings.mean([]).shape == (SIZE,)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    vectors = np.array([[1.0, -0.5], [0.0, 0.0], [0.25, 3.0]], np.float32)
    made = Meanings.of(["一", "二", "三"], vectors)
    made.save(tmp_path / "words.npz")
    again = Meanings.load(tmp_path / "words.npz")
    for word, vector in zip("一三", vectors[[0, 2]], strict=True):
        assert again.mean([word]) == pytest.approx(vector / np.linalg.norm(vector), abs=0.01)
    assert not again.mean(["二"]).any()


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_file_that_is_something_else_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "words.npz"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"words\.npz"):
        Meanings.load(file)
