"""`python -m bench`: everything, or the parts named. `--json FILE` keeps what was found for docs/performance.md."""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bench import memory, outage, postgres, sends, start, stored, timers, turns
from bench.aims import table
from bench.report import Found, keep
from bench.sizes import OPTIONS, Sizes, sizes
from bot.logs import set_up_logs

PARTS = {
    "turns": turns, "postgres": postgres, "timers": timers, "outage": outage, "stored": stored, "memory": memory,
    "sends": sends, "start": start,
}  # fmt: skip
WIDTH = 150


def main() -> int:
    """How many parts failed: one that does is told, and the others go on."""
    set_up_logs("error", "auto")
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    given = parser().parse_args()
    chosen = sizes({name: getattr(given, name) for name in OPTIONS}, full=given.full)
    chosen = replace(chosen, settings=dict(one.split("=", 1) for one in given.set))
    return measure(given.parts or list(PARTS), chosen, given.json, Console(width=WIDTH))


def measure(parts: Sequence[str], chosen: Sizes, file: Path | None, console: Console) -> int:
    found: dict[str, Found] = {}
    busy = os.getloadavg()[0]
    for part in parts:
        begun = time.perf_counter()
        found[part] = one(part, chosen, console)
        console.print(f"[dim]{part}: {time.perf_counter() - begun:.0f} s[/dim]\n")
        if file is not None:
            keep(file, part, found[part], chosen, busy)
    console.print(table(found))
    return sum("failed" in one for one in found.values())


def one(part: str, chosen: Sizes, console: Console) -> Found:
    console.rule(part)
    try:
        found: Found = asyncio.run(PARTS[part].run(chosen))
    except Exception as error:
        console.print(f"[red]{part} failed[/red]: {type(error).__name__}: {error}")
        return {"failed": type(error).__name__}
    for shown in PARTS[part].show(found):
        console.print(shown)
    return found


def parser() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", help=", ".join(PARTS))
    asked.add_argument("--json", type=Path, help="keep what was found in this file")
    asked.add_argument("--full", action="store_true", help="ten million messages stored")
    asked.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of our processes")
    for name, (kind, words) in OPTIONS.items():
        asked.add_argument(f"--{name}", type=kind, help=words)
    return asked


if __name__ == "__main__":
    sys.exit(main())
