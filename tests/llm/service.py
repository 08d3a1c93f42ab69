"""A service that speaks OpenAI's protocol, as good and as bad as those there are: a real HTTP server.

It does not imitate: keys, tokens and prices, streamed answers, a model's own thoughts; what it says is given by the test.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.handlers.receiver import Answer, Receiver, drip, flood, garbage, hang, receiving, status

__all__ = ["Service", "cut", "drip", "flood", "form", "garbage", "hang", "heard", "page", "read", "serving", "status"]


class Service:
    """`receiver.answers` are what it says to the next calls, the last one for ever."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.receiver.port}/v1"

    @property
    def calls(self) -> int:
        return len(self.receiver.got)

    def says(self, *answers: Answer) -> None:
        self.receiver.answers[:] = answers

    def asked(self, which: int = -1) -> dict[str, Any]:
        """The JSON of a question."""
        body: dict[str, Any] = json.loads(self.receiver.got[which][2])
        return body

    async def called(self, times: int = 1) -> None:
        async with asyncio.timeout(30):
            while self.calls < times:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[Service]:
    async with receiving(*answers) as receiver:
        yield Service(receiver)


def page(text: str, kind: str = "application/json") -> Answer:
    """A body, as it is."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        body = text.encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    return answer


def form(**fields: Any) -> dict[str, Any]:
    """A filled form; what is not named is empty."""
    empty: dict[str, Any] = {"primary": None, "secondary": [], "priority": None, "demands": []}
    pieces = ("occurred_at", "place", "objects", "actors", "facts", "amounts", "impact")
    return {**empty, **{piece: [] for piece in pieces}, **fields}


def read(**fields: Any) -> Answer:
    """A chat completion that holds a filled form."""
    return said(json.dumps(form(**fields), ensure_ascii=False))


def said(content: Any) -> Answer:
    return page(
        json.dumps({"id": "c1", "choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]})
    )


def heard(text: str) -> Answer:
    """A transcription."""
    return page(json.dumps({"text": text}, ensure_ascii=False))


async def cut(writer: asyncio.StreamWriter) -> None:
    """Promises more than comes, and hangs up."""
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"choices": [{"mess')
    await writer.drain()
