"""A company that only echoes, on the real tables: enough of an engine for the chat page to live with."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from domain.channel import Outgoing
from domain.clock import Clock
from domain.events import Address, ButtonTapped, ChatEvent, Incoming, MessageCame, TimerFired, dump_event
from storage import inbox
from storage.database import Database, Tx
from storage.outbox import Outbox
from web.hub import WebChannel

T = TypeVar("T")
CHOICES = ("预约保洁", "查进度", "我要投诉", "我的优惠券")


@dataclass(frozen=True)
class Stored:
    id: int
    fresh: bool = True


class EchoRound:
    """Stores an event once and answers it."""

    def __init__(self, engine: "EchoEngine", tx: Tx) -> None:
        self.engine = engine
        self.tx = tx
        self.outgoing: list[Outgoing] = []

    def store(self, incoming: Incoming) -> Stored:
        now, body = self.engine.clock.now(), dump_event(incoming.event)
        row = {"album": "", "body": body, "fingerprint": "", "state": "done", "received_at": now, "ready_at": now}
        event_id = inbox.insert_once(self.tx, source=incoming.source, key=incoming.key, lane=incoming.lane, **row)
        if event_id is None:
            known = inbox.known(self.tx, incoming.source, incoming.key)
            assert known is not None
            assert known.id is not None
            return Stored(known.id, fresh=False)
        assert isinstance(incoming.event, ChatEvent)
        words, labels = _reply(incoming.event)
        address = incoming.event.address
        self.outgoing.append(Outgoing(self.engine.say(self.tx, address, event_id, words, labels), address.chat, words))
        return Stored(event_id)


def _with_round(work: Callable[[EchoRound], T], round_: EchoRound) -> tuple[T, list[Outgoing]]:
    return work(round_), round_.outgoing


class EchoEngine:
    """Stores and answers in one transaction, then knocks. `broken` makes the next events fail, `slow` wait."""

    def __init__(self, database: Database, clock: Clock, hub: WebChannel) -> None:
        self.database = database
        self.clock = clock
        self.hub = hub
        self.broken: Exception | None = None
        self.slow = 0.0

    async def call_round(self, work: Callable[[EchoRound], T]) -> T:
        if self.broken:
            raise self.broken
        await asyncio.sleep(self.slow)
        value, outgoing = await self.call(lambda tx: _with_round(work, EchoRound(self, tx)))
        for message in outgoing:
            await self.hub.send(message)
        return value

    async def call(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._write, work)

    def _write(self, work: Callable[[Tx], T]) -> T:
        with self.database.write() as tx:
            return work(tx)

    async def hold(self, address: Address, words: str) -> int:
        """Write a message that is not due yet."""
        return await self.call(lambda tx: self.say(tx, address, self._timer(tx), words, (), state="queued"))

    def _timer(self, tx: Tx) -> int:
        """The event of a timer that fell due; its id."""
        now = self.clock.now()
        event = TimerFired("notice", "chat", now)
        row = {"album": "", "body": dump_event(event), "fingerprint": "", "received_at": now, "ready_at": now}
        key = secrets.token_hex(8)
        return inbox.insert_once(tx, source="timer", key=key, lane="chat", state="done", **row) or 0

    async def release(self, address: Address, message_id: int) -> None:
        """Its time has come."""
        await self.call(lambda tx: tx.change(Outbox, message_id, state="sent"))
        await self.hub.send(Outgoing(message_id, address.chat, ""))

    async def notify(self, address: Address, words: str) -> None:
        """A message that nobody asked for."""
        await self.release(address, await self.hold(address, words))

    def say(
        self, tx: Tx, address: Address, event_id: int, words: str, labels: tuple[str, ...], state: str = "sent"
    ) -> int:
        now = self.clock.now()
        buttons = [{"label": label, "act": "echo"} for label in labels]
        return tx.add(
            Outbox,
            event_id=event_id,
            channel="web",
            chat=address.chat,
            token=secrets.token_hex(8),
            text=words,
            buttons=[buttons[i : i + 2] for i in range(0, len(labels), 2)],
            state=state,
            not_before=now + (timedelta(hours=9) if state == "queued" else timedelta()),
            created_at=now,
        )


def _reply(event: ChatEvent) -> tuple[str, tuple[str, ...]]:
    match event:
        case MessageCame(text="慢慢说"):
            return "好的，我在听。", ()
        case MessageCame(attachments=files) if files:
            return f"收到{len(files)}个文件，谢谢您。", ()
        case MessageCame(text=words, reply_to=reply_to):
            return f"收到：{words}" + (f"（回复 {reply_to}）" if reply_to else ""), ("确认", "修改")
        case ButtonTapped(label=label):
            return f"您选了「{label}」", ()
    return "您好，我是小净。想了解保洁服务、预约上门，或者对上次的服务有什么想说的，都可以直接告诉我。", CHOICES
