"""Fifty corrections of a company's own way of talking help with further messages of that kind, and harm no others.

`own_words.jsonl` is a company where 小禾 comes, 禾卡 pays in 格, and a 空窗 means that nobody came. Every other message
is a correction; the rest is what is asked afterwards.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nlp.eyes import Eyes
from nlp.learning.company import Figures, Share, Trial, learn, measured
from nlp.learning.examples import CORRECTIONS, Example, read_examples, training_files
from nlp.learning.train import train
from nlp.model import Model
from nlp.reader import load_nouns

OWN = Path(__file__).parent / "own_words.jsonl"
SMALL = ("messages-first", "messages-l")
FIFTY = 50
SECRET = "我是欧阳若兰，电话13987654321，今天又空窗"


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes.load(load_nouns().all())


def own_words() -> tuple[list[Example], list[Example]]:
    """(fifty corrections, fifty messages to ask afterwards)."""
    found = [replace(one, batch=CORRECTIONS) for one in read_examples([OWN])]
    return found[::2], found[1::2]


def asked(model: Model, examples: Sequence[Example], eyes: Eyes) -> Figures:
    return measured(model, examples, [eyes.look(one.text, one.sender) for one in examples])


def check(corpus: list[Example], eyes: Eyes) -> tuple[Model, Trial]:
    """Train with and without, and ask what nobody was taught."""
    corrections, further = own_words()
    assert len(corrections) == len(further) == FIFTY
    corrections[0] = replace(corrections[0], text=SECRET)
    before = asked(train(corpus, eyes), further, eyes)
    model, trial = learn(corpus, corrections, eyes, {})
    after = asked(model, further, eyes)
    assert after.type.rate >= before.type.rate + 0.25, (before, after)
    assert after.intent.rate >= before.intent.rate + 0.1, (before, after)
    assert trial.worse == [], trial
    return model, trial


@pytest.fixture(scope="module")
def small(eyes: Eyes) -> tuple[Model, Trial]:
    """With a small part of the corpus, which takes seconds."""
    files = [file for file in training_files() if file.stem in SMALL]
    return check(list(read_examples(files)), eyes)


def test_fifty_corrections_help_and_harm_nothing(small: tuple[Model, Trial]) -> None:
    _, trial = small
    assert trial.own is not None
    assert trial.own[1].type.right > trial.own[0].type.right, "half of the corrections help with the other half"


def test_words_that_too_few_corrections_share_leave_no_trace(small: tuple[Model, Trial]) -> None:
    """A name or a number that stands in one message is in no model, however much the message counts."""
    model, _ = small
    assert not any("若兰" in name or "13987654321" in name for name in model.vectors.names)
    assert any("空窗" in name for name in model.vectors.names)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fifty_corrections_help_and_harm_nothing_with_the_whole_corpus(eyes: Eyes) -> None:
    check(list(read_examples(training_files())), eyes)


def figures(of: int, **right: int) -> Figures:
    return Figures(*(Share(right.get(name, of), of) for name in ("intent", "type", "priority", "urgent")))


def test_a_model_that_got_worse_is_told_by_name() -> None:
    good = figures(2000)
    assert Trial((good, figures(2000, intent=1991, type=1990)), None).worse == [], "half a hundredth is chance"
    assert Trial((good, figures(2000, type=1989)), None).worse == ["type"]
    assert Trial((figures(100), figures(100, urgent=98)), None).worse == [], "so are two messages"
    assert Trial((figures(100), figures(100, urgent=97)), None).worse == ["urgent"]
    assert Trial((good, good), (figures(25), figures(25, intent=20))).worse == ["own_intent"]
