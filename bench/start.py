"""Starting: how long from a cold process to the first answer on the web chat, and how much memory that takes.

Beside it, in turn, a process that does nothing but import aiogram.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import websockets
from rich.table import Table

from bench import ours
from bench.processes import TEXT, Watched, temporary
from bench.report import Found, medians, ratios
from bench.sizes import Sizes

ADDRESS = re.compile(r"http://([\d.]+:\d+)")


async def first_reply(folder: Path, settings: Mapping[str, str]) -> dict[str, float]:
    """Seconds and MiB until a stranger's complaint is soothed, without Telegram."""
    serving = await ours.start("serve", {**settings, "HUIXIANG_DATA_DIR": str(folder)})
    try:
        async with websockets.connect(f"ws://{await address(serving)}/chat/ws") as socket:
            await socket.send(json.dumps({"t": "hello", "token": None, "after_in": 0, "after_out": 0, "code": None}))
            said = {"id": f"bench-{time.time_ns()}", "text": TEXT.replace("#", "3"), "files": []}
            await socket.send(json.dumps({"t": "send", **said}))
            async for frame in socket:
                if "HX" in str(frame):
                    seconds = time.perf_counter() - serving.begun
                    return {"seconds": seconds, "memory_mib": serving.memory(), "tree_mib": serving.tree_memory()}
        raise RuntimeError("the chat ended without an answer")
    finally:
        await serving.stop()


async def address(serving: Watched) -> str:
    """Where it can be reached; told when the first request can be answered."""
    while said := await serving.line():
        if found := ADDRESS.search(said):
            return found[1]
    raise RuntimeError("it ended before it was at work")


def import_seconds(library: str) -> float:
    """Of a process that imports it and ends."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {library}"], check=True)
    return time.perf_counter() - begun


async def run(sizes: Sizes) -> Found:
    """The first start makes the tables, and is not counted."""
    folder = temporary()
    found: list[dict[str, float]] = []
    try:
        await first_reply(folder, sizes.settings)
        for _ in range(sizes.rounds):
            found.append(await first_reply(folder, sizes.settings) | {"aiogram_seconds": import_seconds("aiogram")})
    finally:
        shutil.rmtree(folder)
    of_import = ratios([one["seconds"] for one in found], [one["aiogram_seconds"] for one in found])
    return {**medians(found), "of_aiogram_import": of_import}


def show(found: Found) -> Iterator[Table | str]:
    held = f"{found['memory_mib']:.0f} MiB, with the processes it started {found['tree_mib']:.0f}"
    yield f"cold process to first reply: {found['seconds']:.2f} s, {held}"
    ratio = found["of_aiogram_import"]["median"]
    yield f"{ratio:.2f} of what importing aiogram takes ({found['aiogram_seconds']:.2f} s)"
