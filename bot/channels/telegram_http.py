"""HTTP for the Bot API: many short posts to one server over kept-alive connections.

A general HTTP client costs more than everything else in a send. Both Telegram libraries let one bring one's own, so
both use this one, and "certainly not sent" means the same under both. It logs nothing: every address has the token.
"""

import asyncio
import json
import secrets
import ssl
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httptools
from aiohappyeyeballs import start_connection

from bot.channels.telegram_client import Call, NotReached, Rejected, TooLarge, Troubled, Unanswered

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 15.0
"""How long an unused connection is trusted: shorter than any server or firewall keeps it."""
CONNECTIONS = 100
FILE_SECONDS = 60.0
FILE_BYTES = 20 * 1024 * 1024
"""What Telegram lets a bot have."""
ANSWER_BYTES = 64 * 1024 * 1024
SECOND_ADDRESS_SECONDS = 0.25

Body = tuple[str, bytes]
"""Content type and content."""
Upload = tuple[str, bytes]
"""File name and content."""


async def uploads_of(call: Call) -> dict[str, Upload]:
    """What the call's files hold. Raises `Rejected` when one cannot be read."""
    try:
        return {name: (path.name, await asyncio.to_thread(path.read_bytes)) for name, path in call.files.items()}
    except OSError as error:
        raise Rejected(f"file cannot be read: {type(error).__name__}") from None


def body_of(fields: Mapping[str, Any], files: Mapping[str, Upload]) -> Body:
    return form_body(fields, files) if files else ("application/json", json.dumps(fields).encode())


def form_body(fields: Mapping[str, Any], files: Mapping[str, Upload]) -> Body:
    """Fields that are no strings go as JSON, as the Bot API wants them in a form."""
    mark = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        text = value if isinstance(value, str) else json.dumps(value)
        parts.append(f'; name="{name}"\r\n\r\n{text}'.encode())
    for name, (file, content) in files.items():
        quoted = file.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
        head = f'; name="{name}"; filename="{quoted}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts.append(head.encode() + content)
    opened = [f"--{mark}\r\nContent-Disposition: form-data".encode() + part + b"\r\n" for part in parts]
    return f"multipart/form-data; boundary={mark}", b"".join([*opened, f"--{mark}--\r\n".encode()])


class Http:
    """`origin` is the scheme, host and port of every address asked here."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._head = f" HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\nUser-Agent: huixiang\r\n"
        self._idle: list[_Connection] = []
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._closed = False

    async def post(self, url: str, body: Body, seconds: float) -> tuple[int, bytes]:
        """Status and content, a JSON object. Raises what keeps it from being one."""
        kind, content = body
        head = f"POST {self._path(url)}{self._head}Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        status, answer = await self._exchange(head.encode() + content, seconds, ANSWER_BYTES)
        if not answer.lstrip().startswith(b"{"):
            raise _page(status)
        return status, answer

    async def get(self, url: str) -> tuple[int, bytes]:
        """The content of a file, always with status 200. Raises `TooLarge` over `FILE_BYTES`, or what went wrong."""
        head = f"GET {quote(self._path(url), safe='/:%')}{self._head}\r\n"
        status, content = await self._exchange(head.encode(), FILE_SECONDS, FILE_BYTES)
        if status != 200:
            raise _page(status)
        return status, content

    def close(self) -> None:
        """What is under way ends by itself; nothing new begins."""
        self._closed = True
        while self._idle:
            self._idle.pop().abort()

    def _path(self, url: str) -> str:
        return url.removeprefix(self._origin)

    async def _exchange(self, request: bytes, seconds: float, most: int) -> tuple[int, bytes]:
        async with self._places:
            connection = self._kept() or await self._connect()
            try:
                return await connection.ask(request, seconds, most)
            finally:
                self._keep(connection)

    def _kept(self) -> "_Connection | None":
        """The one used last: those that are not needed grow old and are let go."""
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and connection.idle_since > oldest:
                return connection
            connection.abort()
        return None

    def _keep(self, connection: "_Connection") -> None:
        if connection.usable and not self._closed:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.abort()

    async def _connect(self) -> "_Connection":
        if self._closed:
            raise NotReached("closed")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                places = await loop.getaddrinfo(self._host, self._port, type=1)
                socket = await start_connection(places, happy_eyeballs_delay=SECOND_ADDRESS_SECONDS, interleave=1)
                name = self._host if self._secure else None
                _, connection = await loop.create_connection(
                    _Connection, sock=socket, ssl=self._tls if self._secure else None, server_hostname=name
                )
        except (OSError, UnicodeError) as error:
            raise NotReached(type(error).__name__) from None
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _page(status: int) -> Troubled | TooLarge | Unanswered:
    """What stands in front of Telegram answers with a page of HTML, which says nothing about the message itself."""
    if status >= 500:
        return Troubled(f"http {status}")
    return TooLarge() if status == 413 else Unanswered(f"http {status}")


class _Connection(asyncio.Protocol):
    """One question at a time; httptools reads the answers."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._content = bytearray()
        self._most = 0
        self._transport: asyncio.Transport | None = None
        self.usable = False
        self.idle_since = 0.0

    async def ask(self, request: bytes, seconds: float, most: int) -> tuple[int, bytes]:
        """Broken off or failed, the connection is not usable any more."""
        if self._transport is None:
            raise NotReached("closed")
        self.usable = False
        self._content.clear()
        self._most = most
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        late = loop.call_later(seconds, self._fail, Unanswered("timeout"))
        try:
            self._transport.write(request)
            return await self._answer
        finally:
            late.cancel()

    def abort(self) -> None:
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by name
        self.usable = True

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            return self.abort()  # A word nobody asked for must not be taken for the next answer.
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(Unanswered(type(error).__name__))
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._transport = None
        self._fail(Unanswered(type(error).__name__ if error else "closed"))

    def on_body(self, body: bytes) -> None:
        self._content += body
        if len(self._content) > self._most:
            self._fail(TooLarge())
            self.abort()

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self.usable = self._parser.should_keep_alive()
            self._answer.set_result((self._parser.get_status_code(), bytes(self._content)))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
