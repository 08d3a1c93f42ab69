"""Chooses the model that messages are read with: the company's own when it fits this program, else the shipped one."""

from dataclasses import dataclass
from pathlib import Path

from nlp.model import Model
from nlp.origin import misfit
from nlp.reader import MODEL

BROKEN = "file"


@dataclass(frozen=True, slots=True)
class Choice:
    """`passed_over` says why a company's own model is not used: what changed since, or `file` for one that is broken.

    `corrections` are as many as the chosen model was taught.
    """

    file: Path
    passed_over: str = ""
    corrections: int = 0


def choose(own: Path, shipped: Path = MODEL) -> Choice:
    """`own` is where a company's model would be."""
    if not own.is_file():
        return Choice(shipped)
    try:
        made_from = Model.origin(own)
    except (OSError, ValueError):
        return Choice(shipped, BROKEN)
    changed = misfit(made_from, Model.origin(shipped))
    return Choice(shipped, changed) if changed else Choice(own, corrections=int(made_from.get("corrections", 0)))
