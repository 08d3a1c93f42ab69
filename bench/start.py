"""Starting: how long from a cold process to the first answer on the web chat, and how much memory that takes."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import websockets
from rich.console import Console

from bench.processes import Watched

TEXT = "厨房油污根本没擦干净，我要求返工"
PORT = 18_790


async def first_reply(folder: str) -> tuple[float, float]:
    """(seconds, MiB) until a stranger's complaint is soothed, without Telegram."""
    began = time.perf_counter()
    ours = await Watched.start("bot.cli", "serve", HUIXIANG_DATA_DIR=folder, HUIXIANG_PORT=str(PORT), HUIXIANG_DEMO="0")
    try:
        await _until_up()
        async with websockets.connect(f"ws://127.0.0.1:{PORT}/chat/ws") as socket:
            await socket.send(json.dumps({"t": "hello", "token": None, "after_in": 0, "after_out": 0, "code": None}))
            await socket.send(json.dumps({"t": "send", "id": f"bench-{time.time_ns()}", "text": TEXT, "files": []}))
            async for frame in socket:
                if "HX" in str(frame):
                    return time.perf_counter() - began, ours.memory()
        raise RuntimeError("the chat ended without an answer")
    finally:
        await ours.stop()


async def _until_up() -> None:
    async with httpx.AsyncClient() as http:
        while True:
            try:
                if (await http.get(f"http://127.0.0.1:{PORT}/healthz")).status_code == 200:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(0.02)


def main(rounds: int = 3) -> None:
    folder = tempfile.mkdtemp(prefix="huixiang-bench-")
    found = [asyncio.run(first_reply(folder)) for _ in range(rounds + 1)][1:]
    seconds, memory = (statistics.median(column) for column in zip(*found, strict=True))
    where = Path(folder).name
    Console().print(f"cold process to first reply: {seconds:.2f} s, {memory:.0f} MiB ({where}, {rounds} runs)")
