"""A demo company in a process of its own: its people's links, its desk, its time machine. A test may kill it."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent
API_KEY = "a-key-for-the-browser-tests"
ROLES = ("customer", "cleaner", "supervisor", "owner")


class DemoCompany:
    """`links` are the paths of the chats by role; `user` and `password` open the desk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.links: dict[str, str] = {}
        self.user = ""
        self.password = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns when it has printed where to go."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HUIXIANG_")}
        ours = {
            "HUIXIANG_DATA_DIR": str(self.folder),
            "HUIXIANG_LOG_LEVEL": "error",
            "HUIXIANG_DEMO": "1",
            "HUIXIANG_API_KEY": API_KEY,
        }
        command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=PROJECT, env={**clean, **ours}, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._read(line)
            if self.password:
                return
        raise AssertionError("it did not start")

    def kill(self) -> None:
        """As a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self.password = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ahead(self, step: str) -> datetime:
        """Press a button of the time machine: "10", "60", "morning" or "next". Returns what time it is now."""
        answer = self._post(f"/demo/clock/{step}", {}, {"Origin": self.url})
        return datetime.fromisoformat(answer["now"])

    def order(self, **order: Any) -> dict[str, Any]:
        """What the company's own system would post."""
        return self._post("/api/orders", order, {"X-API-Key": API_KEY})

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        usual = {"Accept": "application/json", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), usual | headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def _read(self, line: str) -> None:
        if found := re.search(r"http://[\d.]+:(\d+)(\S*)", line):
            self.port = int(found[1])
            for role in ROLES:
                if f"as={role}&" in found[2]:
                    self.links[role] = found[2]
        if found := re.search(r"用户名 (\w+).*密码 (\S+)", line):
            self.user, self.password = found[1], found[2]
