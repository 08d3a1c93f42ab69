"""What is printed may be read by anybody who runs the server: no word, name, number, token or code of anybody in it."""

import asyncio
import io
import json
import logging
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import structlog
from PIL import Image
from structlog.testing import capture_logs

from bot.logs import Gate, Libraries
from tests.bot.processes import Serving, environment, huixiang
from tests.botapi import BotApi, bad, server_error
from tests.hostile.live import API_KEY, SOON, opened

WORDS = "暗号琉璃孔雀"
NAME = "独孤琉璃"
PHONE = "13899997777"
ADDRESS = "紫檀路4321号"
HOOK = "MHuixiangCanarySecretForTheHook"
SIGNING = "whsec_" + "Q2FuYXJ5" * 4
HEART = "canary-of-the-heartbeat"
COMPLAINT = f"厨房油烟机根本没擦干净，我要求返工，{WORDS}，电话{PHONE}"
ORDER = {
    "number": "L1", "customer": {"name": NAME, "phone": PHONE}, "service": "日常保洁", "address": ADDRESS,
    "starts_at": "2031-01-01T10:00:00+08:00", "needs": WORDS,
}  # fmt: skip
COLUMNS = {"coupon": "code", "link": "code", "orders": "code", "outbox": "token"}


def secrets_of(folder: Path) -> set[str]:
    """Everything in the database that lets somebody in."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{folder / 'huixiang.db'}?mode=ro", uri=True)) as rows:
        for table, column in COLUMNS.items():
            found |= {str(row[0]) for row in rows.execute(f"SELECT {column} FROM {table}") if row[0]}
        found |= {str(row[0]) for row in rows.execute("SELECT value FROM fact") if len(str(row[0])) > 15}
    return found


async def live_through(process: Serving, api: BotApi) -> set[str]:
    """All edges, well and badly used; the tokens that came up on the way."""
    user, blocked = api.user(13_579_246, NAME), api.user(13_579_247, NAME)
    user.say(COMPLAINT)
    await user.expect("HX", timeout=60)
    user.send_document(b"<html>" + WORDS.encode(), f"{WORDS}.jpg", "image/jpeg", caption=WORDS)
    api.raw_update({"message": {"text": WORDS, "from": NAME}})
    blocked.say(COMPLAINT)
    await blocked.expect("HX", timeout=SOON)
    api.fault("sendMessage", bad(f'can\'t parse entities: Unsupported start tag "{WORDS}" at byte offset 2'), times=2)
    api.fault("getFile", server_error(), times=2)
    user.say(f"查进度 {WORDS}")
    async with httpx.AsyncClient(base_url=process.url, timeout=SOON) as http, opened(process.url) as page:
        await page.send(t="send", id="11111111-2222-4333-8444-555555555555", text=COMPLAINT)
        await page.until("HX")
        await page.send(t="send", id="11111111-2222-4333-8444-555555555556", text=WORDS, files=[99])
        await page.expect("refused")
        await post_everything(http)
        return {page.token, *page.token.split(".")[:1]}


async def post_everything(http: httpx.AsyncClient) -> None:
    key = {"X-API-Key": API_KEY}
    broken: dict[str, Any] = {"number": 7, "customer": {"name": NAME, "phone": WORDS}, WORDS: NAME}
    answers = [
        await http.post("/api/orders", json=ORDER, headers=key),
        await http.post("/api/orders", json=broken, headers=key),
        await http.post("/api/orders", content=b"{" + WORDS.encode(), headers=key),
        await http.post("/api/orders", json=ORDER, headers={"X-API-Key": "a wrong key with " + PHONE}),
        await http.post("/desk/login", data={"username": PHONE, "password": SIGNING, "next": "/desk/cases"}),
        await http.post("/hooks/telegram", content=b"\xff", headers={"X-Telegram-Bot-Api-Secret-Token": PHONE}),
        await http.get(f"/chat?c={PHONE}"),
        await http.get(f"/{WORDS}/{PHONE}"),
        await http.get(f"/chat/files/1?k={PHONE}"),
        await http.post("/chat/files", content=photo(), headers={"Authorization": f"Bearer {PHONE}"}),
    ]
    assert all(answer.status_code < 500 for answer in answers), [answer.status_code for answer in answers]
    assert all("Traceback" not in answer.text for answer in answers)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG")
    return out.getvalue()


async def test_nobody_is_in_the_logs(tmp_path: Path, api: BotApi) -> None:
    process = Serving(
        tmp_path, telegram_token=api.token, telegram_api=api.base, telegram_per_second="1000", api_key=API_KEY,
        log_level="debug", webhook_secret=HOOK, heartbeat_url=f"http://127.0.0.1:1/{HEART}", webhook_url="http://127.0.0.1:1/in",
        webhook_signing_secret=SIGNING,
    )  # fmt: skip
    try:
        await asyncio.to_thread(process.__enter__)
        tokens = await live_through(process, api)
        await until_said(process, "message_refused", "fetch_failed", "webhook_failed")
        seen = [httpx.get(f"{process.url}/{page}").text for page in ("metrics", "healthz", "readyz")]
        doctor = await asyncio.to_thread(huixiang, tmp_path, "doctor", telegram_token=api.token, telegram_api=api.base)
        process.process.terminate()
        assert await asyncio.to_thread(process.process.wait, 30) == 0
    finally:
        await asyncio.to_thread(process.__exit__)
    said = "\n".join((process.said, *seen, doctor.stdout, doctor.stderr))
    canaries = {
        WORDS,
        NAME,
        PHONE,
        ADDRESS,
        HOOK,
        HEART,
        SIGNING,
        API_KEY,
        api.token,
        api.token.split(":")[1],
        "13579246",
    }
    for canary in canaries | tokens | secrets_of(tmp_path):
        assert canary not in said, f"{canary} in: {[line for line in said.splitlines() if canary in line][:3]}"
        assert ascii(canary).strip("'") not in said
    assert "Traceback" not in said
    assert_followed(said)


def assert_followed(said: str) -> None:
    """From update to turn to send: the lines of one event carry its id."""
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    by_event: dict[int, set[str]] = {}
    for line in lines:
        if "event_id" in line:
            by_event.setdefault(line["event_id"], set()).add(line["event"])
    whole = {"event_stored", "turn_ended", "message_tried"}
    assert any(whole <= events for events in by_event.values()), by_event


async def until_said(process: Serving, *words: str) -> None:
    for _ in range(int(SOON / 0.05)):
        if all(word in process.said for word in words):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not all of {words} in the log: {process.said}")


def test_no_line_of_the_log_names_a_person_or_their_words() -> None:
    """Every log call in the code, read: its values may not be what somebody said or is."""
    root = Path(__file__).parents[2]
    personal = re.compile(r"\b(text|name|phone|body|raw|chat|address|token|code|secret|password|message\.text)\s*=")
    for folder in ("bot", "domain", "flows", "handlers", "insight", "nlp", "scheduler", "storage", "web"):
        for file in (root / folder).rglob("*.py"):
            for call in re.findall(r"\blog\.(?:debug|info|warning|error|exception)\((.*)\)", file.read_text("utf-8")):
                assert not personal.search(call), f"{file.name}: {call}"
                assert "exc_info" not in call, f"{file.name}: {call}"


def test_a_librarys_error_is_told_without_its_words() -> None:
    log = logging.Logger("uvicorn.error")
    log.addHandler(Libraries())
    with capture_logs() as told:
        try:
            raise ValueError(f"not a number: {WORDS}")
        except ValueError:
            log.exception("Exception in ASGI application\nfuture: <Task exception=%r>", WORDS)
        log.error(f"filled in beforehand: {WORDS}")
    assert WORDS not in str(told)
    assert [line.get("said", "") for line in told] == ["Exception in ASGI application", ""]
    assert told[0]["error"].startswith("ValueError test_logs.test_a_librarys_error")
    assert {line["logger"] for line in told} == {"uvicorn.error"}


def test_no_error_of_any_layer_or_library_says_somebodys_words(tmp_path: Path) -> None:
    """One process in which everything fails that can, each with canaries in its words."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.hostile.failing", WORDS, PHONE, SIGNING],
        capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), timeout=100,
    )  # fmt: skip
    said = ended.stdout + ended.stderr
    for event in (
        "turn_failed", "round_failed", "channel_raised", "chore_failed", "model_work_failed", "thread_died",
        "unraisable", "uncaught", "library", "ours", "masked", "webhook_failed",
    ):  # fmt: skip
        assert f'"event": "{event}"' in said, f"{event} is missing in {said}"
    for canary in (WORDS, PHONE, SIGNING):
        assert canary not in said, [line for line in said.splitlines() if canary in line][:3]
        assert ascii(canary).strip("'") not in said
    assert "Traceback" not in said
    assert all(json.loads(line)["level"] for line in said.splitlines()), "every line has our form"


class Broken(io.StringIO):
    """A full disk, or a reader that went away."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    log = structlog.PrintLogger(Gate(Broken()))  # type: ignore[arg-type]  # all that is asked of it is write and flush
    log.msg("still here")
