"""Readers for an honest evaluation: ours never knows the messages it is asked, nor does a peer."""

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from nlp.eyes import Eyes
from nlp.learning.examples import CORPUS, Example, read_examples, training_files
from nlp.learning.peers import DictionaryAlone, Peer, WordsAlone
from nlp.learning.train import train
from nlp.reader import Reader, load_nouns


def lessons(asked: Collection[Path], corpus: Path = CORPUS) -> list[Example]:
    """All that may be learnt from when these files are asked."""
    names = {file.resolve() for file in asked}
    return list(read_examples(file for file in training_files(corpus) if file.resolve() not in names))


def learns_from(asked: Collection[Path], corpus: Path = CORPUS) -> bool:
    """Whether the shipped model was taught by any of these files."""
    known = {file.resolve() for file in training_files(corpus)}
    return any(file.resolve() in known for file in asked)


def taught_apart(examples: Sequence[Example]) -> Reader:
    """A reader made from these examples only; takes as long as training does."""
    model = train(examples, Eyes.load(load_nouns().all()))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.npz"
        model.save(file)
        return Reader.load(model=file)


def peers(examples: Sequence[Example]) -> dict[str, Peer]:
    """Those that need nothing installed."""
    return {"dictionary": DictionaryAlone(Eyes.load(load_nouns().all())), "words": WordsAlone(examples)}
