"""What a model was made from: the corpus, the dictionary, and the libraries that cut, count and learn.

A model fits the program when these are the program's own: another corpus knows better, another dictionary or cutter
sees other things in a message.
"""

import hashlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.eyes import DICTIONARY
from nlp.meanings import MEANINGS

LIBRARIES = ("jieba", "numpy", "scikit-learn")


def fingerprint(files: Sequence[Path]) -> dict[str, str]:
    """Of these files of the corpus, the dictionary with what its words are about, and the libraries as they are now."""
    dictionary = [*sorted(file for file in DICTIONARY.rglob("*") if file.is_file()), MEANINGS]
    return {"corpus": digest(files), "dictionary": digest(dictionary), **libraries()}


def libraries() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def misfit(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> str:
    """What a company's model was made from that is no longer so: `corpus`, `dictionary`, a library; "" when it fits."""
    now = {"corpus": shipped.get("corpus"), "dictionary": shipped.get("dictionary"), **libraries()}
    return next((name for name, version in now.items() if own.get(name) != version), "")


def digest(files: Sequence[Path]) -> str:
    """Of names and contents; line ends as Git may have changed them count as one."""
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()[:16]
