"""A person who talks to the bot in a test: says, taps, sends pictures, blocks, and waits for answers."""

import secrets
import time
from collections.abc import Sequence
from typing import Any

from tests.botapi.checks import TEXT_UNITS, units
from tests.botapi.sending import photo_sizes
from tests.botapi.updates import Json
from tests.botapi.world import Chat, Query, World

BLOCKED = "bot was blocked by the user"


class Received:
    """One message that the bot sent, as the person sees it now."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def rows(self) -> list[list[Json]]:
        return list(self.raw.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[Json]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for button in self.buttons]

    def button(self, which: str | int) -> Json:
        """By index, or by label: exact, or else the first that contains it."""
        if isinstance(which, int):
            return self.buttons[which]
        found = [one for one in self.buttons if one["text"] == which] or [
            one for one in self.buttons if which in one["text"]
        ]
        if not found:
            raise AssertionError(f"no button {which!r} among {self.labels}")
        return found[0]

    def __repr__(self) -> str:
        return f"<{self.id}: {self.text[:60]!r} {self.labels}>"


class User:
    """A person in one chat: the private one, or a group after `within`."""

    def __init__(
        self, world: World, user_id: int, name: str, chat: Chat | None = None, locale: str = "zh-hans"
    ) -> None:
        self._world = world
        self.id = user_id
        self.shown: Json = {"id": user_id, "is_bot": False, "first_name": name, "language_code": locale}
        self._private = chat is None
        self.chat = chat or world.chats.get(user_id) or Chat(user_id, "private", name)
        self._read = self.chat.last_message

    def within(self, group: "Group") -> "User":
        """The same person, talking in a group."""
        return User(self._world, self.id, self.shown["first_name"], group.chat, self.shown["language_code"])

    def _meet(self) -> None:
        self._world.chats.setdefault(self.chat.id, self.chat)

    def _message(self, content: Json) -> Json:
        """One message from this person; writing again after blocking the bot unblocks it."""
        self._meet()
        if self._private and self.chat.closed:
            self.unblock()
        message = self.chat.add(self.shown, content)
        self._world.updates.push("message", dict(message))
        return message

    def start(self, payload: str = "") -> Json:
        return self.say(f"/start {payload}".strip())

    def say(self, text: str) -> Json:
        return self._message(self._text(text))

    def _text(self, text: str) -> Json:
        if not text or units(text) > TEXT_UNITS:
            raise ValueError("Telegram's own apps send 1 to 4096 UTF-16 units in a message")
        if not text.startswith("/"):
            return {"text": text}
        return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": units(text.split()[0])}]}

    def reply(self, message: Received | int, text: str) -> Json:
        answered = self.chat.messages[_number(message)]
        return self._message({**self._text(text), "reply_to_message": dict(answered)})

    def edit(self, message: Json, text: str) -> Json:
        """Change an own message (as `say` returned it)."""
        stored = self.chat.messages[message["message_id"]]
        stored.update({"caption" if "caption" in stored else "text": text}, edit_date=int(time.time()))
        self._world.updates.push("edited_message", dict(stored))
        return stored

    def send_photo(self, data: bytes, caption: str = "", group: str = "") -> Json:
        file = self._world.add_file("photos", data, "image/jpeg")
        content: Json = {"photo": photo_sizes(self._world, file)}
        return self._message({**content, **_extra(caption=caption, media_group_id=group)})

    def send_album(self, pictures: Sequence[bytes], caption: str = "") -> list[Json]:
        """Several photos at once; Telegram puts the caption under the first."""
        group = str(secrets.randbelow(10**17))
        return [self.send_photo(data, "" if number else caption, group) for number, data in enumerate(pictures)]

    def send_voice(self, data: bytes = b"OggS" + bytes(400), duration: int = 3) -> Json:
        file = self._world.add_file("voice", data, "audio/ogg", "voice.oga")
        return self._message({"voice": {**file.shown(), "duration": duration, "mime_type": "audio/ogg"}})

    def send_document(self, data: bytes, name: str, mime: str = "application/pdf", caption: str = "") -> Json:
        file = self._world.add_file("documents", data, mime, name)
        content: Json = {"document": {**file.shown(), "file_name": name, "mime_type": mime}}
        return self._message({**content, **_extra(caption=caption)})

    def send_video(self, data: bytes = bytes(1000), caption: str = "") -> Json:
        file = self._world.add_file("videos", data, "video/mp4", "clip.mp4")
        shown = {**file.shown(), "width": 640, "height": 360, "duration": 2, "mime_type": "video/mp4"}
        return self._message({"video": shown, **_extra(caption=caption)})

    def sticker(self, emoji: str = "😡") -> Json:
        file = self._world.add_file("stickers", b"RIFFxxxxWEBP", "image/webp")
        flat = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._message({"sticker": {**file.shown(), **flat, "emoji": emoji}})

    def location(self, latitude: float = 31.2304, longitude: float = 121.4737) -> Json:
        return self._message({"location": {"latitude": latitude, "longitude": longitude}})

    def contact(self, phone: str) -> Json:
        shown = {"phone_number": phone, "first_name": self.shown["first_name"], "user_id": self.id}
        return self._message({"contact": shown})

    def tap(self, message: Received | int, button: str | int = 0, data: str | None = None) -> str:
        """Press a button, or forge one with `data`; returns the id of the query."""
        shown = self.chat.messages[_number(message)]
        pressed = data if data is not None else Received(shown).button(button).get("callback_data")
        if pressed is None:
            raise AssertionError("this button opens a page, it does not call back")
        query = str(secrets.randbits(62))
        self._world.queries[query] = Query(self.id, time.monotonic())
        press = {"id": query, "from": self.shown, "message": dict(shown), "chat_instance": str(self.chat.id)}
        self._world.updates.push("callback_query", {**press, "data": pressed})
        return query

    def block(self) -> None:
        self._member("member", "kicked")
        self.chat.closed = BLOCKED

    def unblock(self) -> None:
        self._member("kicked", "member")
        self.chat.closed = ""

    def _member(self, old: str, new: str) -> None:
        self._meet()
        self._world.updates.push("my_chat_member", member_change(self._world, self.chat, self.shown, old, new))

    @property
    def inbox(self) -> list[Received]:
        """Everything the bot said in this chat, as it reads now."""
        bot = self._world.bot["id"]
        return [Received(raw) for raw in self.chat.messages.values() if raw["from"]["id"] == bot]

    async def expect(self, containing: str = "", timeout: float = 5.0) -> Received:
        """The next unread message with this in it; what came before it counts as read."""

        def found() -> list[Received]:
            return [one for one in self.inbox if one.id > self._read and containing in one.text]

        try:
            await self._world.until(lambda: bool(found()), timeout)
        except TimeoutError:
            raise AssertionError(f"no message with {containing!r} came; the chat shows {self.inbox[-5:]}") from None
        message = found()[0]
        self._read = message.id
        return message

    async def expect_many(self, count: int, timeout: float = 5.0) -> list[Received]:
        return [await self.expect(timeout=timeout) for _ in range(count)]


class Group:
    """A group or supergroup with the bot in it."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    def kick_bot(self, by: User) -> None:
        self.chat.closed = f"bot was kicked from the {self.chat.kind} chat"
        change = member_change(self._world, self.chat, by.shown, "member", "kicked")
        self._world.updates.push("my_chat_member", change)

    def migrate(self, by: User) -> "Group":
        """The group becomes a supergroup under a new id, which has more than 32 bits."""
        new = Chat(-1_000_000_000_000 - secrets.randbelow(10**9), "supergroup", self.chat.title)
        self._world.chats[new.id] = new
        self.chat.moved_to = new.id
        self._world.updates.push("message", dict(self.chat.add(by.shown, {"migrate_to_chat_id": new.id})))
        self._world.updates.push("message", dict(new.add(by.shown, {"migrate_from_chat_id": self.chat.id})))
        return Group(self._world, new)

    def open_topic(self) -> int:
        self.chat.last_message += 1
        self.chat.topics.add(self.chat.last_message)
        return self.chat.last_message

    def delete_topic(self, topic: int) -> None:
        self.chat.topics.discard(topic)


def member_change(world: World, chat: Chat, by: Json, old: str, new: str) -> Json:
    def member(status: str) -> Json:
        return {"user": world.sender, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    return {
        "chat": chat.shown(), "from": by, "date": int(time.time()),
        "old_chat_member": member(old), "new_chat_member": member(new),
    }  # fmt: skip


def _extra(**values: Any) -> Json:
    return {key: value for key, value in values.items() if value}


def _number(message: Received | int) -> int:
    return message.id if isinstance(message, Received) else message
