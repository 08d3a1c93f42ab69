"""The cutter finds the words that jieba finds with the same dictionary."""

import jieba
import pytest

from nlp.cutter import Cutter, load_frequencies
from nlp.learning.examples import CORPUS, read_examples
from nlp.reader import load_nouns

OURS = list(load_nouns().all())


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return Cutter(load_frequencies(), OURS)


def test_words_are_those_of_jieba(cutter: Cutter) -> None:
    frequencies = load_frequencies()
    Cutter(frequencies, OURS)
    theirs = jieba.Tokenizer()
    theirs.FREQ, theirs.total, theirs.initialized = frequencies, sum(frequencies.values()), True
    texts = [example.text for example in read_examples(sorted(CORPUS.glob("messages-stray.jsonl")))]
    for text in [*texts, "", "中%中-a", "WiFi6路由器3.5h 油烟机 ok👌", "約的九點\t現在10點半了"]:
        assert [word for word, _, _ in cutter.cut(text)] == list(theirs.cut(text, HMM=False)), text


def test_every_word_knows_where_it_stands(cutter: Cutter) -> None:
    text = "阿姨把Dyson吸尘器 弄坏了，赔500"
    cut = list(cutter.cut(text))
    assert "".join(word for word, _, _ in cut) == text
    assert all(text[start:end] == word for word, start, end in cut)
