"""What the emulated Telegram remembers: one bot, its chats, files, open button presses, and every call."""

import asyncio
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.call import Call
from tests.botapi.errors import ApiError
from tests.botapi.limits import Limits
from tests.botapi.updates import Json, Updates

KEPT_CALLS = 100_000
DEFAULT_TOKEN = "4242424242:AAHuixiangEmulatorTokenOnlyForTests1"


@dataclass
class Chat:
    id: int
    kind: str
    title: str
    closed: str = ""
    moved_to: int = 0
    topics: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    last_message: int = 0

    @property
    def private(self) -> bool:
        return self.kind == "private"

    def shown(self) -> Json:
        name = "first_name" if self.private else "title"
        return {"id": self.id, "type": self.kind, name: self.title}

    def add(self, sender: Json, content: Json) -> Json:
        """Put a message into the chat, with the next id there."""
        self.last_message += 1
        message = {
            "message_id": self.last_message, "from": sender, "chat": self.shown(), "date": int(time.time()), **content,
        }  # fmt: skip
        self.messages[self.last_message] = message
        return message


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    unique_id: str
    path: str
    data: bytes
    mime: str = ""
    name: str = ""

    def shown(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


@dataclass
class Query:
    """One press of a button, and what the bot answered."""

    user: int
    at: float
    answered: bool = False
    answer: str = ""


class World:
    """`query_seconds` is how long a button press may wait for its answer."""

    def __init__(self, token: str = DEFAULT_TOKEN, username: str = "huixiang_test_bot", first_id: int = 0) -> None:
        self.token = token
        self.bot: Json = {
            "id": int(token.split(":")[0]), "is_bot": True, "first_name": "回响", "username": username,
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        self.sender = {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        self.updates = Updates(first_id or 100_000_000 + secrets.randbelow(10**8), self.changed)
        self.limits = Limits()
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.query_seconds = 900.0
        self.commands: list[Json] = []
        self.calls: deque[Call] = deque(maxlen=KEPT_CALLS)
        self.faults: dict[str, deque[ApiError | None]] = defaultdict(deque)
        self.delay = 0.0
        self.webhook: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        self.webhook_secret = ""
        self.said: Callable[[Json], None] | None = None
        self._waiting: list[asyncio.Future[None]] = []

    def add_file(self, folder: str, data: bytes, mime: str = "", name: str = "") -> StoredFile:
        """Keep a file as Telegram does: under an id that cannot be guessed."""
        number, suffix = len(self.files) + 1, name.rpartition(".")[2] or mime.rpartition("/")[2] or "bin"
        file_id = f"AgACAgUAAxkBAAI{secrets.token_urlsafe(36)}"
        stored = StoredFile(
            file_id, f"AQAD{secrets.token_urlsafe(8)}", f"{folder}/file_{number}.{suffix}", data, mime, name
        )
        self.files[file_id] = self.paths[stored.path] = stored
        return stored

    def speak(self, chat: Chat, content: Json) -> Json:
        """The bot says something in a chat."""
        message = chat.add(self.sender, content)
        if self.said is not None:
            self.said(message)
        return message

    def take_fault(self, method: str) -> ApiError | None:
        for name in (method, "*"):
            if queue := self.faults.get(name):
                return queue.popleft()
        return None

    def changed(self) -> None:
        """Wake everybody who waits for something to happen."""
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, holds: Callable[[], bool], timeout: float = 5.0) -> None:
        """Return once `holds()`; raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            while not holds():
                waiter = asyncio.get_running_loop().create_future()
                self._waiting.append(waiter)
                await waiter
