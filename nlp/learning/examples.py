"""The corpus: messages with the labels of the taxonomy, one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from domain.labels import CaseType, Hazard, Intent, Priority, Topic

CORPUS = Path(__file__).parent.parent / "corpus"
CORRECTIONS = "corrections"
"""The batch of what a company's own people put right."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message as somebody wrote it, and what it means. `batch` is the file it stands in.

    `hazard` and `matrix` may be missing: for most nobody wrote them down.
    """

    batch: str
    id: str
    sender: Literal["customer", "cleaner"]
    text: str
    at: datetime
    intent: Intent
    topics: tuple[Topic, ...] = ()
    primary: CaseType | None = None
    secondary: tuple[CaseType, ...] = ()
    priority: Priority | None = None
    anger: int = 0
    hazard: Hazard | None = None
    matrix: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def label(self) -> str:
        """The complaint type of a complaint, else the intent: what the first head tells apart."""
        return f"type.{self.primary}" if self.primary else f"intent.{self.intent}"


def read_examples(files: Iterable[Path]) -> Iterator[Example]:
    """Raises `ValueError` naming the file and line that is not well formed."""
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            try:
                yield example(json.loads(line), file.stem)
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file.name}, line {number}: {error}") from error


def example(fields: dict[str, Any], batch: str) -> Example:
    """Raises `KeyError` or `ValueError` for a field that is missing or no label."""
    return Example(
        batch=batch,
        id=fields["id"],
        sender=fields["from"],
        text=fields["text"],
        at=datetime.fromisoformat(fields["at"]),
        intent=Intent(fields["intent"]),
        topics=tuple(map(Topic, fields["topics"])),
        primary=CaseType(fields["primary"]) if fields["primary"] else None,
        secondary=tuple(map(CaseType, fields["secondary"])),
        priority=Priority(fields["priority"]) if fields["priority"] else None,
        anger=fields["anger"],
        hazard=Hazard(fields["hazard"]) if fields.get("hazard") else None,
        matrix=fields.get("matrix"),
    )


def training_files(corpus: Path = CORPUS) -> list[Path]:
    """All but what was written apart to be examined on."""
    return sorted(file for file in corpus.glob("*.jsonl") if not file.stem.startswith("held"))


def held_files(corpus: Path = CORPUS) -> list[Path]:
    """Read for the final figures only."""
    return sorted(corpus.glob("held*.jsonl"))
