"""The trained part of reading: linear models over the features of a message, answered with numpy alone.

Stored as plain arrays and JSON: loading it can run no code. `nlp.learning` makes it.
"""

import io
import json
import math
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features, Indices, Values, Vectors
from nlp.weights import Floats, Weights

_REASONS = 24
CALM = "calm"
"""What the head for danger calls everything that is not urgent."""
Scores = dict[str, float]
"""Calibrated probability by label."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question put to a message. `one` of the labels holds, or `many` may; `scale` makes probabilities honest."""

    name: str
    labels: tuple[str, ...]
    kind: Literal["one", "many"]
    scale: float = 1.0

    def scores(self, scaled: list[float]) -> Scores:
        """The probabilities of one message; for so few numbers plain Python is faster than numpy."""
        if self.kind == "many":
            return {label: 1 / (1 + math.exp(-one)) for label, one in zip(self.labels, scaled, strict=True)}
        greatest = max(scaled)
        odds = [math.exp(one - greatest) for one in scaled]
        whole = sum(odds)
        return {label: one / whole for label, one in zip(self.labels, odds, strict=True)}

    def probabilities(self, raw: Floats) -> Floats:
        """The same for many messages, a row for each, with the labels in their order; `raw` is not scaled yet."""
        scaled = raw * np.float32(self.scale)
        if self.kind == "many":
            alone: Floats = 1 / (1 + np.exp(-scaled))
            return alone
        odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        shares: Floats = odds / odds.sum(axis=-1, keepdims=True)
        return shares


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says about one message: probabilities by head, and the features it knew with their values and
    their rows of weights, in the units of the columns."""

    scores: dict[str, Scores]
    columns: Indices
    values: Values
    rows: Floats


class Model:
    """`weights` has a row for each feature and a column for each label of every head, in the order of `heads`."""

    def __init__(
        self, vectors: Vectors, heads: tuple[Head, ...], weights: Weights, bias: Floats,
        made_from: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.vectors = vectors
        self.heads = heads
        self.weights = weights
        self.bias = bias
        self.made_from = made_from
        scales = np.concatenate([np.full(len(head.labels), head.scale, np.float32) for head in heads])
        self._units, self._offset = weights.units * scales, bias * scales
        labels = ((head.name, label) for head in heads for label in head.labels)
        self._column = {label: column for column, label in enumerate(labels)}

    def read(self, seen: Features) -> dict[str, Scores]:
        """The probabilities of every head by its name."""
        return self.answer(seen).scores

    def answer(self, seen: Features) -> "Answer":
        """The probabilities, with the features they came from."""
        columns, values = self.vectors.vector(seen)
        rows = self.weights.rows(columns)
        scaled = iter((values @ rows * self._units + self._offset).tolist())
        scores = {head.name: head.scores(list(islice(scaled, len(head.labels)))) for head in self.heads}
        return Answer(scores, columns, values, rows)

    def because(self, answer: "Answer", head: str, label: str) -> Iterator[str]:
        """The features of the message that speak for a label and can be shown, the strongest first."""
        parts = answer.values * answer.rows[:, self._column[head, label]]
        order = parts.argsort()[: -_REASONS - 1 : -1]
        for column, part in zip(answer.columns[order].tolist(), parts[order].tolist(), strict=True):
            if part <= 0:
                return
            if not (name := self.vectors.name(column)).startswith("m"):
                yield name

    def save(self, file: Path) -> None:
        """Written beside and renamed: a reader never sees half a file."""
        about = {
            "made_from": self.made_from,
            "features": self.vectors.names,
            "heads": [[head.name, head.labels, head.kind, head.scale] for head in self.heads],
        }
        arrays: dict[str, Any] = {
            "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode("utf-8", "surrogatepass"), np.uint8),
            "idf": self.vectors.idf.astype(np.float16),
            "weights": self.weights.small,
            "units": self.weights.units,
            "bias": self.bias,
        }
        held = io.BytesIO()
        np.savez_compressed(held, allow_pickle=False, **arrays)
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".part")
        beside.write_bytes(held.getvalue())
        beside.replace(file)

    @staticmethod
    def origin(file: Path) -> dict[str, Any]:
        """What the model in a file was made from. Raises `OSError` or `ValueError` as `load` does."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                made_from: dict[str, Any] = _about(arrays)["made_from"]
        except (KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file.name} is no model") from error
        return made_from

    @classmethod
    def load(cls, file: Path) -> "Model":
        """Raises `OSError` or `ValueError` for a file that is missing or no model."""
        try:
            with np.load(file, allow_pickle=False) as arrays:
                about = _about(arrays)
                idf, bias = arrays["idf"].astype(np.float32), arrays["bias"]
                weights = Weights(arrays["weights"], arrays["units"])
        except (KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"{file.name} is no model") from error
        heads = tuple(Head(name, tuple(labels), kind, scale) for name, labels, kind, scale in about["heads"])
        return cls(Vectors(about["features"], idf), heads, weights, bias, about["made_from"])


def _about(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(arrays["about"].tobytes().decode("utf-8", "surrogatepass"))
    return about
