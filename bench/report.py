"""What was found: kept as JSON by part, so that one part can be measured anew; ratios are taken round by round."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.sizes import Sizes

Found = dict[str, Any]
"""What a part found; `{"failed": why}` when it could not be measured."""


def keep(file: Path, part: str, found: Found, sizes: Sizes, busy: float) -> None:
    """Write one part; the others stay as they were. `busy` is the machine's load before anything was measured."""
    known = load(file)
    known["machine"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    how = {"at": f"{datetime.now(UTC):%Y-%m-%d}", "busy": rounded(busy), "sizes": asdict(sizes)}
    known["parts"][part] = {**how, **found}
    file.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")


def load(file: Path) -> Found:
    empty: Found = {"machine": {}, "parts": {}}
    return json.loads(file.read_text("utf-8")) if file.exists() else empty


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Of each figure the median over the rounds."""
    return {name: rounded(statistics.median(one[name] for one in rounds)) for name in rounds[0]}


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Found:
    """Ours to theirs: the median of the rounds, and each."""
    each = [rounded(mine / peer) for mine, peer in zip(ours, theirs, strict=True)]
    return {"median": rounded(statistics.median(each)), "each": each}


def rounded(value: float) -> float:
    """Three digits say more than the machine does."""
    return float(f"{value:.3g}") if abs(value) < 1000 else float(round(value))
