"""How well messages are read that no example was taken from. The floors lie a little under what was reached."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.labels import Priority
from domain.understanding import Understanding
from nlp.reader import Reader

MESSAGES = Path(__file__).parent / "messages.jsonl"


@dataclass(frozen=True)
class Floors:
    intent: float
    primary: float
    priority: float
    urgent_recall: float
    urgent_precision: float


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def _read(reader: Reader) -> list[tuple[dict[str, Any], Understanding]]:
    messages = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    return [(one, reader.understand(one["text"], datetime.fromisoformat(one["at"]), one["from"])) for one in messages]


def reached(reader: Reader) -> Floors:
    """What is reached on these messages."""
    pairs = _read(reader)
    complaints = [(gold, read) for gold, read in pairs if gold["intent"] == "complaint"]
    return Floors(
        intent=_share([read.intent == gold["intent"] for gold, read in pairs]),
        primary=_share([read.primary == gold["primary"] for gold, read in complaints]),
        priority=_share([read.priority == gold["priority"] for gold, read in complaints]),
        urgent_recall=_share(
            [read.priority is Priority.URGENT for gold, read in pairs if gold["priority"] == "urgent"]
        ),
        urgent_precision=_share(
            [gold["priority"] == "urgent" for gold, read in pairs if read.priority is Priority.URGENT]
        ),
    )


def test_accuracy(reader: Reader) -> None:
    found, floors = reached(reader), Floors(0.94, 0.86, 0.87, 0.93, 0.80)
    for figure in fields(Floors):
        assert getattr(found, figure.name) >= getattr(floors, figure.name), found
