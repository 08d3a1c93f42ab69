"""Telegram as a channel: by polling or webhook, through whichever library the client brings."""

import asyncio
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import structlog

from bot.channels.telegram_client import Call, CallFailed, Client, Rejected, TooLarge
from bot.channels.telegram_hook import Hook
from bot.channels.telegram_ingest import Intake, Patience, Poller, diagnose
from bot.channels.telegram_parse import CHANNEL, unreadable
from bot.channels.telegram_send import Courier
from bot.settings import WEBHOOK_SECRET
from domain.channel import Accept, Health, Limits, Outcome, Outgoing, TryLater
from domain.errors import Busy, Invalid, NotFound, SettingsError

log = structlog.get_logger(__name__)

STOP_SECONDS = 20.0
LOOK_SECONDS = 60.0

Mode = Literal["polling", "webhook", "sending"]
"""`sending`: updates come in through another process."""


class TelegramChannel:
    """`client` is the bot through one library; `files` gives the path of a file of ours by its id.

    In webhook mode the web server mounts `webhook` at `webhook_url`. Raises `SettingsError` for settings that
    cannot work.
    """

    name = CHANNEL

    def __init__(
        self,
        client: Client,
        files: Callable[[str], Path],
        *,
        mode: Mode = "polling",
        webhook_url: str = "",
        secret: str = "",
        patience: Patience | None = None,
        look: float = LOOK_SECONDS,
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        if mode == "webhook":
            _check_webhook(webhook_url, secret)
        self._client = client
        self.mode = mode
        self._hook = Hook(client, webhook_url, secret)
        self._look = look
        self._secret = secret
        self._patience = patience or Patience()
        self._courier = Courier(self._client, files)
        self._intake: Intake | None = None
        self._poller: Poller | None = None
        self._username = ""
        self._trouble = {"receiving": "not started", "sending": ""}
        self._introducing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._sending: set[asyncio.Future[None]] = set()

    async def start(self, accept: Accept) -> None:
        self._intake = Intake(self._client.bot_id, accept, self._answer)
        self._receiving("starting")
        if self.mode == "polling":
            self._poller = Poller(self._client, self._intake, self._receiving, self._patience)
            self._spawn(self._poller.run())
        self._introducing = asyncio.create_task(self._introduce_and_stay())

    async def stop(self) -> None:
        """Finishes the batch being accepted and the messages being sent; what waits on Telegram's side waits there."""
        self._intake = None
        if self._poller is not None:
            self._poller.stop()
        if self._introducing is not None:
            self._introducing.cancel()
        unfinished = {*self._tasks, *self._sending}
        if unfinished:
            await asyncio.wait(unfinished, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await self._client.close()

    async def send(self, message: Outgoing) -> Outcome:
        done = asyncio.get_running_loop().create_future()
        self._sending.add(done)
        try:
            outcome = await self._courier.deliver(message)
        finally:
            self._sending.discard(done)
            done.set_result(None)
        self._trouble["sending"] = outcome.reason if isinstance(outcome, TryLater) and outcome.whole_bot else ""
        return outcome

    async def fetch(self, file: str) -> bytes:
        """Raises `Invalid` (over 20 MB), `NotFound` (no longer there) or `Busy` (try again later)."""
        try:
            found = await self._client.ask(Call("getFile", {"file_id": file}))
            return await self._client.download(str(found["file_path"]))
        except TooLarge:
            raise Invalid("file is too big") from None
        except Rejected as error:
            raise Invalid("file is too big") if "too big" in error.reason else NotFound() from None
        except (CallFailed, LookupError, TypeError) as error:
            raise Busy(f"file could not be fetched: {type(error).__name__}") from None

    async def health(self) -> Health:
        troubles = [f"{what}: {trouble}" for what, trouble in self._trouble.items() if trouble]
        return Health(ok=not troubles, detail="; ".join(troubles))

    def link(self, code: str) -> str:
        """Empty until Telegram has told the bot's name, shortly after `start`."""
        if not self._username:
            return ""
        return f"https://t.me/{self._username}" + (f"?start={quote(code, safe='')}" if code else "")

    async def webhook(self, secret_header: str, body: bytes) -> int:
        """One POST from Telegram; returns the HTTP status. Anything but 2xx is posted again."""
        if not self._secret or not hmac.compare_digest(secret_header.encode(), self._secret.encode()):
            return 401
        intake = self._intake
        if intake is None:
            return 503
        try:
            await self._take(intake, body)
        except Exception as error:
            log.warning("telegram: webhook update not stored", error=type(error).__name__)
            return 503
        return 200

    async def _take(self, intake: Intake, body: bytes) -> None:
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError) as error:
            await intake.keep(unreadable(body, self._client.bot_id, type(error).__name__))
        else:
            await intake.take([raw])

    async def _introduce_and_stay(self) -> None:
        await self._introduce()
        while self.mode == "webhook":
            await asyncio.sleep(self._look)
            await self._look_at_hook()

    async def _look_at_hook(self) -> None:
        try:
            trouble = await self._hook.look()
        except Exception as error:
            # That we cannot ask does not mean that nothing comes in, but it is worth knowing.
            _, trouble = diagnose(error, 0)
        if trouble:
            log.warning("telegram: trouble with the webhook", reason=trouble)
        self._receiving(trouble)

    async def _introduce(self) -> None:
        """Learn the bot's name, and in webhook mode tell Telegram where to post; tries until it works."""
        patience = Patience()
        while True:
            try:
                self._username = str((await self._client.ask(Call("getMe")))["username"])
                if self.mode == "webhook":
                    await self._hook.set()
                self._receiving("")
            except Exception as error:
                # A proxy may answer anything at all; only a bot that knows itself is ready.
                pause, reason = diagnose(error, patience.failed())
                self._receiving(reason)
                log.warning("telegram: not introduced yet", reason=reason, pause=round(pause, 1))
                await asyncio.sleep(pause)
            else:
                return

    def _answer(self, query: str) -> None:
        self._spawn(self._answer_query(query))

    async def _answer_query(self, query: str) -> None:
        try:
            await self._client.ask(Call("answerCallbackQuery", {"callback_query_id": query}))
        except CallFailed as error:
            # An old press cannot be answered any more; its event is handled all the same.
            log.debug("telegram: press not answered", error=type(error).__name__)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _receiving(self, trouble: str) -> None:
        self._trouble["receiving"] = trouble


def _check_webhook(url: str, secret: str) -> None:
    if not url:
        raise SettingsError("HUIXIANG_PUBLIC_URL 缺少：webhook 方式需要 Telegram 能打开的 https 网址。")
    if not WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError("HUIXIANG_WEBHOOK_SECRET 不对：应该是 1 到 256 个字母、数字、下划线或短横线。")
