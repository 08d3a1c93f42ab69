"""Simpler readers of the same messages, to know what the whole is worth: the dictionary alone, and words alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from domain.labels import CaseType, Intent, Priority, Topic
from nlp.cutter import Cutter, load_frequencies
from nlp.eyes import Eyes
from nlp.learning.examples import Example
from nlp.learning.scoring import Reading
from nlp.rules.opinion import Opinion

STRENGTH = 10.0
"""Of 1, 10 and 100 the one with the best figures for this peer."""


class Peer(Protocol):
    """Reads one message after the other."""

    def read(self, example: Example) -> Reading: ...


class DictionaryAlone:
    """Our rules, without anything learnt."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes

    def read(self, example: Example) -> Reading:
        return self._eyes.look(example.text, example.sender).opinion


class WordsAlone:
    """The textbook's reader: jieba's words, weighed by TF-IDF, and logistic regression."""

    def __init__(self, examples: Sequence[Example]) -> None:
        cutter = Cutter(load_frequencies(), ())
        cut = TfidfVectorizer(analyzer=lambda text: [word for word, _, _ in cutter.cut(text)], sublinear_tf=True)
        self._weigher = cut.fit([one.text for one in examples])
        complaints = [one for one in examples if one.intent is Intent.COMPLAINT]
        inquiries = [one for one in examples if one.intent is Intent.INQUIRY]
        self._what = self._learn(examples, lambda one: one.label)
        self._anger = self._learn(examples, lambda one: one.anger)
        self._priority = self._learn(complaints, lambda one: str(one.priority))
        self._secondary = self._learn_sets(complaints, lambda one: one.secondary)
        self._topics = self._learn_sets(inquiries, lambda one: one.topics)

    def read(self, example: Example) -> Reading:
        row = self._weigher.transform([example.text])
        odds = self._what.predict_proba(row)[0]
        kind, _, name = self._what.classes_[odds.argmax()].partition(".")
        sure, anger = float(odds.max()), int(self._anger.predict(row)[0])
        if kind == "intent":
            topics = self._topics.named(row) if name == Intent.INQUIRY else []
            return Opinion(Intent(name), sure, anger, tuple(map(Topic, topics)))
        others = tuple(CaseType(one) for one in self._secondary.named(row) if one != name)
        priority = Priority(self._priority.predict(row)[0])
        return Opinion(Intent.COMPLAINT, sure, anger, (), CaseType(name), others, priority)

    def _learn(self, examples: Sequence[Example], answer: Callable[[Example], str | int]) -> LogisticRegression:
        rows = self._weigher.transform([one.text for one in examples])
        return LogisticRegression(C=STRENGTH, max_iter=300).fit(rows, [answer(one) for one in examples])

    def _learn_sets(self, examples: Sequence[Example], answer: Callable[[Example], Sequence[str]]) -> "_Sets":
        rows = self._weigher.transform([one.text for one in examples])
        binary = MultiLabelBinarizer()
        truth = binary.fit_transform([list(map(str, answer(one))) for one in examples])
        learner = OneVsRestClassifier(LogisticRegression(C=STRENGTH, max_iter=300))
        return _Sets(learner.fit(rows, truth), binary.classes_)


@dataclass(frozen=True, slots=True)
class _Sets:
    """Several labels may hold at once."""

    learner: OneVsRestClassifier
    labels: Sequence[str]

    def named(self, row: csr_matrix) -> list[str]:
        return [label for label, holds in zip(self.labels, self.learner.predict(row)[0], strict=True) if holds]
