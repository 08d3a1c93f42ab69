"""Starting: how long from a cold process to the first answer on the web chat, and how much memory that takes."""

import json
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import websockets
from rich.table import Table

from bench import ours
from bench.processes import TEXT, Watched, temporary
from bench.report import Found, medians
from bench.sizes import Sizes

ADDRESS = re.compile(r"http://([\d.]+:\d+)")


async def first_reply(folder: Path, settings: Mapping[str, str]) -> dict[str, float]:
    """Seconds and MiB until a stranger's complaint is soothed, without Telegram."""
    serving = await ours.start("serve", {**settings, "HUIXIANG_DATA_DIR": str(folder)})
    try:
        async with websockets.connect(f"ws://{await address(serving)}/chat/ws") as socket:
            await socket.send(json.dumps({"t": "hello", "token": None, "after_in": 0, "after_out": 0, "code": None}))
            await socket.send(json.dumps({"t": "send", "id": f"bench-{time.time_ns()}", "text": TEXT, "files": []}))
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


async def run(sizes: Sizes) -> Found:
    """The first start makes the tables, and is not counted."""
    folder = temporary()
    try:
        found = [await first_reply(folder, sizes.settings) for _ in range(sizes.rounds + 1)][1:]
    finally:
        shutil.rmtree(folder)
    return medians(found)


def show(found: Found) -> Iterator[Table | str]:
    held = f"{found['memory_mib']:.0f} MiB, with the processes it started {found['tree_mib']:.0f}"
    yield f"cold process to first reply: {found['seconds']:.2f} s, {held}"
