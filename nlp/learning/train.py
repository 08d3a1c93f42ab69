"""Trains the model: linear heads over the features of the corpus, with probabilities made honest on other writers.

Support vector machines beat logistic regression here by one to two points, and learn in seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from domain.labels import CaseType, Hazard, Intent, Priority, Topic
from nlp.eyes import Eyes, Seen
from nlp.features import Vectors, learn_vectors
from nlp.learning.examples import CORRECTIONS, Example, read_examples, training_files
from nlp.model import CALM, Head, Model
from nlp.origin import fingerprint
from nlp.reader import load_nouns
from nlp.weights import Weights

Row = TypeVar("Row")
RAREST = 3
"""A feature that fewer messages have teaches nothing."""
STRENGTH = 1.0
LIGHTEST, FEW = 0.3, 50_000
"""Of the pieces and words: without these reading is as good on other writers, and takes less memory and time. A small
corpus has none to spare."""
CORRECTION_COUNTS = 4.0
"""As many times as an example of the corpus: there are few, and they are what this company's customers say."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a head is taught: from which examples, and the label or labels each of them has."""

    name: str
    kind: Literal["one", "many"]
    about: Callable[[Example, Seen], bool]
    answer: Callable[[Example, Seen], tuple[str, ...]]


def _complains(example: Example, seen: Seen) -> bool:
    return example.intent is Intent.COMPLAINT


def _endangers(example: Example, seen: Seen) -> bool:
    return example.priority is Priority.URGENT and example.primary is CaseType.SAFETY and bool(_hazard(example, seen))


def _hazard(example: Example, seen: Seen) -> Hazard | None:
    """The writer told, or the dictionary knows its name; the model learns to see it where the dictionary does not."""
    return example.hazard or seen.opinion.hazard


def _danger(example: Example) -> str:
    """Asked of all messages, so that it learns from those that only sound like danger, too."""
    return str(Priority.URGENT) if example.priority is Priority.URGENT else CALM


QUESTIONS = (
    Question("what", "one", lambda example, seen: True, lambda example, seen: (example.label,)),
    Question("primary", "one", _complains, lambda example, seen: (str(example.primary),)),
    Question("named", "many", _complains, lambda example, seen: (str(example.primary), *map(str, example.secondary))),
    Question("priority", "one", _complains, lambda example, seen: (str(example.priority),)),
    Question("danger", "one", lambda example, seen: True, lambda example, seen: (_danger(example),)),
    Question("hazard", "one", _endangers, lambda example, seen: (str(_hazard(example, seen)),)),
    Question("anger", "one", lambda example, seen: True, lambda example, seen: (str(example.anger),)),
    Question(
        "topic", "many", lambda example, seen: bool(example.topics),
        lambda example, seen: tuple(map(str, example.topics)),
    ),
)  # fmt: skip
_CHOICES = {"named": tuple(map(str, CaseType)), "topic": tuple(map(str, Topic))}


def train(examples: Sequence[Example], eyes: Eyes, made_from: dict[str, Any] | None = None) -> Model:
    """A model of all examples. How sure it may be is learnt on writers it was not taught by."""
    seen = [eyes.look(example.text, example.sender) for example in examples]
    known, others = split(examples)
    trial = fit(chosen(examples, known), chosen(seen, known))
    heads = honest_heads(trial, chosen(examples, others), chosen(seen, others))
    return as_sure_as(heads, fit(examples, seen), made_from or {})


def as_sure_as(heads: Sequence[Head], model: Model, made_from: dict[str, Any]) -> Model:
    """The model with the scales that a smaller one was found honest with, which may not have met the rarest labels."""
    scaled = tuple(replace(own, scale=other.scale) for own, other in zip(model.heads, heads, strict=True))
    return Model(model.vectors, scaled, model.weights, model.bias, made_from)


def split(examples: Sequence[Example]) -> tuple[list[int], list[int]]:
    """(those to teach, every fourth batch to ask); what a company corrected is never asked about.

    Raises `ValueError` when there are not two batches at least.
    """
    asked = set(sorted({example.batch for example in examples} - {CORRECTIONS})[::4])
    known = [number for number, example in enumerate(examples) if example.batch not in asked]
    others = [number for number, example in enumerate(examples) if example.batch in asked]
    if not known or not others:
        raise ValueError("the corpus needs messages of two batches at least")
    return known, others


def chosen(rows: Sequence[Row], numbers: Sequence[int]) -> list[Row]:
    return [rows[number] for number in numbers]


def fit(examples: Sequence[Example], seen: Sequence[Seen]) -> Model:
    """The heads as they come out, not yet honest about how sure they are."""
    vectors = learn_vectors([one.features for one in seen], RAREST)
    rows = matrix(vectors, seen)
    taught = [_teach(question, rows, examples, seen) for question in QUESTIONS]
    heads, weights, bias = zip(*taught, strict=True)
    kept, whole = _weighty(vectors, together := np.hstack(weights)), np.concatenate(bias)
    return Model(vectors.only(kept), heads, Weights.of(together[kept]), whole, {})


def _weighty(vectors: Vectors, weights: NDArray[np.float32]) -> NDArray[np.intp]:
    """The columns that can move an answer, for any label; all that is neither a piece nor a word stays."""
    many = np.array([name[0] in "cw" for name in vectors.names])
    if many.sum() < FEW:
        return np.arange(len(many))
    most = np.abs(weights).max(axis=1) * vectors.idf
    return np.flatnonzero(~many | (most > np.quantile(most[many], LIGHTEST)))


def _teach(
    question: Question, rows: csr_matrix, examples: Sequence[Example], seen: Sequence[Seen]
) -> tuple[Head, NDArray[np.float32], NDArray[np.float32]]:
    asked, answers = _lesson(question, examples, seen)
    counts = [CORRECTION_COUNTS if examples[number].batch == CORRECTIONS else 1.0 for number in asked]
    if question.kind == "one":
        learner = _learner().fit(rows[asked], [answer[0] for answer in answers], counts)
        head = Head(question.name, tuple(map(str, learner.classes_)), "one")
        weights, bias = learner.coef_, learner.intercept_
        if len(head.labels) == 2:  # for two labels scikit-learn keeps one row, that of the second
            weights, bias = np.vstack((-weights, weights)), np.concatenate((-bias, bias))
        return head, weights.T.astype(np.float32), bias.astype(np.float32)
    head = Head(question.name, _CHOICES[question.name], "many")
    learners = [_learner().fit(rows[asked], [label in answer for answer in answers], counts) for label in head.labels]
    stacked = np.hstack([learner.coef_.T for learner in learners])
    return head, stacked.astype(np.float32), np.concatenate([each.intercept_ for each in learners]).astype(np.float32)


def _lesson(
    question: Question, examples: Sequence[Example], seen: Sequence[Seen]
) -> tuple[list[int], list[tuple[str, ...]]]:
    """Which examples a question is put to, and the right answers."""
    asked = [number for number, pair in enumerate(zip(examples, seen, strict=True)) if question.about(*pair)]
    return asked, [question.answer(examples[number], seen[number]) for number in asked]


def _learner() -> LinearSVC:
    return LinearSVC(C=STRENGTH, random_state=1)


def matrix(vectors: Vectors, seen: Sequence[Seen]) -> csr_matrix:
    """A row for each message."""
    found = [vectors.vector(one.features) for one in seen]
    ends = np.cumsum([0, *(len(columns) for columns, _ in found)])
    columns = np.concatenate([columns for columns, _ in found])
    values = np.concatenate([values for _, values in found])
    return csr_matrix((values, columns, ends), shape=(len(seen), len(vectors.idf)))


def honest_heads(model: Model, examples: Sequence[Example], seen: Sequence[Seen]) -> tuple[Head, ...]:
    """Each head with the scale at which its probabilities come true for these, whose writers it does not know."""
    raw = matrix(model.vectors, seen) @ model.weights.floats() + model.bias
    heads, at = [], 0
    for head, question in zip(model.heads, QUESTIONS, strict=True):
        asked, answers = _lesson(question, examples, seen)
        truth = np.array([[label in answer for label in head.labels] for answer in answers])
        heads.append(_honest(head, raw[asked, at : at + len(head.labels)], truth))
        at += len(head.labels)
    return tuple(heads)


def _honest(head: Head, raw: NDArray[np.float32], truth: NDArray[np.bool_]) -> Head:
    """The scale with the least surprise."""

    def surprise(scale: float) -> float:
        likely = replace(head, scale=scale).probabilities(raw)
        return float(-np.log(np.clip(np.where(truth, likely, 1 if head.kind == "one" else 1 - likely), 1e-9, 1)).mean())

    return replace(head, scale=float(minimize_scalar(surprise, bounds=(0.2, 20.0), method="bounded").x))


def make(corpus: Path, file: Path) -> Model:
    """Train on a folder's examples, and keep the model in `file`."""
    files = training_files(corpus)
    examples = list(read_examples(files))
    model = train(examples, Eyes.load(load_nouns().all()), {**fingerprint(files), "examples": len(examples)})
    model.save(file)
    return model
