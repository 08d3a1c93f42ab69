"""What words are about, as a few numbers each: words that mean alike lie close, those too that no example has.

From the corpus alone a model knows the words it has met. These numbers were made once, by a sentence encoder that read
the web (`nlp.learning.meanings`); a message is the mean of its words, the rare ones first.
"""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

MEANINGS = Path(__file__).parent / "meanings.npz"
SIZE = 64
Numbers = NDArray[np.float32]


class Meanings:
    """`rows` of `small` (words, SIZE) by word; `units` (words,) has how much each weighs."""

    def __init__(self, rows: Mapping[str, int], small: NDArray[np.int8], units: Numbers) -> None:
        self._rows = rows
        self._small = small
        self._units = units

    @classmethod
    def of(cls, words: Iterable[str], vectors: Numbers) -> Self:
        """Kept as whole numbers from -127 to 127, each word with a unit of its own."""
        units = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
        small = np.round(vectors / np.where(units, units, 1)[:, None]).astype(np.int8)
        return cls({word: row for row, word in enumerate(words)}, small, units)

    def mean(self, words: Iterable[str]) -> Numbers:
        """(SIZE,), of length one; nothing but zeros when no word is known."""
        known = [row for word in words if (row := self._rows.get(word)) is not None]
        mean: Numbers = self._units[known] @ self._small[known].astype(np.float32)
        return mean / (float(np.sqrt(mean @ mean)) or 1)

    def save(self, file: Path) -> None:
        words = np.frombuffer("\n".join(self._rows).encode(), np.uint8)
        arrays: dict[str, Any] = {"words": words, "small": self._small, "units": self._units}
        np.savez_compressed(file, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, file: Path = MEANINGS) -> Self:
        """Raises `OSError` or `ValueError` for a file that is missing or holds something else."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                words = arrays["words"].tobytes().decode().split("\n")
                return cls({word: row for row, word in enumerate(words)}, arrays["small"], arrays["units"])
        except (KeyError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file.name} holds no meanings") from error
