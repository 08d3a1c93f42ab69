"""The HTTP under both libraries: connections are kept, and each way to lose one says whether the call went out."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop

from bot.channels.telegram_client import CallFailed, NotReached, TooLarge, Troubled, Unanswered
from bot.channels.telegram_http import FILE_BYTES, Http, body_of

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'
Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def asked(reader: asyncio.StreamReader) -> bytes:
    """One whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].partition(b"\r")[0] or 0)
    return head + await reader.readexactly(length)


class Serving:
    """`answers` are written one by one, to each request its own; `came` is how many connections there were."""

    def __init__(self, *answers: bytes, hang_up: bool = False) -> None:
        self._answers = list(answers)
        self._hang_up = hang_up
        self.came = 0
        self.requests: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        try:
            while self._answers:
                self.requests.append(await asked(reader))
                writer.write(self._answers.pop(0))
                await writer.drain()
                if self._hang_up:
                    break
            else:
                await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def served(answering: Answering, tls: ssl.SSLContext | None = None) -> AsyncIterator[Http]:
    server = await asyncio.start_server(answering, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    http = Http(f"{'https' if tls else 'http'}://127.0.0.1:{port}")
    try:
        yield http
    finally:
        http.close()
        server.close()


async def post(http: Http, seconds: float = 5.0) -> tuple[int, bytes]:
    return await http.post("/bot42:A/sendMessage", body_of({"text": "厨房"}, {}), seconds)


async def test_calls_share_a_connection() -> None:
    serving = Serving(ANSWER, ANSWER, ANSWER)
    async with served(serving) as http:
        assert [await post(http) for _ in range(3)] == [(200, b'{"ok":true}')] * 3
    assert serving.came == 1
    assert serving.requests[0].startswith(b"POST /bot42:A/sendMessage HTTP/1.1\r\nHost: 127.0.0.1:")
    assert serving.requests[0].endswith(b'{"text": "\\u53a8\\u623f"}')


async def test_calls_at_once_have_a_connection_each() -> None:
    serving = Serving(*[ANSWER] * 5)
    async with served(serving) as http:
        await asyncio.gather(*(post(http) for _ in range(5)))
    assert serving.came == 5


@pytest.mark.parametrize("closing", [b"Connection: close\r\n", b""])
async def test_a_connection_that_was_closed_is_not_used_again(closing: bytes) -> None:
    serving = Serving(*[ANSWER.replace(b"Content", closing + b"Content")] * 2, hang_up=True)
    async with served(serving) as http:
        await post(http)
        await asyncio.sleep(0.02)
        await post(http)
    assert serving.came == 2


async def test_an_answer_in_chunks_and_in_drops_is_read_whole() -> None:
    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        for byte in b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ok"\r\n6\r\n:true}\r\n0\r\n\r\n':
            writer.write(bytes([byte]))
            await writer.drain()
        writer.close()

    async with served(dripping) as http:
        assert await post(http) == (200, b'{"ok":true}')


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Unanswered),
        (b"", Unanswered),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Unanswered),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\n<html>", Unanswered),
        (b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n", Unanswered),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>", Troubled),
        (b"HTTP/1.1 413 Too Large\r\nContent-Length: 6\r\n\r\n<html>", TooLarge),
    ],
)
async def test_what_is_no_answer_of_telegrams_is_told_apart(answer: bytes, error: type[CallFailed]) -> None:
    async with served(Serving(answer, hang_up=True)) as http:
        with pytest.raises(error):
            await post(http)


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_ones() -> None:
    go_on = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        if not go_on.is_set():
            await go_on.wait()
            writer.write(ANSWER.replace(b"true", b"late"))
        else:
            writer.write(ANSWER)
        await writer.drain()
        writer.close()

    async with served(slow) as http:
        with pytest.raises(Unanswered, match="timeout"):
            await post(http, seconds=0.02)
        go_on.set()
        assert await post(http) == (200, b'{"ok":true}')


async def test_a_word_nobody_asked_for_is_not_taken_for_an_answer() -> None:
    timed_out = b'HTTP/1.1 408 Request Timeout\r\nContent-Length: 12\r\n\r\n{"ok":false}'
    serving = Serving(ANSWER + timed_out, ANSWER)
    async with served(serving) as http:
        await post(http)
        assert await post(http) == (200, b'{"ok":true}')


async def test_nobody_there_is_certainly_not_sent() -> None:
    with pytest.raises(NotReached):
        await post(Http("http://127.0.0.1:9"))
    closed = Http("http://127.0.0.1:9")
    closed.close()
    with pytest.raises(NotReached, match="closed"):
        await post(closed)


async def test_a_file_larger_than_asked_for_is_broken_off() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {FILE_BYTES * 10}\r\n\r\n".encode()
    async with served(Serving(head + bytes(FILE_BYTES + 1))) as http:
        with pytest.raises(TooLarge):
            await http.get("/file/bot42:A/photos/file 1.jpg")


def test_it_runs_on_the_loop_that_serves() -> None:
    async def both() -> int:
        serving = Serving(ANSWER, ANSWER)
        async with served(serving) as http:
            assert [await post(http) for _ in range(2)] == [(200, b'{"ok":true}')] * 2
        return serving.came

    assert uvloop.run(both()) == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
def test_over_tls_only_who_can_prove_their_name_is_talked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", *made, *files], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    async def ask() -> tuple[int, bytes]:
        async with served(Serving(ANSWER), tls) as http:
            return await post(http)

    for run in (asyncio.run, uvloop.run):
        with pytest.raises(NotReached):
            run(ask())
        with monkeypatch.context() as trusting:
            trusting.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
            assert run(ask()) == (200, b'{"ok":true}')
