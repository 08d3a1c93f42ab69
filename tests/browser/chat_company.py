"""A whole company serving in a process of its own, that a test can kill and start again on the same address."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent


class Company:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns when it says its address."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HUIXIANG_")}
        environment = {**clean, "HUIXIANG_DATA_DIR": str(self.folder), "HUIXIANG_LOG_LEVEL": "error"}
        command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        found = next((f for line in self._process.stdout if (f := re.search(r"http://[\d.]+:(\d+)", line))), None)
        assert found is not None, "it did not start"
        self.port = int(found[1])

    def kill(self) -> None:
        """As a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"
