"""Telegram on stage: the real adapter against the emulated Bot API, whose people tap and type."""

from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_ingest import Patience
from bot.channels.telegram_library import connect
from domain.channel import Gone, Outcome
from domain.events import Address, Attachment, ChatStarted
from tests.botapi import BotApi, User, server_error
from tests.botapi.updates import Json
from tests.botapi.users import Received
from tests.contracts.company import SOON, Company
from tests.contracts.stages import Person, Shown, Stage
from tests.contracts.waiting import until

MANY = 1000


class Chatter(Person):
    """Somebody with Telegram on their phone."""

    def __init__(self, api: BotApi, user: User) -> None:
        self.address = Address("telegram", str(user.id))
        self.user = user
        self._api = api
        self._last: Json = {}

    async def says(self, text: str) -> None:
        self.user.say(text)
        self._last = list(self._api.world.updates.pending.values())[-1]

    async def replies(self, text: str) -> None:
        self.user.reply(self.user.inbox[-1], text)

    async def taps(self, label: str) -> None:
        shown = next(message for message in reversed(self.user.inbox) if label in message.labels)
        self.user.tap(shown, label)

    async def sends_photo(self, content: bytes, caption: str) -> None:
        self.user.send_photo(content, caption)

    async def opens(self, link: str) -> None:
        parts = urlsplit(link)
        assert (parts.netloc, parts.path) == ("t.me", f"/{self._api.world.bot['username']}")
        self.user.start(parse_qs(parts.query)["start"][0])

    async def repeats(self) -> None:
        """Given to a poll that is waiting already, so that no offset confirms it away."""
        updates = self._api.world.updates
        await self._api.until(lambda: updates.polled and not updates.pending)
        self._api.raw_update(self._last)

    async def heard(self, last: str) -> list[Shown]:
        await self._api.until(lambda: last in [message.text for message in self.user.inbox])
        return [self._seen(message) for message in self.user.inbox]

    def _seen(self, message: Received) -> Shown:
        sizes = message.raw.get("photo", [])
        photos = tuple(self._api.world.files[size["file_id"]].data for size in sizes[-1:])
        return Shown(message.text, tuple(message.labels), photos)


class TelegramStage(Stage):
    lacks: ClassVar = {"away": "Telegram itself keeps messages for those who are away"}
    channel: TelegramChannel
    library = "aiogram"

    def __init__(self, company: Company) -> None:
        self.company = company
        self._api = BotApi()
        self._begun = False

    async def start(self) -> None:
        if not self._begun:
            await self._api.__aenter__()
            self._begun = True
        quick = Patience(first=0.01, longest=0.05)
        client = connect(self.library, self._api.token, self._api.base)
        self.channel = TelegramChannel(client, self.company.path, patience=quick)
        await self.channel.start(self.company.accept)
        await until(self._introduced)

    async def _introduced(self) -> bool:
        return self.channel.link("x") != "" and (await self.channel.health()).ok

    async def stop(self) -> None:
        await self.channel.stop()

    async def close(self) -> None:
        await self.stop()
        await self._api.__aexit__(None, None, None)

    async def person(self, number: int) -> Chatter:
        """The bot may write to them once they have opened it."""
        chatter = Chatter(self._api, self._api.user(1000 + number, f"客户{number}"))
        chatter.user.start()
        await self.company.next(chatter.address, ChatStarted)
        return chatter

    async def unreachable(self) -> tuple[Address, type[Outcome]]:
        chatter = await self.person(9)
        chatter.user.block()
        return chatter.address, Gone

    async def breaks(self) -> None:
        """The poll that waits is broken off, and no other one succeeds."""
        await self._api.until(lambda: self._api.world.updates.polled, SOON)
        self._api.fault("getUpdates", server_error(), times=MANY)
        self._api.world.updates.interrupt("Conflict")

    async def content(self, photo: Attachment) -> bytes:
        return await self.channel.fetch(photo.file)


class PtbStage(TelegramStage):
    """The same through python-telegram-bot."""

    library = "ptb"
