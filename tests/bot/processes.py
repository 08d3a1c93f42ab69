"""The real command line in a process of its own."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """No settings but these; the data in this folder."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HUIXIANG_")}
    ours = {"data_dir": str(folder), "company_dir": str(ROOT / "company"), **settings}
    python = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return {**plain, **python, **{f"HUIXIANG_{name.upper()}": value for name, value in ours.items()}}


def huixiang(folder: Path, *args: str, given: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end, in its data folder (so that no `.env` of the project is read)."""
    folder.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *args],
        capture_output=True, text=True, input=given, cwd=folder, env=environment(folder, **settings), timeout=100,
    )  # fmt: skip


class Serving:
    """`huixiang serve` on a free port, until the block ends."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.url = ""
        self.log = folder / "serve.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve", "--port", "0"],
                stdout=out, stderr=subprocess.STDOUT, cwd=folder, env=environment(folder, **settings),
            )  # fmt: skip

    def __enter__(self) -> Self:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
            if found:
                self.url = found[0]
                return self
            time.sleep(0.02)
        raise AssertionError(f"not ready: {self.said}")

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")
