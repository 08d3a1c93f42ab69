"""One open chat page, from its hello to its last breath."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from domain.errors import Busy
from domain.events import Address, ButtonTapped, ChatStarted, Incoming, MessageCame, Sender
from handlers.history import Line
from handlers.people.language import speak
from storage.database import Tx
from web import demo_seat
from web.chat_feed import PAGE, Cursor, Feed
from web.chat_frames import MAX_TEXT, Frame, Hello, Malformed, More, Ping, Send, Tap, line_frame, parse
from web.chat_identity import address_of, is_token, new_token
from web.chat_pace import Pace
from web.chat_reader import Visitor, own_files, visitor_at
from web.chat_texts import LOCALES, Texts
from web.hub import Listener
from web.services import Services

T = TypeVar("T")
HELLO_SECONDS = 20.0
SLOW_SECONDS = 10.0
TYPING_SECONDS = 0.4
BUSY_RETRY_SECONDS = 5
TRY_AGAIN_LATER = 1013


class NotTaken(Exception):
    """A message that was read and is not stored. `key` names the sentence that says why, `values` fill it."""

    def __init__(self, message_id: str, key: str, *, retry: int | None = None, **values: object) -> None:
        super().__init__(key)
        self.id = message_id
        self.key = key
        self.retry = retry
        self.values = values


class ChatSocket:
    def __init__(self, services: Services, texts: Texts, pace: Pace, socket: WebSocket) -> None:
        self._services = services
        self._texts = texts
        self._pace = pace
        self._socket = socket
        self._address = Address("web", "")
        self._sender = Sender()
        self._feed = Feed(self._address, Cursor())

    async def run(self) -> None:
        """Returns when the page is gone, too slow, or told to come back later."""
        await self._socket.accept()
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                hello = await self._hello()
            await self._talk(hello)
        except (WebSocketDisconnect, OSError):
            return
        except (TimeoutError, Busy):
            await self._close()

    async def _hello(self) -> Hello:
        while True:
            with suppress(Malformed):
                frame = await self._frame()
                if isinstance(frame, Hello):
                    return frame
            await self._refuse(None, "malformed")

    async def _talk(self, hello: Hello) -> None:
        token = hello.token if hello.token and is_token(hello.token) else await self._new_token(hello.code or "")
        self._address, self._sender = address_of(token), Sender(locale=hello.locale, chosen=hello.chosen)
        self._feed = Feed(self._address, Cursor(hello.after_in, hello.after_out))
        with self._services.hub.listen(self._address.chat) as page:
            await self._welcome(token, hello)
            await _until_one_ends(self._listen(), self._push(page))

    async def _new_token(self, code: str) -> str:
        """For whoever comes the first time."""
        if not (code and self._services.demo):
            return new_token()
        now = self._services.clock.now()
        return await self._services.engine.call(lambda tx: demo_seat.take(tx, code, now)) or new_token()

    async def _welcome(self, token: str, hello: Hello) -> None:
        """A link, or a chat without a single line, is a start; the same start twice is the same event."""
        lines, code = await self._read(self._feed.first), hello.code or ""
        if code or not lines:
            await self._store(f"start:{code}", ChatStarted(self._address, code, self._sender))
            lines = await self._read(self._feed.first)
        visitor = await self._visitor(hello)
        self._feed.give(lines)
        await self._say(
            t="welcome",
            token=token,
            name=visitor.name,
            role=visitor.role,
            zone=visitor.zone,
            locale=visitor.locale,
            company=self._services.company,
            lines=self._frames(lines),
            more=len(lines) >= PAGE,
        )

    async def _visitor(self, hello: Hello) -> Visitor:
        """Who is here. A language that they asked for is theirs from now on."""
        found = await self._read(lambda tx: visitor_at(tx, self._address, self._services))
        if not (hello.chosen and found.locale and hello.locale in LOCALES and hello.locale != found.locale):
            return found
        await self._services.engine.call(lambda tx: speak(tx, self._address, hello.locale))
        return replace(found, locale=hello.locale)

    async def _listen(self) -> None:
        while True:
            try:
                await self._answer(await self._frame())
            except Malformed as error:
                await self._refuse(error.id, "malformed")
            except NotTaken as error:
                await self._refuse(error.id, error.key, retry=error.retry, **error.values)

    async def _frame(self) -> Frame:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        return parse(message.get("text") or "")

    async def _answer(self, frame: Frame) -> None:
        match frame:
            case Send():
                await self._take(frame.id, await self._message(frame))
            case Tap():
                await self._take(frame.id, ButtonTapped(self._address, frame.button, frame.label, self._sender))
            case More():
                await self._show_older(frame.before)
            case Ping():
                await self._say(t="pong")
            case Hello():
                raise Malformed

    async def _message(self, frame: Send) -> MessageCame:
        """The message in a frame, looked at before anything is stored; raises `NotTaken`."""
        if len(frame.text) > MAX_TEXT:
            raise NotTaken(frame.id, "too_long", limit=MAX_TEXT)
        if not frame.text.strip() and not frame.files:
            raise NotTaken(frame.id, "empty")
        files = await self._read(lambda tx: own_files(tx, self._address, frame.files)) if frame.files else ()
        if files is None:
            raise NotTaken(frame.id, "file_unknown")
        reply_to = frame.reply_to or ""
        return MessageCame(self._address, frame.text, files, self._sender, ref=frame.id, reply_to=reply_to)

    async def _take(self, message_id: str, event: MessageCame | ButtonTapped) -> None:
        """Store it for good, then say so: `ack` is a promise. Raises `NotTaken`."""
        wait = self._pace.wait(self._address.chat)
        if wait:
            raise NotTaken(message_id, "too_fast", retry=wait)
        try:
            key = await self._store(message_id, event)
        except Busy as error:
            raise NotTaken(message_id, "busy", retry=BUSY_RETRY_SECONDS) from error
        await self._say(t="ack", id=message_id, key=key)
        self._services.hub.knock(self._address.chat)

    async def _store(self, key: str, event: MessageCame | ButtonTapped | ChatStarted) -> str:
        """Returns after the commit, with the key of the line. Its turn may come later; the ack does not wait for it."""
        incoming = Incoming("web", f"{self._address.chat}:{key}", str(self._address), event)
        storing = asyncio.ensure_future(self._services.engine.call_round(lambda round_: round_.store(incoming)))
        done, _ = await asyncio.wait({storing}, timeout=TYPING_SECONDS)
        if not done:
            self._services.hub.typing(self._address.chat)
        stored = await asyncio.shield(storing)
        return f"in-{stored.id}"

    async def _show_older(self, before: int) -> None:
        lines = await self._read(lambda tx: self._feed.older(tx, before))
        await self._say(t="lines", lines=self._frames(lines), older=True, more=len(lines) >= PAGE)

    async def _push(self, page: Listener) -> None:
        """Whenever there may be something new, send what this page lacks."""
        while not page.closed:
            await page.fresh.wait()
            page.fresh.clear()
            if page.take_typing():
                await self._say(t="typing")
            await self._send_new(page.take_due())
        raise Busy

    async def _send_new(self, due: int | None) -> None:
        lines = await self._read(lambda tx: self._feed.new(tx, due))
        if lines:
            self._feed.give(lines)
            await self._say(t="lines", lines=self._frames(lines))

    async def _read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._reading, work)

    def _reading(self, work: Callable[[Tx], T]) -> T:
        with self._services.database.read() as tx:
            return work(tx)

    def _frames(self, lines: Sequence[Line]) -> list[dict[str, Any]]:
        return [line_frame(line, self._services.secret) for line in lines]

    async def _refuse(self, message_id: str | None, key: str, *, retry: int | None = None, **values: object) -> None:
        """Say why not, in a sentence. `retry` is in seconds; without it, the same again would not help."""
        reason = self._texts.say(self._sender.locale, key, **values)
        await self._say(t="refused", id=message_id, reason=reason, retry=retry)

    async def _say(self, **frame: Any) -> None:
        """A page that does not read is let go: it will come back and ask for what it missed."""
        async with asyncio.timeout(SLOW_SECONDS):
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False))

    async def _close(self) -> None:
        with suppress(OSError, TimeoutError, WebSocketDisconnect):
            async with asyncio.timeout(SLOW_SECONDS):
                await self._socket.close(TRY_AGAIN_LATER)


async def _until_one_ends(*parts: Coroutine[Any, Any, None]) -> None:
    """Run them side by side; when one ends, stop the others and end as it did."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
